/** The programs that every refill runs before its guest is called ready. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { languages } from '../../vm-images/languages/mod.ts';
import type { WarmUp } from '../guest/ready.ts';

const FOLDER = join(import.meta.dirname, '../../vm-images/languages');

export async function loadWarmUps(): Promise<WarmUp[]> {
  const wanted = languages.flatMap(({ name, warmUp }) => warmUp.map((file) => ({ language: name, file })));
  return Promise.all(
    wanted.map(async ({ language, file }) => ({
      language,
      code: await readFile(join(FOLDER, file), 'utf8'),
    })),
  );
}
