/**
 * A guest whose QEMU is forked for others: restored and warmed once, with its CPU stopped. Under TCG a fork has all the
 * code of the guest translated that its parent had; a restored guest has none of it.
 */
import { join } from 'node:path';
import { follow, within } from '../../lib/deadline.ts';
import { PassingSocket } from '../../lib/descriptor-passing.ts';
import { closeDescriptor, makePipe } from '../../lib/posix.ts';
import { killNow } from '../../lib/process-identity.ts';
import { AgentLink } from '../agent-link.ts';
import { forkLayers } from '../confinement.ts';
import { Guest } from '../guest.ts';
import type { Hosting } from '../hosting.ts';
import {
  AGENT_FD,
  AGENT_SOCKET,
  bindSockets,
  connectMonitor,
  openPlace,
  QMP_FD,
  QMP_SOCKET,
  writeIdentity,
} from '../launch.ts';
import { type RestoreOptions, type RestorePoint, restoreGuest } from '../restore.ts';
import { ForkedProcess } from './forked-process.ts';

const STDERR_FD = 2;
/** The number that a fork's way out has in it: above those that QEMU uses, and below the limit on them. */
const PORT_FD = 100;
/** `struct request` of `fork-server.c`: id, action, user, namespaces, count, and the numbers of up to so many descriptors. */
const MOST_PASSED = 8;
const ACTION = { fork: 1, settle: 2 } as const;
const OWN_USER = -1;

/** How long an answer may take, ms. Measured: 3 for a fork, 150 for copying the RAM. */
const ANSWER_DEADLINE_MS = 30_000;

/** What says that the library is loaded; it was said before QEMU's own first instruction. */
const LOADED = 0;
const LOADED_DEADLINE_MS = 5_000;

/** QEMU could not be forked. */
export class ForkError extends Error {
  override readonly name = 'ForkError';
}

type Place = Awaited<ReturnType<typeof openPlace>>;

export class ForkServer implements AsyncDisposable {
  /** The guest that is forked. Its CPU stands still but in {@link hold}. */
  readonly guest: Guest;
  readonly #hosting: Hosting;
  readonly #control: PassingSocket;
  readonly #answers: Map<number, PromiseWithResolvers<number>>;
  #nextId = 1;
  /** Settles when nobody needs the guest as it is. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    guest: Guest,
    hosting: Hosting,
    control: PassingSocket,
    answers: Map<number, PromiseWithResolvers<number>>,
  ) {
    this.guest = guest;
    this.#hosting = hosting;
    this.#control = control;
    this.#answers = answers;
    void guest.lost.then((cause) => {
      for (const { reject } of answers.values())
        reject(new ForkError('the QEMU to fork has ended', { cause }));
      answers.clear();
    });
  }

  /**
   * Restores the guest, its CPU stopped.
   * @param library See {@link buildForkLibrary}.
   * @throws {ForkError} When it cannot be forked.
   * @throws As {@link restoreGuest}.
   */
  static async start(
    point: RestorePoint,
    hosting: Hosting,
    { library, ...options }: RestoreOptions & { readonly library: string },
  ): Promise<ForkServer> {
    using control = new DisposableStack();
    const socket = control.use(new PassingSocket());
    const loaded = Promise.withResolvers<number>();
    const answers = new Map([[LOADED, loaded]]);
    const onLine = (line: string) => {
      const [id = 0, pid = 0] = line.split(' ').map(Number);
      const answer = answers.get(id);
      answers.delete(id);
      if (pid > 0) answer?.resolve(pid);
      else answer?.reject(new ForkError(`QEMU could not be forked: error ${-pid}`));
    };
    const guest = await restoreGuest(point, hosting, {
      ...options,
      forks: { library, onLine, controlFd: socket.other },
    });
    socket.closeOther();
    const server = new ForkServer(guest, hosting, socket, answers);
    control.move();
    // QEMU starts without a library that cannot be loaded.
    try {
      await within(LOADED_DEADLINE_MS, 'the fork server to be loaded', loaded.promise);
    } catch (cause) {
      await server[Symbol.asyncDispose]();
      throw new ForkError('QEMU is no fork server: its library was not loaded', { cause });
    }
    return server;
  }

  /**
   * Keeps it from being forked while something is done to it. Forks and work take turns.
   * @param work Must leave its CPU stopped.
   * @throws What the work throws.
   */
  hold<T>(work: (guest: Guest) => Promise<T>): Promise<T> {
    return this.#inTurn(() => work(this.guest));
  }

