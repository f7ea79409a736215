/**
 * The product's guest, started in other ways than the product does: the same virtual hardware on the same image, with
 * its QEMU as the bake has it, with nothing that holds it on the host. What holds ours costs a start of a guest time.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { AgentLink } from '../../src/guest/agent-link.ts';
import { type GuestMemory, type GuestStart, guestArguments } from '../../src/guest/command-line.ts';
import { Guest } from '../../src/guest/guest.ts';
import { AGENT_FD, AGENT_SOCKET, connectMonitor, QMP_FD, QMP_SOCKET } from '../../src/guest/launch.ts';
import { QEMU_BINARY } from '../../src/guest/qemu.ts';
import { QemuProcess } from '../../src/guest/qemu-process.ts';
import { nowMicros, plainProgram } from '../../src/guest/ready.ts';
import { checkedImage, inspectPresent, type Present } from '../../src/installed.ts';
import { within } from '../../src/lib/deadline.ts';
import { bindUnixSocket, closeDescriptor } from '../../src/lib/posix.ts';
import { Addresses } from '../../src/network/addresses.ts';
import { machineOf } from '../../src/template/pins.ts';
import type { BenchProgram, ComparatorContext } from '../comparator.ts';

const SOCKETS = [QMP_SOCKET, AGENT_SOCKET];

/** A boot takes 3 s under TCG; on a machine with much else to do it has taken two minutes, ms. */
const BOOT_DEADLINE_MS = 300_000;
const RUN_LIMIT_MS = 60_000;
const OUTPUT_BYTES = 1 << 20;

export type BenchGuestSpec = {
  /** `anonymous`: of no file, as whoever keeps nothing of a guest's memory has it. */
  readonly memory: GuestMemory | 'anonymous';
  /** `load`: nothing is booted, and no state is waited for. */
  readonly start: GuestStart | { readonly kind: 'load' };
  /** More arguments of QEMU's. */
  readonly more?: readonly string[];
  /** Sockets in the guest's folder that QEMU inherits, with descriptors from `FIRST_INHERITED_FD` on. */
  readonly sockets?: readonly string[];
  /** Descriptors that QEMU inherits, after the sockets. */
  readonly inherited?: readonly number[];
};

/** Makes guests of an image one after the other. */
export class BenchGuests implements AsyncDisposable {
  readonly present: Present;
  readonly #folder: string;
  readonly #signal: AbortSignal;
  readonly #addresses = new Addresses();
  #made = 0;
  #retiring: Promise<unknown> = Promise.resolve();

  private constructor(present: Present, folder: string, signal: AbortSignal) {
    this.present = present;
    this.#folder = folder;
    this.#signal = signal;
  }

  /** @throws {ImageError | QemuMissingError} When guests cannot be made from what is in the data folder. */
  static async open({ home, scratch, signal }: ComparatorContext): Promise<BenchGuests> {
    const present = await inspectPresent(readConfig({ CODELAND_HOME: home }), await checkedImage(home));
    return new BenchGuests(present, await mkdtemp(join(scratch, 'guests-')), signal);
  }

