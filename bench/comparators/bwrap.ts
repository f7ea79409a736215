/**
 * The same interpreters behind bubblewrap, which many use to run what they do not trust: namespaces of its own, another
 * user, no capabilities, nothing of the host but `/usr`. No system call filter and no control group, which such a
 * sandbox should have as well and which would make it slower.
 */
import { lstat, readlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findProgram } from '../../src/lib/child-environment.ts';
import type { ComparatorFactory } from '../comparator.ts';
import { findInterpreter, type Interpreter, type InterpreterName } from './interpreters.ts';
import { runCommand } from './run-command.ts';

/** Nobody's, as Debian has it. */
const NOBODY = '65534';

/** Folders of the root that are links into `/usr`, or folders of libraries where they are not. */
const USR_FOLDERS = ['/bin', '/lib', '/lib64', '/sbin'];

/** Without it the dynamic linker looks for each library in folder after folder. */
const LINKER_CACHE = '/etc/ld.so.cache';

/**
 * The command that an interpreter is started behind.
 * @returns Undefined when bubblewrap is not installed.
 */
export async function bwrapCommand(interpreter: Interpreter): Promise<string[] | undefined> {
  const bwrap = await findProgram('bwrap');
  if (bwrap === undefined) return undefined;
  // One that does not come with the distribution lies beside what it needs, in a folder of its own.
  const own = interpreter.path.startsWith('/usr/') ? undefined : dirname(dirname(interpreter.path));
  return [
    bwrap,
    ...['--unshare-all', '--die-with-parent', '--new-session'],
    ...['--uid', NOBODY, '--gid', NOBODY, '--cap-drop', 'ALL'],
    ...['--ro-bind', '/usr', '/usr', ...(await usrFolders())],
    ...['--ro-bind-try', LINKER_CACHE, LINKER_CACHE],
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--chdir', '/tmp'],
    ...(own === undefined ? [] : ['--ro-bind', own, own]),
  ];
}

async function usrFolders(): Promise<string[]> {
  const options = USR_FOLDERS.map(async (folder) => {
    const found = await lstat(folder).catch(() => undefined);
    if (found?.isSymbolicLink()) return ['--symlink', await readlink(folder), folder];
    return found ? ['--ro-bind', folder, folder] : [];
  });
  return (await Promise.all(options)).flat();
}

const behindBwrap =
  (name: InterpreterName): ComparatorFactory =>
  async ({ signal }) => {
    const id = `bwrap-${name}`;
    const without = (missing: string) => ({ id, title: `\`bwrap ${name}\``, missing });
    const interpreter = await findInterpreter(name);
    if (!interpreter) return without(`${name} is not installed`);
    const sandbox = await bwrapCommand(interpreter);
    if (!sandbox) return without('bubblewrap is not installed');
    const { path, flag, version, languages } = interpreter;
    const run = async (code: string) =>
      (await runCommand([...sandbox, path, flag, code], { cwd: '/', signal })).stdout;
    try {
      await run('');
    } catch (error) {
      signal.throwIfAborted();
      return without(`bubblewrap does not work here: ${String(error)}`);
    }
    return {
      id,
      title: `\`bwrap ${name} ${flag}\` (${version})`,
      languages,
      run: ({ code }) => run(code),
      // Its CPU time is not known: bubblewrap does not wait for the end of what it starts.
      [Symbol.asyncDispose]: async () => {},
    };
  };

export const bwrapNode = behindBwrap('node');
export const bwrapBun = behindBwrap('bun');
export const bwrapPython = behindBwrap('python3');
export const bwrapBash = behindBwrap('bash');
