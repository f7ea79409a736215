/** The programs that guests run before anybody's: a few for every refill, and many for a guest that is forked. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { languages } from '../../vm-images/languages/mod.ts';
import type { WarmUp } from '../guest/ready.ts';

const FOLDER = join(import.meta.dirname, '../../vm-images/languages');

/** A program that is run as a caller's would be: a process of its own, which ends. */
export type CorpusProgram = WarmUp & {
  readonly stdin?: string;
  /** What it ends with: some end by an error, whose way out programs take as well. */
  readonly expectedStatus: number;
};

/** The programs that every refill runs before its guest is called ready. */
export async function loadWarmUps(): Promise<WarmUp[]> {
  const wanted = languages.flatMap(({ name, warmUp }) => warmUp.map((file) => ({ language: name, file })));
  return Promise.all(
    wanted.map(async ({ language, file }) => ({
      language,
      code: await readFile(join(FOLDER, file), 'utf8'),
    })),
  );
}

/**
 * The programs that walk what programs use of a language and its libraries, in the order to run them.
 *
 * A file `corpus/<language>/<name>[.<status>].<extension>` is a program and the status that it ends with, 0 unless
 * it says so; the file with `.stdin` behind that name is what it reads.
 */
export async function loadCorpus(): Promise<CorpusProgram[]> {
  const perLanguage = await Promise.all(languages.map(({ name }) => loadPrograms(name)));
  return perLanguage.flat();
}

async function loadPrograms(language: string): Promise<CorpusProgram[]> {
  const folder = join(FOLDER, 'corpus', language);
  const files = (await readdir(folder)).sort();
  const programs = files.filter((file) => !file.endsWith('.stdin'));
  return Promise.all(
    programs.map(async (file) => {
      const code = await readFile(join(folder, file), 'utf8');
      const expectedStatus = Number(/\.(\d+)\.\w+$/.exec(file)?.[1] ?? 0);
      const input = `${file}.stdin`;
      return {
        language,
        code,
        expectedStatus,
        ...(files.includes(input) && { stdin: await readFile(join(folder, input), 'utf8') }),
      };
    }),
  );
}
