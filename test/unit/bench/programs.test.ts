import { describe, expect, it } from 'bun:test';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { containment } from '../../../bench/programs/likeness.ts';
import { readUnseen } from '../../../bench/programs/programs.ts';

const LANGUAGES = join(import.meta.dirname, '../../../vm-images/languages');
/** Folders there of what guests are warmed with. */
const WARM_UPS = ['warm-up', 'corpus'];
/** What two programs in one language have in common by chance is far below. */
const MOST_COMMON = 0.1;

async function readWarmUps(): Promise<{ name: string; code: string }[]> {
  const folders = await Promise.all(
    WARM_UPS.map((folder) => readdir(join(LANGUAGES, folder), { recursive: true, withFileTypes: true })),
  );
  return Promise.all(
    folders
      .flat()
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => ({ name, code: await readFile(join(parentPath, name), 'utf8') })),
  );
}

describe('the programs of the benchmark', () => {
  it('are in every language, and each says what it prints', async () => {
    const programs = await readUnseen();
    expect(new Set(programs.map(({ language }) => language)).size).toBe(4);
    expect(programs.filter(({ stdout }) => stdout === '')).toEqual([]);
  });

  it('are in no warm-up, and no warm-up is in them', async () => {
    const [programs, warmUps] = [await readUnseen(), await readWarmUps()];
    expect(warmUps.length).toBeGreaterThan(0);
    const alike = programs.flatMap((program) =>
      warmUps
        .filter(({ code }) => {
          const common = Math.max(containment(program.code, code), containment(code, program.code));
          return common > MOST_COMMON;
        })
        .map((warmUp) => `${program.name} and ${warmUp.name}`),
    );
    expect(alike).toEqual([]);
  });
});

describe('containment', () => {
  const program = 'const total = list.reduce((sum, each) => sum + each.price * each.count, 0);';

  it('finds a program in another one, whatever its layout and comments', () => {
    const other = `// adds up\nprepare();\n${program.replaceAll(' ', '\n  ')} // done\nfinish(total);`;
    expect(containment(program, other)).toBe(1);
  });

  it('finds nothing of a program in one that does something else', () => {
    expect(
      containment(program, 'for (const word of words) console.log(word.toUpperCase(), word.length);'),
    ).toBe(0);
  });
});
