/** Programs as people send them, each with what it prints. No warm-up of a guest has any of them. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { BenchLanguage, BenchProgram } from '../comparator.ts';

export type UnseenProgram = BenchProgram & {
  /** Of its file. */
  readonly name: string;
  readonly stdout: string;
};

const FOLDER = join(import.meta.dirname, 'unseen');
const OUTPUTS = join(import.meta.dirname, 'output');

const LANGUAGES: Readonly<Record<string, BenchLanguage>> = {
  '.js': 'javascript',
  '.ts': 'typescript',
  '.py': 'python',
  '.sh': 'bash',
};

/** @throws {Error} When a program has no file with its output, or an ending that no language has. */
export async function readUnseen(): Promise<UnseenProgram[]> {
  const names = (await readdir(FOLDER)).sort();
  return Promise.all(
    names.map(async (name) => {
      const language = LANGUAGES[extname(name)];
      if (!language) throw new Error(`${name} is in no language of the benchmark's`);
      const [code, stdout] = await Promise.all([
        readFile(join(FOLDER, name), 'utf8'),
        readFile(join(OUTPUTS, `${name}.txt`), 'utf8'),
      ]);
      return { name, language, code, stdout };
    }),
  );
}
