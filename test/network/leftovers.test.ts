import { afterAll, afterEach, beforeAll, describe, expect, it } from 'bun:test';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { GATEWAY } from '../../src/network/addresses.ts';
import { run } from '../../src/network/command.ts';
import { Egress, inspectEgress } from '../../src/network/egress.ts';
import { EgressError } from '../../src/network/errors.ts';
import { linkOf } from '../../src/network/uplink.ts';
import { BunProgram } from '../support/bun-program.ts';
import { failure } from '../support/failure.ts';
import { until } from '../support/until.ts';
import { ELSEWHERE, HOST, INTERNET, Lab, Machine, NAME_SERVER } from './support/lab.ts';

const INSTANCE = '/a/data/folder';
const link = linkOf(INSTANCE);

const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)('a way out', () => {
  let lab: Lab;
  const faults: Error[] = [];
  beforeAll(async () => {
    lab = await Lab.open();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });
  afterEach(() => {
    expect(faults).toEqual([]);
  });

  const open = (instance = INSTANCE) =>
    Egress.open({ instance, resolvers: [NAME_SERVER], onFault: (error) => faults.push(error) });

  /** The rules and devices of the host. */
  const state = async () => [
    await run(['nft', 'list', 'ruleset']),
    (await run(['ip', '-brief', 'link'])).replaceAll(/\s+/g, ' '),
  ];

  const pids = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

  /** Of a process and of all that it has started. */
  const family = (pid: number): string[] => {
    const children = pids().filter((name) => parentOf(name) === pid);
    return [String(pid), ...children.flatMap((child) => family(Number(child)))];
  };

  const parentOf = (pid: string) => {
    try {
      return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    } catch {
      return undefined;
    }
  };

  /** Network namespaces that processes or their descriptors are in. */
  function networks(of: readonly string[] = family(process.pid)): Set<string> {
    const found = new Set<string>();
    for (const pid of of) {
      try {
        for (const path of ['ns/net', ...readdirSync(`/proc/${pid}/fd`).map((fd) => `fd/${fd}`)]) {
          const target = readlinkSync(`/proc/${pid}/${path}`);
          if (target.startsWith('net:[')) found.add(target);
        }
      } catch {
        // It has ended.
      }
    }
    return found;
  }

  const resolvers = () =>
    family(process.pid).filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('resolver/main.ts'),
    );

  it('leaves nothing on the host when it ends', async () => {
    const [before, known] = [await state(), networks()];
    const egress = await open();
    const machine = await Machine.connect(egress.port(), 1);
    expect(await machine.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
    expect(await state()).not.toEqual(before);
    expect(networks().size).toBeGreaterThan(known.size);
    expect(resolvers()).toHaveLength(1);
    await machine[Symbol.asyncDispose]();
    const unused = egress.port();
    await unused[Symbol.asyncDispose]();
    await egress[Symbol.asyncDispose]();
    expect(await state()).toEqual(before);
    expect([...networks()].filter((network) => !known.has(network))).toEqual([]);
    expect(resolvers()).toEqual([]);
  });

  it('leaves its table alone when its server is killed, and the next one replaces it', async () => {
    const [before, known] = [await state(), networks()];
    let made: string[] = [];
    {
      await using server = new BunProgram(`
        const { Egress } = await src('network/egress.ts');
        const egress = await Egress.open({
          instance: ${JSON.stringify(INSTANCE)}, resolvers: ['${NAME_SERVER}'], onFault() {},
        });
        const guest = { number: 1, address: '172.16.0.1', mac: '52:54:00:10:00:01' };
        const port = egress.port();
        await port.connect(guest, { mode: 'egress', allow: [], deny: [], kibPerSecond: 100, connections: 10 });
        console.log('connected');
        await new Promise(() => setInterval(() => {}, 1000));
      `);
      await server.prints('connected');
      expect((await state())[1]).toContain(link.device);
      made = [...networks(family(server.process.pid ?? 0))].filter((network) => !known.has(network));
      expect(made).toHaveLength(1);
      await server.kill();
    }
    await until('the network to go', () => made.every((network) => !networks(pids()).has(network)));
    // A network that nobody has any more is taken down a little later.
    await until('the link to go', async () => (await state())[1] === before[1]);
    const tables = await run(['nft', 'list', 'tables']);
    expect(tables.trim().split('\n')).toEqual([`table inet codeland_${link.device}`]);
    {
      await using egress = await open();
      await using machine = await Machine.connect(egress.port(), 1);
      expect(await machine.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
    }
    expect(await state()).toEqual(before);
  }, 60_000);

  it('takes over from one that left guests behind, which reach nothing any more', async () => {
    // Its server is gone, its guest's QEMU is not.
    await using old = await open();
    await using left = await Machine.connect(old.port(), 1);
    await using egress = await open();
    await using machine = await Machine.connect(egress.port(), 1);
    expect(await left.peer.tcp(INTERNET, 80)).toMatchObject({ ok: false });
    expect(await machine.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
  }, 60_000);

  it('is apart from that of another server on the host', async () => {
    await using first = await open('/one');
    await using second = await open('/two');
    await using a = await Machine.connect(first.port(), 1);
    await using b = await Machine.connect(second.port(), 1);
    await b.peer.serve([7000], []);
    expect(await a.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
    expect(await b.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
    expect(await a.peer.tcp(linkOf('/two').router, 7000)).toMatchObject({ ok: false });
    expect(await b.peer.arrivals()).toEqual([]);
  });

  it('may look names up at the host itself, which guests cannot reach for that', async () => {
    await lab.host.serveNames(HOST, ELSEWHERE);
    await using egress = await Egress.open({
      instance: INSTANCE,
      resolvers: [HOST],
      onFault: (error) => faults.push(error),
    });
    await using machine = await Machine.connect(egress.port(), 1);
    expect(await machine.peer.lookUp(GATEWAY, 'example.com')).toEqual({ ok: true, text: ELSEWHERE });
    expect(await machine.peer.lookUp(HOST, 'example.com')).toMatchObject({ ok: false });
  });

  it('is looked for without a trace', async () => {
    const [before, known] = [await state(), networks()];
    expect(await inspectEgress()).toBeNull();
    expect(await state()).toEqual(before);
    expect([...networks()].filter((network) => !known.has(network))).toEqual([]);
  });

  it('leaves nothing when it cannot be opened', async () => {
    const before = await state();
    for (const resolvers of [[], ['dns.example'], ['192.0.2.1:0'], ['192.0.2.1:53:1'], ['2001:db8::1']]) {
      const opening = Egress.open({ instance: INSTANCE, resolvers, onFault() {} });
      expect(await failure(opening)).toBeInstanceOf(EgressError);
    }
    expect(await state()).toEqual(before);
  });
});
