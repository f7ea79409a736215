/** Starts programs without the event loop's own process handling: the agent waits for its children itself. */
import { addressOf, checked, cString, libc, SystemCallError } from './libc.ts';

/** Larger than glibc's opaque structures, bytes. */
const OPAQUE_BYTES = 512;
const SIGSET_BYTES = 128;
const POSIX_SPAWN_SETSIGDEF = 0x04;
const POSIX_SPAWN_SETSIGMASK = 0x08;
const POSIX_SPAWN_SETSID = 0x80;

/**
 * Starts `argv` in a session of its own, in the agent's working directory, with every signal at its default.
 * @param fds Index: the descriptor in the new process; value: the agent's descriptor it is a copy of.
 * @returns The process id.
 * @throws {SystemCallError} When the program cannot be started.
 */
export function spawnProcess(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  fds: readonly number[],
): number {
  const actions = new Uint8Array(OPAQUE_BYTES);
  const attributes = new Uint8Array(OPAQUE_BYTES);
  libc.posix_spawn_file_actions_init(actions);
  libc.posix_spawnattr_init(attributes);
  try {
    for (const [target, fd] of fds.entries()) libc.posix_spawn_file_actions_adddup2(actions, fd, target);
    libc.posix_spawnattr_setsigmask(attributes, new Uint8Array(SIGSET_BYTES));
    libc.posix_spawnattr_setsigdefault(attributes, new Uint8Array(SIGSET_BYTES).fill(0xff));
    const flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID;
    libc.posix_spawnattr_setflags(attributes, flags);
    const args = vector(argv);
    const environment = vector(Object.entries(env).map(([name, value]) => `${name}=${value}`));
    const pid = new Int32Array(1);
    const file = cString(argv[0] ?? '');
    const error = libc.posix_spawnp(pid, file, actions, attributes, args.pointers, environment.pointers);
    keepAlive(args, environment);
    if (error !== 0) throw new SystemCallError(`start ${argv[0]}`, error);
    return checked('posix_spawn', pid[0] ?? -1);
  } finally {
    libc.posix_spawn_file_actions_destroy(actions);
    libc.posix_spawnattr_destroy(attributes);
  }
}

/**
 * Turns this process into another program, which keeps the process id. Returns never.
 * @param env Added to the environment.
 * @throws {SystemCallError} When the program cannot be executed.
 */
export function becomeProgram(argv: readonly string[], env: Readonly<Record<string, string>>): never {
  for (const [name, value] of Object.entries(env)) libc.setenv(cString(name), cString(value), 1);
  const args = vector(argv);
  checked(`execute ${argv[0]}`, libc.execv(cString(argv[0] ?? ''), args.pointers));
  keepAlive(args);
  throw new Error('unreachable');
}

const alive: unknown[] = [];

/** Keeps memory from being collected, up to this call, to which only addresses point. */
function keepAlive(...memory: readonly unknown[]): void {
  alive.splice(0, alive.length, ...memory);
}

/** A NULL-terminated array of C strings; `strings` keeps what it points to alive. */
function vector(texts: readonly string[]): { pointers: BigUint64Array; strings: readonly Uint8Array[] } {
  const strings = texts.map(cString);
  const pointers = new BigUint64Array(strings.length + 1);
  for (const [index, string] of strings.entries()) pointers[index] = addressOf(string);
  return { pointers, strings };
}
