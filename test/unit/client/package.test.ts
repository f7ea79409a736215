/** `codeland/client` from another package, whose compiler knows nothing of Bun. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateClient, generatedFolder } from '../../../scripts/generate-client.ts';

const root = join(import.meta.dirname, '../../..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

const PROGRAM = `import { createClient, type Data } from 'codeland/client';

const fetcher = async (url: string) => Response.json({ stdout: url });
const { api, codeland } = createClient('http://codeland.test', { key: 'key', fetcher });
const { data, error } = await api.v1.runner.run.post({ code: '1', files: { 'a.txt': 'b' } }, { query: { time: 3 } });
if (error === null) console.log(data.stdout);
else if (error.status === 498) console.log(error.value.receipt.totalMs);
export type Info = Data<ReturnType<typeof codeland.run>['get']>;
export const memory = (info: Info): string | null => info.memory;
`;

const PLAIN_SETTINGS = {
  compilerOptions: {
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    types: [],
    outDir: 'out',
  },
  files: ['main.ts'],
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codeland-consumer-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/codeland'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(PLAIN_SETTINGS));
  await writeFile(join(folder, 'main.ts'), PROGRAM);
});
afterAll(() => rm(folder, { recursive: true }));

const run = (program: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
};

describe('another package', () => {
  it('compiles against the client and runs with it, on Bun and on Node', () => {
    expect(run(bin('tsc'), '-p', '.')).toEqual({ status: 0, output: '' });
    const output = 'http://codeland.test/api/v1/runner/run?time=3\n';
    expect(run(bin('bun'), 'main.ts')).toEqual({ status: 0, output });
    expect(run('node', 'out/main.js')).toEqual({ status: 0, output });
  });

  it('is told what it does wrong', async () => {
    await writeFile(join(folder, 'main.ts'), PROGRAM.replace("code: '1'", 'code: 1'));
    const { status, output } = run(bin('tsc'), '-p', '.', '--noEmit');
    expect(status).not.toBe(0);
    expect(output).toContain("Type 'number' is not assignable to type 'string'");
  });
});

describe('the generated client', () => {
  it('is what the sources give; else: npm run client', async () => {
    for (const [name, content] of await generateClient()) {
      expect([name, await readFile(join(generatedFolder, name), 'utf8')]).toEqual([name, content]);
    }
  });
});
