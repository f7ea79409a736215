/**
 * What child processes find in their environment. The server's own holds the operator's key; whoever may look at a
 * child, in `/proc/<pid>/environ` or from within it, is not to find it there.
 */

/** Where programs are looked for when nothing says so; as Debian has it. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

type Environment = Record<string, string | undefined>;

/** For a program that needs nothing of the operator's: where programs are, and messages in English. */
export const bareEnvironment = (): Environment => ({
  PATH: process.env['PATH'] || DEFAULT_PATH,
  LC_ALL: 'C',
});

/** For a program that the operator's settings are meant for, as proxies are for a download: all but the service's. */
export const environmentWithoutSettings = (): Environment =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CODELAND_')));