  /**
   * Puts its memory into large pages, which makes each fork from then on, and its end, some milliseconds shorter. Where the
   * kernel cannot, it stays as it is.
   * @throws {ForkError | DeadlineError} When QEMU has ended, or does not answer.
   */
  async settle(): Promise<void> {
    await this.#inTurn(async () => {
      const settled = this.#request(ACTION.settle, OWN_USER, 0, [], []);
      await within(ANSWER_DEADLINE_MS, 'the memory to be put into large pages', settled);
    });
  }

  /**
   * Forks the guest. The new one's CPU is stopped.
   * @throws {ForkError} When QEMU cannot be forked, or not in time.
   * @throws {QemuExitError} When the fork ends instead.
   * @throws The signal's reason when it is aborted.
   */
  async fork(options: RestoreOptions): Promise<Guest> {
    try {
      return await this.#forkGuest(options);
    } catch (cause) {
      if (!(cause instanceof DOMException && cause.name === 'TimeoutError')) throw cause;
      throw new ForkError(`QEMU was not forked in ${ANSWER_DEADLINE_MS} ms`, { cause });
    }
  }

  async #forkGuest({ name, folder, signal }: RestoreOptions): Promise<Guest> {
    await using stack = new AsyncDisposableStack();
    const place = await openPlace(stack, { name, folder, hosting: this.#hosting, kind: 'guest' });
    const { network, port, cgroup } = place;
    using bound = bindSockets(folder);
    // It goes on as soon as somebody is there to talk to its agent.
    const agent = stack.use(await AgentLink.connect(join(folder, AGENT_SOCKET)));
    const { pid, log, limit } = await this.#inTurn(async () => {
      const deadline = AbortSignal.timeout(ANSWER_DEADLINE_MS);
      const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
      return { ...(await this.#fork(place, bound.fds, either)), limit: either };
    });
    const qemu = stack.use(await ForkedProcess.follow(pid, log));
    // The kernel takes 10 ms over it, most of it waiting. Until the guest is promoted it runs our own programs alone.
    const grouped = cgroup?.add(pid);
    grouped?.catch(() => {});
    await writeIdentity(folder, qemu.identity);
    const qmp = stack.use(await connectMonitor(qemu, join(folder, QMP_SOCKET), limit));
    stack.move();
    return new Guest({
      name,
      network,
      folder,
      process: qemu,
      qmp,
      agent,
      port: port && { host: port, qemuFd: PORT_FD },
      cgroup,
      grouped,
    });
  }

  /** Forks of it live on. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#control[Symbol.dispose]();
    await this.guest[Symbol.asyncDispose]();
  }

  /** One after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** @returns The fork's pid, and the reading end of its standard error, which is the caller's. */
  async #fork(
    { network, port }: Place,
    sockets: readonly number[],
    signal: AbortSignal,
  ): Promise<{ readonly pid: number; readonly log: number }> {
    const pipe = makePipe();
    let sent: Promise<number> | undefined;
    try {
      const { user, namespaces } = forkLayers(this.#hosting.confinement, network.number);
      const passed = [...sockets, pipe.writer, ...(port ? [port.fd] : [])];
      const targets = [QMP_FD, AGENT_FD, STDERR_FD, ...(port ? [PORT_FD] : [])];
      signal.throwIfAborted();
      sent = this.#request(ACTION.fork, user ?? OWN_USER, namespaces, passed, targets);
      return { pid: await follow(sent, signal), log: pipe.reader };
    } catch (error) {
      closeDescriptor(pipe.reader);
      // It may come yet, and nobody would know of it.
      void sent?.then(killNow, () => {});
      throw error;
    } finally {
      closeDescriptor(pipe.writer);
    }
  }

  /**
   * @returns The process that the answer tells of.
   * @throws {ForkError} When QEMU has ended.
   */
  #request(
    action: number,
    user: number,
    namespaces: number,
    passed: readonly number[],
    targets: readonly number[],
  ): Promise<number> {
    if (this.guest.isLost) throw new ForkError('the QEMU to fork has ended');
    const id = this.#nextId;
    this.#nextId = (id % (2 ** 31 - 1)) + 1;
    const request = new Int32Array(5 + MOST_PASSED);
    request.set([id, action, user, namespaces, targets.length, ...targets]);
    this.#control.send(new Uint8Array(request.buffer), passed);
    const answer = Promise.withResolvers<number>();
    answer.promise.catch(() => {});
    this.#answers.set(id, answer);
    return answer.promise;
  }
}
