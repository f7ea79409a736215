/** A network of the test's own at the other end of guests' network devices: who answers there, and no rules. */
import { execFile } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Socket, udp } from 'bun';
import { NetworkNamespace } from '../../src/lib/network-namespace.ts';
import { attachTap, openTap } from '../../src/lib/tap.ts';
import { GATEWAY } from '../../src/network/addresses.ts';
import type { Attachment, ConnectedGuest, NetworkPort, NetworkReport } from '../../src/network/port.ts';
import { addressRecord, reply } from './dns.ts';

const run = promisify(execFile);

/** Of everything that answers; an address for documents (RFC 5737). */
export const SERVER = '203.0.113.7';
/** Says back what it is told, in capitals. */
export const ECHO_PORT = 7;
/** The one name there is, of {@link SERVER}, whose web server answers with {@link PAGE}. */
export const NAME = 'server.example';
export const PAGE = 'hello from outside\n';

export class TapNetwork implements AsyncDisposable {
  readonly #namespace: NetworkNamespace;
  readonly #resources: AsyncDisposableStack;

  private constructor(namespace: NetworkNamespace, resources: AsyncDisposableStack) {
    this.#namespace = namespace;
    this.#resources = resources;
  }

  static async create(): Promise<TapNetwork> {
    await using stack = new AsyncDisposableStack();
    const namespace = stack.use(NetworkNamespace.create());
    const ip = (...args: string[]) => run('nsenter', [`--net=${namespace.path}`, 'ip', ...args]);
    await ip('link', 'set', 'lo', 'up');
    for (const address of [GATEWAY, SERVER]) await ip('address', 'add', `${address}/32`, 'dev', 'lo');
    // Each makes its socket before it returns.
    const echo = namespace.enter(() =>
      Bun.listen({
        hostname: SERVER,
        port: ECHO_PORT,
        socket: { data: (socket: Socket, data) => void socket.write(data.toString().toUpperCase()) },
      }),
    );
    stack.defer(() => echo.stop(true));
    const web = namespace.enter(() =>
      Bun.serve({ hostname: SERVER, port: 80, fetch: () => new Response(PAGE) }),
    );
    stack.defer(() => web.stop(true));
    const { promise, resolve } = Promise.withResolvers<udp.Socket<'buffer'>>();
    namespace.enter(() => {
      void Bun.udpSocket({
        hostname: GATEWAY,
        port: 53,
        socket: {
          data: (socket, question, port, address) =>
            void socket.send(reply(question, [addressRecord(NAME, SERVER)]), port, address),
        },
      }).then(resolve);
    });
    const names = await promise;
    stack.defer(() => names.close());
    return new TapNetwork(namespace, stack.move());
  }

  port(): NetworkPort {
    return new TapPort(this.#namespace);
  }

  /** Names of the taps that there are now. */
  get taps(): string[] {
    return devices(this.#namespace)
      .map(({ name }) => name)
      .filter((name) => name.startsWith('tap'));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

class TapPort implements NetworkPort {
  readonly fd: number;
  readonly #namespace: NetworkNamespace;
  #tap: string | undefined;
  #isOpen = true;

  constructor(namespace: NetworkNamespace) {
    this.#namespace = namespace;
    this.fd = namespace.enter(openTap);
  }

  async connect({ number, address }: ConnectedGuest): Promise<Attachment> {
    const tap = `tap${number}`;
    attachTap(this.fd, tap);
    this.#tap = tap;
    const ip = (...args: string[]) => run('nsenter', [`--net=${this.#namespace.path}`, 'ip', ...args]);
    await ip('link', 'set', tap, 'up');
    await ip('route', 'add', `${address}/32`, 'dev', tap);
    return { gateway: GATEWAY, resolver: GATEWAY };
  }

  async report(): Promise<NetworkReport | null> {
    const device = devices(this.#namespace).find(({ name }) => name === this.#tap);
    if (!device) return null;
    const [toHost, fromHost] = [device.received, device.sent];
    return {
      rxBytes: fromHost.bytes,
      rxPackets: fromHost.packets,
      txBytes: toHost.bytes,
      txPackets: toHost.packets,
      connections: [],
      names: [],
      isComplete: true,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOpen) closeSync(this.fd);
    this.#isOpen = false;
  }
}

/** The devices of a network, and their counters. */
function devices(namespace: NetworkNamespace) {
  const text = namespace.enter(() => readFileSync('/proc/thread-self/net/dev', 'utf8'));
  return text
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => {
      const [name = '', values = ''] = line.split(':');
      const counters = values.trim().split(/\s+/).map(Number);
      return {
        name: name.trim(),
        received: { bytes: counters[0] ?? 0, packets: counters[1] ?? 0 },
        sent: { bytes: counters[8] ?? 0, packets: counters[9] ?? 0 },
      };
    });
}
