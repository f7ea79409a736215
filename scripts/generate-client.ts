/**
 * Writes what other packages import as `codeland/client`: plain JavaScript, and declarations that stand alone, as
 * the sources' types reach the whole server. A test notices when the checked-in files are not what this writes.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Where the generated files are checked in. */
export const generatedFolder = join(root, 'src/client/generated');

const HEADER =
  '// Generated from src/client.ts and the types of the routes. Do not edit; regenerate: npm run client\n';

/** The compiler prints the type of a value in full, that of a name as the name. */
const PROBE = `import type { Routes } from '../src/client/routes.ts';
export const routes = (routes: Routes) => ({ ...routes });
`;

/**
 * The files' names and contents.
 * @throws {Error} When the sources do not compile, or a route's type is not told in full.
 */
export async function generateClient(): Promise<ReadonlyMap<string, string>> {
  await using stack = new AsyncDisposableStack();
  // Within the package, so that its modules are found.
  const work = await mkdtemp(join(root, '.client-'));
  stack.defer(() => rm(work, { recursive: true }));
  await writeFile(join(work, 'probe.ts'), PROBE);
  const settings = {
    extends: '../tsconfig.json',
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: '..',
      outDir: 'out',
    },
    include: [],
    files: ['probe.ts', '../src/client.ts'],
  };
  await writeFile(join(work, 'tsconfig.json'), JSON.stringify(settings));
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', work], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the client does not compile:\n${stdout}`);
  const emitted = (path: string) => readFile(join(work, 'out', path), 'utf8');
  const [code, client, api, probe] = await Promise.all([
    emitted('src/client.js'),
    emitted('src/client.d.ts'),
    emitted('src/client/api.d.ts'),
    emitted(join(work.slice(root.length), 'probe.d.ts')),
  ]);
  return new Map([
    ['client.js', HEADER + code],
    ['client.d.ts', HEADER + client.replaceAll("'./client/", "'./").replaceAll(".ts'", ".js'")],
    ['api.d.ts', HEADER + api],
    ['routes.d.ts', HEADER + flatRoutes(probe)],
  ]);
}

function flatRoutes(probe: string): string {
  const type = /=> (\{[\s\S]*\});\s*$/.exec(probe)?.[1];
  if (type === undefined || /\bimport\(|\bany\b/.test(type)) {
    throw new Error(`a route's type is not told in full:\n${probe}`);
  }
  return `/** What the server's own types say of each route. */\nexport type Routes = ${type};\n`;
}

if (import.meta.main) {
  await mkdir(generatedFolder, { recursive: true });
  for (const [name, content] of await generateClient()) await writeFile(join(generatedFolder, name), content);
}
