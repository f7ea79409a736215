/**
 * What a guest can still tell by itself: a program of ours runs in it, as the user of its programs. Whatever that
 * prints is a claim of the guest, bounded and checked like all that comes from one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { RunRefusedError } from '../guest/errors.ts';
import type { Program } from '../protocol/messages.ts';
import { Execution } from '../runner/execution.ts';
import { OutputCollector } from '../runner/output.ts';
import type { RunnerGuest } from '../runner/ready-guest.ts';

/** The guest could not be asked, or said no. The message is for the operator. */
export class LookError extends Error {
  override readonly name = 'LookError';
}

/** The first files that are told of, and the first bytes of one. */
const MOST_FILES = 2_000;
export const MOST_FILE_BYTES = 4 * 1024 * 1024;
/** What a look may print: a whole file as Base64, or the longest list. */
const OUTPUT_BYTES = 8 * 1024 * 1024;
/** How long a look may take, seconds: a second on a quiet host. */
const SECONDS = 20;

const strict = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const Process = Type.Object(
  {
    pid: Count,
    parent: Count,
    user: Count,
    /** As in proc_pid_stat(5), as `R`. */
    state: Type.String({ maxLength: 1 }),
    /** User and system time, ms. */
    cpuMs: Count,
    memoryBytes: Count,
    command: Type.String({ maxLength: 4096 }),
  },
  strict,
);
export type ProcessView = Static<typeof Process>;
const Processes = Type.Object({ processes: Type.Array(Process, { maxItems: 4096 }) }, strict);

const File = Type.Object(
  { path: Type.String({ maxLength: 4096 }), bytes: Count, isRegular: Type.Boolean() },
  strict,
);
const Files = Type.Object(
  { files: Type.Array(File, { maxItems: MOST_FILES }), isWhole: Type.Boolean() },
  strict,
);
/** Files in the working directory; whether these are all. */
export type FilesView = Static<typeof Files>;

const Content = Type.Object(
  {
    /** Base64. */
    content: Type.String({ maxLength: 4 * Math.ceil(MOST_FILE_BYTES / 3) }),
    isWhole: Type.Boolean(),
  },
  strict,
);
/** The beginning of a file; whether that is all of it. */
export type ContentView = Static<typeof Content>;

const Refusal = Type.Object({ error: Type.String({ maxLength: 256 }) }, strict);

/** What runs in the guest. */
const LOOK = readFileSync(join(import.meta.dirname, 'look.py'), 'utf8');
const ENV_NAME = 'CODELAND_LOOK';

/** A program that becomes the look, and the file that its text is written to in the working directory. */
type Carrier = { readonly language: string; readonly file: string; readonly code: string };
/** Isolated: what lies in the working directory is not imported. */
const BASH: Carrier = {
  language: 'bash',
  file: 'main.sh',
  code: `exec python3 -I -c "$${ENV_NAME}" "$@"\n`,
};
const PYTHON: Carrier = {
  language: 'python',
  file: 'main.py',
  code: `import os, sys\nos.execvp('python3', ['python3', '-I', '-c', os.environ['${ENV_NAME}'], *sys.argv[1:]])\n`,
};

export class Looks {
  readonly #guest: RunnerGuest;
  readonly #carrier: Carrier;
  /** Above those of the runs before. */
  #nextId = 1_000;
  /** One look at a time. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param program What has run there: its own files are left alone as far as that is known from here. */
  constructor(guest: RunnerGuest, { language, files }: Pick<Program, 'language' | 'files'>) {
    this.#guest = guest;
    this.#carrier = language === BASH.language || BASH.file in files ? PYTHON : BASH;
  }

  /** @throws {LookError} */
  async processes(): Promise<readonly ProcessView[]> {
    return (await this.#look(Processes, ['processes'])).processes;
  }

  /** @throws {LookError} */
  files(): Promise<FilesView> {
    return this.#look(Files, ['files', this.#carrier.file, String(MOST_FILES)]);
  }

  /**
   * @param path Absolute, or relative to the working directory.
   * @throws {LookError} Also when the run's user may not read it.
   */
  file(path: string): Promise<ContentView> {
    return this.#look(Content, ['file', path, String(MOST_FILE_BYTES)]);
  }

  #look<T extends TSchema>(form: T, args: readonly string[]): Promise<Static<T>> {
    const look = this.#last.catch(() => {}).then(() => this.#lookNow(form, args));
    this.#last = look;
    return look;
  }

  /** The guest's CPU runs for this long alone. */
  async #lookNow<T extends TSchema>(form: T, args: readonly string[]): Promise<Static<T>> {
    const output = new OutputCollector();
    try {
      await this.#run(args, output);
    } catch (cause) {
      if (cause instanceof LookError) throw cause;
      if (cause instanceof RunRefusedError)
        throw new LookError(`its agent refuses: ${cause.message}`, { cause });
      throw new LookError('its agent does not answer; its console can be read still', { cause });
    } finally {
      // Not to be stopped is to be gone, which shows by itself.
      await this.#guest.pause().catch(() => {});
    }
    return checked(form, output.finish(false).stdout);
  }

  async #run(args: readonly string[], output: OutputCollector): Promise<void> {
    const { language, code } = this.#carrier;
    const program: Program = { language, code, args, stdin: '', env: { [ENV_NAME]: LOOK }, files: {} };
    const id = this.#nextId++;
    // With `keep` a full disk is no hindrance, and the program's text is removed again.
    const order = { id, program, seconds: SECONDS, outputBytes: OUTPUT_BYTES, keep: true, resume: true };
    const report = await Execution.begin(this.#guest, order, output).ended;
    if (typeof report === 'string') throw new Error('no report came');
    if (report.code === 0 && !report.truncated) return;
    const end = report.timedOut ? 'took too long' : `ended with ${report.signal ?? report.code}`;
    throw new LookError(`the look into it ${end}; its console can be read still`);
  }
}

function checked<T extends TSchema>(form: T, text: string): Static<T> {
  const seen = parsed(text);
  if (Value.Check(Refusal, seen)) throw new LookError(seen.error);
  if (Value.Check(form, seen)) return seen;
  throw new LookError('the guest answered in another form');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
