/**
 * What child processes find in their environment. The server's own holds the operator's key; whoever may look at a
 * child, in `/proc/<pid>/environ` or from within it, is not to find it there.
 */
import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Where programs are looked for when nothing says so; as Debian has it. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

type Environment = Record<string, string | undefined>;

/** For a program that needs nothing of the operator's: where programs are, and messages in English. */
export const bareEnvironment = (): Environment => ({
  PATH: process.env['PATH'] || DEFAULT_PATH,
  LC_ALL: 'C',
});

/** The file that a child with the {@link bareEnvironment} executes under this name, or undefined. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of bareEnvironment()['PATH']?.split(':') ?? []) {
    const path = resolve(folder, name);
    const isProgram = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isProgram) return path;
  }
  return undefined;
}

/** For a program that the operator's settings are meant for, as proxies are for a download: all but the service's. */
export const environmentWithoutSettings = (): Environment =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CODELAND_')));
