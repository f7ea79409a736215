import { expect, it } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentFiles } from '../../src/image/agent-bundle.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const bundler = join(import.meta.dirname, '../../src/image/agent-bundle.ts');

/** The bundle that a build started in `workingDirectory` makes of the agent in `agent`. */
function bundleFrom(workingDirectory: string, agent: string): string {
  const program = `
    const { agentFiles } = await import(${JSON.stringify(bundler)});
    const files = await agentFiles(${JSON.stringify(agent)});
    process.stdout.write(files.get('agent.js'));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', program], {
    cwd: workingDirectory,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

it('the agent’s bundle depends neither on the working directory nor on where the sources are', async () => {
  await using directory = await temporaryDirectory();
  const agent = join(directory.path, 'first/agent');
  await mkdir(agent, { recursive: true });
  await writeFile(join(agent, 'part.ts'), 'export const part: string = "part";');
  await writeFile(
    join(agent, 'main.ts'),
    'import { part } from "./part.ts"; console.log(part, import.meta.dir);',
  );
  const moved = join(directory.path, 'elsewhere/below/agent');
  await cp(agent, moved, { recursive: true });

  const bundle = bundleFrom('/', agent);
  expect(bundle).toContain('part');
  expect(bundleFrom(directory.path, agent)).toBe(bundle);
  expect(bundleFrom(agent, agent)).toBe(bundle);
  expect(bundleFrom('/', moved)).toBe(bundle);
});

it('the files beside the bundle are taken as they are, with their folders', async () => {
  await using directory = await temporaryDirectory();
  await mkdir(join(directory.path, 'guest/python-zygote'), { recursive: true });
  await writeFile(join(directory.path, 'main.ts'), 'console.log(1);');
  await writeFile(join(directory.path, 'guest/python-zygote/zygote.py'), '# odd \u00e9\r\n');
  const files = await agentFiles(directory.path);
  expect([...files.keys()].sort()).toEqual(['agent.js', 'python-zygote/zygote.py']);
  expect(new TextDecoder().decode(files.get('python-zygote/zygote.py'))).toBe('# odd \u00e9\r\n');
});

it('an agent that does not bundle is refused with the reason', async () => {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, 'main.ts'), 'import "./missing.ts";');
  await expect(agentFiles(directory.path)).rejects.toThrow('missing.ts');
});