  /**
   * Starts a guest's QEMU, its CPU stopped.
   * @throws {QemuExitError} When QEMU ends instead.
   */
  async start(spec: BenchGuestSpec): Promise<Guest> {
    const name = `bench-${++this.#made}`;
    const folder = join(this.#folder, name);
    await using stack = new AsyncDisposableStack();
    const network = stack.use(this.#addresses.take());
    await mkdir(folder, { mode: 0o700 });
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const process = stack.use(await this.#spawn(name, folder, spec));
    const qmp = stack.use(await connectMonitor(process, join(folder, QMP_SOCKET), this.#signal));
    const agent = stack.use(await AgentLink.connect(join(folder, AGENT_SOCKET)));
    stack.move();
    const nothing = { port: undefined, cgroup: undefined };
    return new Guest({ name, network, folder, process, qmp, agent, ...nothing });
  }

  /**
   * Boots a guest until its agent answers.
   * @returns The agent's version as well.
   * @throws {DeadlineError} When it takes too long.
   */
  async boot(spec: Omit<BenchGuestSpec, 'start'>, kernelOptions: string, initramfs: string) {
    const { kernel } = this.present.image;
    const guest = await this.start({
      ...spec,
      start: { kind: 'boot', kernel, initramfs, append: kernelOptions },
    });
    try {
      const hello = guest.hello({ ask: false });
      await guest.resume();
      const lost = guest.lost.then((error) => Promise.reject(error));
      const { agent } = await within(
        BOOT_DEADLINE_MS,
        'a guest to boot',
        Promise.race([hello, lost]),
        this.#signal,
      );
      return { guest, agent };
    } catch (error) {
      await guest[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Path of one of {@link BenchGuestSpec.sockets}. */
  socketOf(guest: Guest, socket: string): string {
    return join(this.#folder, guest.name, socket);
  }

  /** Ends a guest behind the answer, as the product does. */
  retire(guest: Guest): void {
    const retired = guest[Symbol.asyncDispose]();
    this.#retiring = Promise.all([this.#retiring, retired]);
  }

  /** Waits until nothing is left of guests that were retired. */
  async settle(): Promise<void> {
    await this.#retiring;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settle();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #spawn(name: string, folder: string, spec: BenchGuestSpec): Promise<QemuProcess> {
    const { sockets = [], inherited = [] } = spec;
    using bound = new DisposableStack();
    const own = [...SOCKETS, ...sockets].map((file) =>
      bound.adopt(bindUnixSocket(join(folder, file)), closeDescriptor),
    );
    // It ends with this process, however that ends.
    const command = ['setpriv', '--pdeathsig', 'KILL', QEMU_BINARY, ...this.#arguments(name, spec)];
    return await QemuProcess.spawn({ command, inherited: [...own, ...inherited] });
  }

  /** The product's arguments, but for memory and start where these are others. */
  #arguments(name: string, { memory, start, more = [] }: BenchGuestSpec): string[] {
    const { image, pins } = this.present;
    const machine = machineOf(pins);
    const args = guestArguments({
      name,
      machine,
      memory: memory === 'anonymous' ? { kind: 'writable', path: 'none' } : memory,
      start: start.kind === 'load' ? { kind: 'restore' } : start,
      rootImage: image.root,
      qmpFd: QMP_FD,
      agentFd: AGENT_FD,
    });
    if (memory === 'anonymous') {
      const file = args.findIndex((argument) => argument.startsWith('memory-backend-file,'));
      args[file] = `memory-backend-ram,id=mem,size=${machine.memoryMiB}M`;
    }
    if (start.kind === 'load') args.splice(args.indexOf('-incoming'), 2);
    return [...args, ...more];
  }
}

let nextRun = 1000;

/**
 * Runs a program through the agent on a guest whose CPU is stopped, or runs already.
 * @returns What it printed to stdout.
 * @throws {Error} When it does not end well.
 */
export async function runOnAgent(guest: Guest, { language, code }: BenchProgram): Promise<string> {
  const printed = { stdout: '', stderr: '' };
  const decoder = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const request = {
    type: 'run' as const,
    id: nextRun++,
    warmUp: false,
    keep: false,
    nowMicros: nowMicros(),
    ...plainProgram(language, code),
    timeLimitMs: RUN_LIMIT_MS,
    outputLimitBytes: OUTPUT_BYTES,
  };
  const exit = guest.run(request, (stream, chunk) => {
    printed[stream] += decoder[stream].decode(chunk, { stream: true });
  });
  // Written in the same tick, as the product does.
  const resumed = guest.resume();
  const [{ code: status, signal }] = await within(
    2 * RUN_LIMIT_MS,
    'a program to end',
    Promise.all([exit, resumed]),
  );
  if (status !== 0) throw new Error(`the program ended with ${signal ?? status}: ${printed.stderr}`);
  return printed.stdout;
}
