/** A guest in QEMU (TCG) for tests of the agent, with the plainest bake and restore over QMP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { kernelCommandLine } from '../../../src/image/kernel-command-line.ts';
import { AGENT_PORT_NAME } from '../../../src/protocol/version.ts';
import { AgentClient } from './agent-client.ts';

export type GuestFiles = {
  /** Folder with `root.erofs`, `vmlinuz` and `initramfs`. */
  readonly image: string;
  /** An empty folder of the guest's own. */
  readonly directory: string;
};

/** What a guest is restored from. */
export type Snapshot = { readonly ram: string; readonly state: string };

const MEMORY_MIB = 256;

export class TestGuest implements AsyncDisposable {
  #agent: AgentClient;
  readonly #agentPath: string;
  readonly #qemu: ChildProcess;
  readonly #qmp: Qmp;
  readonly #ram: string;
  readonly #log: () => string;

  private constructor(
    agent: AgentClient,
    agentPath: string,
    qemu: ChildProcess,
    qmp: Qmp,
    ram: string,
    log: () => string,
  ) {
    this.#agent = agent;
    this.#agentPath = agentPath;
    this.#qemu = qemu;
    this.#qmp = qmp;
    this.#ram = ram;
    this.#log = log;
  }

  /** Boots a guest and waits for its agent. @throws When the guest ends before; the message holds its console. */
  static async boot({ image, directory }: GuestFiles): Promise<TestGuest> {
    const ram = join(directory, 'ram');
    const guest = await TestGuest.#start({ image, directory }, ram, [
      ...['-object', `memory-backend-file,id=mem,size=${MEMORY_MIB}M,mem-path=${ram},share=on`],
      ...[
        '-kernel',
        join(image, 'vmlinuz'),
        '-initrd',
        join(image, 'initramfs'),
        '-append',
        kernelCommandLine,
      ],
    ]);
    try {
      await guest.agent.greeting();
    } catch (cause) {
      throw new Error(`the guest did not come up:\n${guest.console}`, { cause });
    }
    return guest;
  }

  /** Starts a clone of a snapshot. */
  static async restore({ image, directory }: GuestFiles, { ram, state }: Snapshot): Promise<TestGuest> {
    const guest = await TestGuest.#start({ image, directory }, ram, [
      ...['-object', `memory-backend-file,id=mem,size=${MEMORY_MIB}M,mem-path=${ram},share=off`],
      ...['-incoming', 'defer'],
    ]);
    await guest.#qmp.ignoreSharedMemory();
    await guest.#qmp.execute('migrate-incoming', { uri: `exec:cat ${state}` });
    await guest.#qmp.until('query-migrate', 'completed');
    await guest.#qmp.execute('cont');
    return guest;
  }

  static async #start(files: GuestFiles, ram: string, args: readonly string[]): Promise<TestGuest> {
    const [qmpPath, agentPath] = [join(files.directory, 'qmp'), join(files.directory, 'agent')];
    const qemu = spawn(
      'qemu-system-x86_64',
      [
        ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
        ...['-machine', 'pc-i440fx-7.2,memory-backend=mem,usb=off,vmport=off'],
        ...['-accel', 'tcg,tb-size=128', '-cpu', 'Nehalem', '-smp', '1', '-m', `${MEMORY_MIB}M`],
        ...['-qmp', `unix:${qmpPath},server=on,wait=off`],
        ...['-chardev', `socket,id=agent,path=${agentPath},server=on,wait=off`],
        ...['-device', 'virtio-serial-pci,max_ports=2'],
        ...['-device', `virtserialport,chardev=agent,nr=1,name=${AGENT_PORT_NAME}`],
        ...['-drive', `file=${join(files.image, 'root.erofs')},format=raw,if=virtio,readonly=on`],
        ...['-device', 'virtio-balloon-pci'],
        ...[
          '-netdev',
          'hubport,id=net,hubid=0',
          '-netdev',
          'hubport,id=end,hubid=0',
          '-device',
          'virtio-net-pci,netdev=net,romfile=',
        ],
        ...args,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let log = '';
    for (const stream of [qemu.stdout, qemu.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-16_384);
      });
    const agent = new AgentClient(await connectTo(agentPath, qemu));
    const qmp = await Qmp.connect(await connectTo(qmpPath, qemu));
    return new TestGuest(agent, agentPath, qemu, qmp, ram, () => log);
  }

  /** The end of what the guest and QEMU have printed. */
  get console(): string {
    return this.#log();
  }

  get agent(): AgentClient {
    return this.#agent;
  }

  /** Drops the link to the agent and makes another one. */
  async reconnect(): Promise<void> {
    this.#agent[Symbol.dispose]();
    this.#agent = new AgentClient(await connectTo(this.#agentPath, this.#qemu));
  }

  /** Stops the guest for good and saves it. */
  async save(state: string): Promise<Snapshot> {
    await this.#qmp.execute('stop');
    await this.#qmp.ignoreSharedMemory();
    await this.#qmp.execute('migrate', { uri: `exec:cat >${state}` });
    await this.#qmp.until('query-migrate', 'completed');
    return { ram: this.#ram, state };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent[Symbol.dispose]();
    this.#qmp[Symbol.dispose]();
    if (this.#qemu.exitCode !== null || this.#qemu.signalCode !== null) return;
    const exit = once(this.#qemu, 'exit');
    this.#qemu.kill('SIGKILL');
    await exit;
  }
}

async function connectTo(path: string, qemu: ChildProcess): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (cause) {
      if (qemu.exitCode !== null) throw new Error('QEMU ended', { cause });
      await Bun.sleep(5);
    }
  }
}

/** QMP, one command at a time. */
class Qmp implements Disposable {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  static async connect(socket: Socket): Promise<Qmp> {
    const qmp = new Qmp(socket);
    await qmp.#lines.next();
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  async execute(command: string, args: object = {}): Promise<unknown> {
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`QEMU ended during ${command}`);
      const message: { return?: unknown; error?: { desc: string } } = JSON.parse(value);
      if (message.error) throw new Error(`${command}: ${message.error.desc}`);
      if ('return' in message) return message.return;
    }
  }

  async ignoreSharedMemory(): Promise<void> {
    const capabilities = [{ capability: 'x-ignore-shared', state: true }];
    await this.execute('migrate-set-capabilities', { capabilities });
  }

  /** Asks until the answer's status is `wanted`. @throws When it is `failed`. */
  async until(query: string, wanted: string): Promise<void> {
    for (;;) {
      const answer = await this.execute(query);
      const status =
        typeof answer === 'object' && answer !== null && 'status' in answer ? answer.status : undefined;
      if (status === wanted) return;
      if (status === 'failed') throw new Error(`${query}: failed`);
      await Bun.sleep(5);
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
