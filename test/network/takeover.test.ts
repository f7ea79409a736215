/** What becomes of guests' way out when their server is gone and another one starts. QEMUs here are cables of machines. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'bun:test';
import { libc } from '../../src/lib/libc.ts';
import { closeDescriptor } from '../../src/lib/posix.ts';
import { ProcessDescriptors } from '../../src/lib/process-descriptors.ts';
import { identifyProcess, type ProcessIdentity } from '../../src/lib/process-identity.ts';
import { GATEWAY } from '../../src/network/addresses.ts';
import { removeDevice, run } from '../../src/network/command.ts';
import { Egress, removeEgress } from '../../src/network/egress.ts';
import type { NetworkPort } from '../../src/network/port.ts';
import { linkOf } from '../../src/network/uplink.ts';
import { BunProgram } from '../support/bun-program.ts';
import { ELSEWHERE, INTERNET, identityOf, Lab, Machine, METADATA, NAME_SERVER, OPEN } from './support/lab.ts';
import { inRouter } from './support/router.ts';

const INSTANCE = '/the/folder/of/data';
const { device } = linkOf(INSTANCE);

/** What the first server asks for names: nobody. The next one has been given another. */
const OLD_NAME_SERVER = '10.255.255.54';

/** From linux/if_tun.h. */
const TUNSETPERSIST = 0x4004_54cb;

