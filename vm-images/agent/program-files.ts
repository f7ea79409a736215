/**
 * The program texts in the working directory: which run has which file. A run that is alone has its language's
 * usual name; one that comes while a run has that name gets a name of its own.
 */
import { existsSync, lstatSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import type { RunRequest } from '../../src/protocol/messages.ts';
import type { Language } from '../languages/language.ts';
import { BUN_ENTRY } from './environment.ts';
import type { Settings } from './settings.ts';
import { removeFile, WorkspaceError, writeFiles } from './workspace.ts';

export type ProgramFile = {
  /** Relative to the working directory. */
  readonly name: string;
  /** Tells the file from another one that somebody has put in its place; undefined: it is never removed. */
  readonly inode: number | undefined;
};

export class ProgramFiles {
  readonly #settings: Settings;
  /** Names that runs under way rely on. */
  readonly #claimed = new Set<string>();
  /** Waiting Buns that are starting: each looks for its entry while it does. */
  #starting = 0;
  /** The entry is there only for those. */
  #isPlaceholder = false;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * Writes what a run comes with. Its program's name is taken until {@link release}.
   * @throws {ProgramFileError} When only the program's own text cannot be written.
   * @throws {WorkspaceError} When another file cannot be written, or is the program of a run under way.
   */
  place({ files, code, keep }: RunRequest, { fileName }: Language): ProgramFile {
    const own = Object.entries(files);
    const paths = own.map(([path]) => normalize(path));
    const foreign = paths.find((path) => this.#claimed.has(path));
    if (foreign !== undefined) throw new WorkspaceError(`${foreign} is the program of a run under way`);
    const name = this.#freeName(fileName, paths);
    if (own.length > 0) writeFiles(this.#settings, own);
    try {
      writeFiles(this.#settings, [[name, code]]);
    } catch (cause) {
      throw new ProgramFileError(cause instanceof Error ? cause.message : '', { cause });
    }
    return this.#claim(name, keep);
  }

  /**
   * Leads a waiting Bun, which runs its entry, to a program of another name: a step that leaves no trace.
   * @throws {WorkspaceError} When there is no room for it.
   */
  redirectEntry({ keep }: RunRequest, { name }: ProgramFile): ProgramFile {
    const main = JSON.stringify(join(this.#settings.home, name));
    const code =
      `(await import('node:fs')).unlinkSync(Bun.main);` +
      `Bun.main=${main};process.argv[1]=${main};await import(${main});`;
    writeFiles(this.#settings, [[BUN_ENTRY, code]]);
    return this.#claim(BUN_ENTRY, keep);
  }

  /** Lets other runs have the name of a program that has ended. */
  release({ name }: ProgramFile): void {
    this.#claimed.delete(name);
  }

  /** Removes a program's file, unless it is another one by now or a run has taken the name. */
  remove({ name, inode }: ProgramFile): void {
    if (inode === undefined || this.#claimed.has(name) || this.#inodeOf(name) !== inode) return;
    if (name === BUN_ENTRY && this.#starting > 0) this.#isPlaceholder = true;
    else removeFile(this.#settings, name);
  }

  /** Whether a waiting Bun's entry may be used to lead it to a program of another name. */
  get isEntryFree(): boolean {
    if (this.#claimed.has(BUN_ENTRY)) return false;
    return this.#isPlaceholder || !existsSync(join(this.#settings.home, BUN_ENTRY));
  }

  /**
   * A Bun is about to start: it looks for its entry's file while it starts, and reads it only when it runs it.
   * @throws {WorkspaceError} When there is no room for the file.
   */
  holdEntry(): void {
    if (!existsSync(join(this.#settings.home, BUN_ENTRY))) {
      writeFiles(this.#settings, [[BUN_ENTRY, '']]);
      this.#isPlaceholder = !this.#claimed.has(BUN_ENTRY);
    }
    this.#starting += 1;
  }

  /** A Bun has started, or ended instead. */
  releaseEntry(): void {
    this.#starting -= 1;
    if (this.#starting > 0 || !this.#isPlaceholder) return;
    removeFile(this.#settings, BUN_ENTRY);
    this.#isPlaceholder = false;
  }

  #claim(name: string, keep: boolean): ProgramFile {
    this.#claimed.add(name);
    if (name === BUN_ENTRY) this.#isPlaceholder = false;
    return { name, inode: keep ? this.#inodeOf(name) : undefined };
  }

  /** `main.js`, or `main-2.js` and so on where a run has that. */
  #freeName(fileName: string, paths: readonly string[]): string {
    if (!this.#claimed.has(fileName)) return fileName;
    const extension = extname(fileName);
    const stem = fileName.slice(0, -extension.length);
    for (let number = 2; ; number++) {
      const name = `${stem}-${number}${extension}`;
      if (!this.#claimed.has(name) && !paths.includes(name) && this.#inodeOf(name) === undefined) return name;
    }
  }

  #inodeOf(name: string): number | undefined {
    return lstatSync(join(this.#settings.home, name), { throwIfNoEntry: false })?.ino;
  }
}

/** There is no room for a program's text in the working directory. */
export class ProgramFileError extends WorkspaceError {
  override readonly name = 'WorkspaceError';
}
