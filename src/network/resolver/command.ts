/** How the resolver's process is started: where, as whom, and with what. */
import { join } from 'node:path';
import { RESOLVER_USER } from '../../host/users.ts';
import type { StartMessage } from './messages.ts';

export type ResolverPlace = {
  /** Of the router; a path that root can open, as `/proc/<pid>/fd/<n>`. Read at each start. */
  readonly networkNamespace: string;
  /** IPv4 address in that namespace to listen on. */
  readonly listen: string;
  /** Name servers to ask, the first first: IPv4 addresses, with a port if it is not 53. */
  readonly upstreams: readonly string[];
};

/** A process to start, and what to say to it first. */
export type ResolverCommand = {
  readonly command: readonly [program: string, ...args: string[]];
  /** What it finds in its environment besides the bare one. */
  readonly environment: Readonly<Record<string, string>>;
  readonly message: StartMessage;
};

const DNS_PORT = 53;

/**
 * The descriptors are one for each question under way. It writes no file; a core dump would put what guests look up
 * on the host's disk. Threads of a user: the runtime starts about ten.
 */
const LIMITS = ['--core=0', '--fsize=0', '--memlock=0', '--nofile=4096', '--nproc=64'];

/**
 * What root keeps until the process gives up everything by itself, which it does before it reads a packet: to read
 * its own program wherever it lies, to listen on port 53, and to leave the user root and the file system.
 */
const UNTIL_READY = [
  '--bounding-set=-all,+dac_read_search,+net_bind_service,+setgid,+setuid,+sys_chroot',
  '--inh-caps=-all',
  '--ambient-caps=-all',
];

/** Bun, or Deno. Neither keeps a cache, nor looks for a newer one of itself: both would leave files open. */
const RUNTIME =
  'Bun' in globalThis
    ? { options: ['--smol', '--no-install'], environment: { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0' } }
    : {
        options: ['run', '--allow-all', '--no-prompt', '--no-check', '--no-code-cache'],
        environment: { DENO_DIR: '/dev/null', DENO_NO_UPDATE_CHECK: '1' },
      };

/** The process that looks names up in the router's network, with nothing that it does not need. */
export const resolverCommand = ({ networkNamespace, listen, upstreams }: ResolverPlace): ResolverCommand => ({
  command: [
    ...(['nsenter', `--net=${networkNamespace}`] as const),
    ...['prlimit', ...LIMITS],
    ...['setpriv', '--no-new-privs', ...UNTIL_READY],
    ...[process.execPath, ...RUNTIME.options, join(import.meta.dirname, 'main.ts')],
  ],
  environment: RUNTIME.environment,
  message: { type: 'start', listen, port: DNS_PORT, upstreams, user: RESOLVER_USER },
});