const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)('guests whose server is gone', () => {
  let lab: Lab;
  let faults: Error[];
  let before: string[];
  let stack: AsyncDisposableStack;
  beforeAll(async () => {
    lab = await Lab.open();
  });
  afterAll(() => lab[Symbol.asyncDispose]());
  beforeEach(async () => {
    faults = [];
    before = await state();
    stack = new AsyncDisposableStack();
  });
  afterEach(async () => {
    await stack.disposeAsync();
    expect(await state()).toEqual(before);
    expect(faults).toEqual([]);
  });

  /** The rules and devices of the host. */
  const state = async () => [
    await run(['nft', 'list', 'ruleset']),
    (await run(['ip', '-brief', 'link'])).replaceAll(/\s+/g, ' '),
  ];

  const open = (...survivors: ProcessIdentity[]) =>
    Egress.open({
      instance: INSTANCE,
      resolvers: [NAME_SERVER],
      survivors,
      onFault: (error) => faults.push(error),
    });

  const openNext = async (...machines: Machine[]) =>
    stack.use(await open(...(await Promise.all(machines.map(({ pid }) => identity(pid))))));

  async function identity(pid: number | undefined): Promise<ProcessIdentity> {
    const found = await identifyProcess(pid ?? 0);
    if (!found) throw new Error('the process is gone');
    return found;
  }

  /** A server that connects guests of these numbers. On SIGTERM it ends, and keeps them. */
  async function startServer(...numbers: number[]): Promise<BunProgram> {
    const server = stack.use(
      new BunProgram(`
        const { Egress } = await src('network/egress.ts');
        const egress = await Egress.open({
          instance: '${INSTANCE}', resolvers: ['${OLD_NAME_SERVER}'], onFault: console.error,
        });
        for (const guest of ${JSON.stringify(numbers.map(identityOf))}) {
          const port = egress.port();
          await port.connect(guest, ${JSON.stringify(OPEN)});
          console.log('tap of ' + guest.number + ': ' + port.fd);
        }
        process.on('SIGTERM', () => egress[Symbol.asyncDispose]().then(() => process.exit(0)));
        console.log('connected');
        await new Promise(() => setInterval(() => {}, 1000));
      `),
    );
    await server.prints('connected');
    return server;
  }

  /** A copy of the descriptor that a QEMU would inherit. */
  async function tapFrom(server: BunProgram, number: number): Promise<number> {
    using descriptors = await ProcessDescriptors.of(await identity(server.process.pid));
    const fd = new RegExp(`^tap of ${number}: (\\d+)$`, 'm').exec(server.output)?.[1];
    if (!descriptors || fd === undefined) throw new Error('the server has no such guest');
    return descriptors.copy(Number(fd));
  }

  /** A machine at a server's port. Its cable has the port's descriptor, and outlives the server. */
  async function plugIn(server: BunProgram, number: number): Promise<Machine> {
    const fd = await tapFrom(server, number);
    const port: NetworkPort = {
      fd,
      connect: async () => ({ gateway: GATEWAY, resolver: GATEWAY }),
      report: async () => null,
      [Symbol.asyncDispose]: async () => {},
    };
    const machine = stack.use(await Machine.connect(port, number));
    closeDescriptor(fd);
    return machine;
  }

  function adopted(egress: Egress, number: number): NetworkPort {
    const port = egress.adoptPort(identityOf(number));
    if (!port) throw new Error('the port is gone');
    return stack.use(port);
  }

  const ends = {
    'was killed': (server: BunProgram) => server.kill(),
    'ended and kept them': async (server: BunProgram) => {
      server.process.kill('SIGTERM');
      expect(await server.ended()).toBe(0);
    },
  };

  it.each(Object.entries(ends))('keep connections and counters when it %s', async (_, end) => {
    const server = await startServer(1);
    const machine = await plugIn(server, 1);
    const { peer } = machine;
    // More than all that comes later.
    expect(await peer.tcp(ELSEWHERE, 443, 'send 100000')).toMatchObject({ ok: true });
    expect(await peer.hold(INTERNET, 80, 1)).toBe(1);
    await end(server);
    expect(await peer.sayAgain()).toBe(1);
    expect(await peer.lookUp(GATEWAY, 'example.com')).toMatchObject({ ok: false });

    const egress = await openNext(machine);
    const port = adopted(egress, 1);
    await egress.settle();
    expect(await peer.sayAgain()).toBe(1);
    expect(await peer.tcp(INTERNET, 443)).toMatchObject({ ok: true });
    expect(await peer.tcp(METADATA, 80)).toMatchObject({ ok: false });
    // A resolver that answers for a guest has heard of it, and so does not pass its question over.
    await port.report();
    expect(await peer.lookUp(GATEWAY, 'example.com')).toEqual({ ok: true, text: INTERNET });
    expect(await inRouter(port.fd, 'nft', 'list', 'ruleset')).not.toContain(OLD_NAME_SERVER);
    const report = await port.report();
    expect(report).toMatchObject({ isComplete: false });
    expect(report?.rxBytes).toBeGreaterThan(100_000);
    expect(report?.names).toMatchObject([{ name: 'example.com', verdict: 'answered' }]);
    const seen = report?.connections.map(
      (record) => `${record.destination}:${record.port} ${record.verdict}`,
    );
    expect(seen?.sort()).toEqual([
      `${INTERNET}:443 allowed`,
      `${INTERNET}:80 allowed`,
      `${METADATA}:80 denied`,
      `${ELSEWHERE}:443 allowed`,
    ]);
    await port[Symbol.asyncDispose]();
    expect(await peer.sayAgain()).toBe(0);
    expect((await port.report())?.connections).toHaveLength(4);
  });

  it('keep nothing that they are not adopted with', async () => {
    const server = await startServer(1, 2, 3, 4);
    const [first, third] = [await plugIn(server, 1), await plugIn(server, 3)];
    // One that has taken over its QEMU has its tap outlive it. Of the second, all but the tap outlives it.
    const fourth = await tapFrom(server, 4);
    libc.ioctl(fourth, TUNSETPERSIST, new Uint8Array(1));
    closeDescriptor(fourth);
    await server.kill();

    const egress = await openNext(first, third);
    const port = adopted(egress, 1);
    expect(egress.adoptPort(identityOf(1))).toBeNull();
    expect(egress.adoptPort(identityOf(2))).toBeNull();
    expect(egress.adoptPort({ ...identityOf(3), address: '172.16.0.9' })).toBeNull();
    const taps = async () => (await inRouter(port.fd, 'ip', '-brief', 'link')).match(/tap\d+/g);
    const rules = async () =>
      (await inRouter(port.fd, 'nft', 'list', 'ruleset')).match(/(?<=chain )(?:from_|tap)\d+/g);
    expect(await taps()).toEqual(['tap1', 'tap3', 'tap4']);
    expect(await third.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
    await egress.settle();
    expect(egress.adoptPort(identityOf(3))).toBeNull();
    expect(await taps()).toEqual(['tap1']);
    expect(await rules()).toEqual(['from_1', 'tap1']);
    expect(await third.peer.tcp(INTERNET, 80)).toMatchObject({ ok: false });
    for (const number of [2, 4]) {
      const { peer } = stack.use(await Machine.connect(egress.port(), number));
      expect(await peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
    }
    expect(await first.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
  });

  it('wait for the start after the next when that one ends before it has adopted them', async () => {
    const server = await startServer(1);
    const machine = await plugIn(server, 1);
    const { peer } = machine;
    expect(await peer.hold(INTERNET, 80, 1)).toBe(1);
    await server.kill();
    await (await openNext(machine))[Symbol.asyncDispose]();
    expect(await peer.sayAgain()).toBe(1);
    const egress = await openNext(machine);
    adopted(egress, 1);
    await egress.settle();
    expect(await peer.sayAgain()).toBe(1);
  });

  it('are cut off from a new router when their own cannot be taken over', async () => {
    const server = await startServer(1);
    const machine = await plugIn(server, 1);
    await server.kill();
    await removeDevice(device);
    const egress = await openNext(machine);
    expect(faults.splice(0).map(({ message }) => message)).toEqual([
      'guests that outlived their server lose their way out: it cannot be taken over',
    ]);
    expect(egress.adoptPort(identityOf(1))).toBeNull();
    await egress.settle();
    const other = stack.use(await Machine.connect(egress.port(), 1));
    expect(await other.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
    expect(await machine.peer.tcp(INTERNET, 80)).toMatchObject({ ok: false });
  });

  it('have no way out of a server that offers none, which leaves nothing on the host', async () => {
    const server = await startServer(1);
    const machine = await plugIn(server, 1);
    await server.kill();
    expect(await machine.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
    await removeEgress(INSTANCE);
    expect(await state()).toEqual(before);
    expect(await machine.peer.tcp(INTERNET, 80)).toMatchObject({ ok: false });
    await removeEgress(INSTANCE);
  });
});
