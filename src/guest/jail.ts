/**
 * What a guest's QEMU sees of its host: a mount namespace with QEMU, its libraries and its firmware, read-only, and
 * nothing else. It is made once; each QEMU gets a copy of it, as copying these few mounts costs next to nothing.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '../lib/child-environment.ts';
import { within } from '../lib/deadline.ts';
import { QEMU_BINARY } from './qemu.ts';

const SCRIPT = fileURLToPath(new URL('jail.sh', import.meta.url));

/** Path in the jail of what a QEMU is forked by. */
export const FORK_LIBRARY = '/fork-server.so';

/** How long it may take to make, ms. Measured: about 150. */
const BUILD_DEADLINE_MS = 20_000;
/** How much of its complaints is kept, characters. */
const COMPLAINT_TAIL = 500;

/** Whoever is not root is so in a user namespace, where the host allows it. */
type Owner = 'root' | 'user';
const RIGHTS: Readonly<Record<Owner, readonly string[]>> = { root: [], user: ['--user', '--map-root-user'] };

/** A jail cannot be had on this host; the message says why. */
export class JailError extends Error {
  override readonly name = 'JailError';
}

export class Jail implements AsyncDisposable {
  readonly #keeper: ChildProcess;
  readonly #owner: Owner;
  readonly #ended: Promise<void>;
  #isOpen = true;

  private constructor(keeper: ChildProcess, owner: Owner) {
    this.#keeper = keeper;
    this.#owner = owner;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = promise;
    const end = () => {
      this.#isOpen = false;
      resolve();
    };
    keeper.once('close', end);
    keeper.once('error', end);
  }

  /**
   * Makes a jail.
   * @param devices Paths of the devices that QEMU may open.
   * @param library Path of what a QEMU is forked by, where one is; {@link FORK_LIBRARY} in the jail.
   * @throws {JailError} When this user or this host cannot.
   */
  static async build(devices: readonly string[], library = ''): Promise<Jail> {
    const owner = process.getuid?.() === 0 ? 'root' : 'user';
    const args = [
      ...RIGHTS[owner],
      '--mount',
      '--propagation=private',
      'sh',
      SCRIPT,
      owner,
      QEMU_BINARY,
      library,
    ];
    const keeper = spawn('unshare', [...args, ...devices], {
      env: bareEnvironment(),
      // Ctrl-C is for the server, which needs the jail until its last guest has ended.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const jail = new Jail(keeper, owner);
    try {
      await within(BUILD_DEADLINE_MS, 'the jail', isReady(keeper));
      return jail;
    } catch (cause) {
      keeper.kill('SIGKILL');
      await jail.#ended;
      throw cause instanceof JailError ? cause : new JailError('the jail was not made in time', { cause });
    }
  }

  /**
   * The command that enters it; what is to run in it follows.
   * @throws {JailError} When its keeper was ended.
   */
  get enter(): readonly string[] {
    // Its pid may be another's by then.
    if (!this.#isOpen) throw new JailError('the process that keeps the jail has ended');
    const namespaces = `/proc/${this.#keeper.pid}/ns`;
    const rights = this.#owner === 'user' ? ['--preserve-credentials', `--user=${namespaces}/user`] : [];
    return ['nsenter', ...rights, `--mount=${namespaces}/mnt`];
  }

  /** Where this process sees the jail's files. @throws {JailError} When its keeper was ended. */
  get root(): string {
    if (!this.#isOpen) throw new JailError('the process that keeps the jail has ended');
    return `/proc/${this.#keeper.pid}/root`;
  }

  /** QEMUs that are in it stay in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#keeper.stdin?.end();
    await this.#ended;
  }
}

/** @throws {JailError} When the builder ends instead. */
async function isReady(builder: ChildProcess): Promise<void> {
  let complaint = '';
  builder.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-COMPLAINT_TAIL);
  });
  const ended = new Promise<never>((_, reject) => {
    builder.once('error', (cause) =>
      reject(new JailError(`unshare does not run: ${cause.message}`, { cause })),
    );
    builder.once('close', () => reject(new JailError(complaint.trim() || 'the jail could not be made')));
  });
  if (!builder.stdout) return ended;
  await Promise.race([once(builder.stdout, 'data'), ended]);
}
