/** Real guests on a network of the test's own. What more than a guest's programs could try is in `egress.test.ts`. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'bun:test';
import { join } from 'node:path';
import type { Guest } from '../../src/guest/guest.ts';
import { makeReady } from '../../src/guest/ready.ts';
import { restoreGuest } from '../../src/guest/restore.ts';
import { closeDescriptor } from '../../src/lib/posix.ts';
import { identifyProcess } from '../../src/lib/process-identity.ts';
import { GATEWAY } from '../../src/network/addresses.ts';
import { runIn } from '../../src/network/command.ts';
import { Egress } from '../../src/network/egress.ts';
import { Inheritance } from '../../src/network/inheritance.ts';
import type { ConnectionRecord } from '../../src/network/port.ts';
import { linkOf } from '../../src/network/uplink.ts';
import { Clones, run } from '../support/clones.ts';
import {
  ELSEWHERE,
  HOST,
  HOST_PORT,
  INTERNET,
  Lab,
  Machine,
  METADATA,
  NAME_SERVER,
  NEIGHBOUR,
  OPEN,
  OTHERS,
  UDP_PORT,
} from './support/lab.ts';
import { inRouter } from './support/router.ts';

const INSTANCE = '/the/data/folder';
const link = linkOf(INSTANCE);

const isRoot = process.getuid?.() === 0;

/** What programs in guests try, and what they say became of it. */
const KIT = `
import json, socket
socket.setdefaulttimeout(4)
def tcp(host, port, family=socket.AF_INET):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as link:
            link.connect((host, port))
            link.sendall(b'hello')
            return link.recv(100).decode()
    except OSError as error:
        return type(error).__name__
def udp(host, port, text=b'hello', bind=None):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            if bind: link.bind(bind)
            link.connect((host, port))
            link.send(text)
            return link.recv(100).decode()
    except OSError as error:
        return type(error).__name__
def counters():
    with open('/proc/net/dev') as devices:
        fields = [line.split()[1:] for line in devices if line.strip().startswith('e')][0]
    return {'rxPackets': int(fields[1]), 'txPackets': int(fields[9])}
`;

/** Runs a program of the kit, which sets \`said\`. */
async function ask(guest: Guest, program: string): Promise<unknown> {
  const { stdout, stderr } = await run(guest, 'python', `${KIT}${program}\nprint(json.dumps(said))`);
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

describe.skipIf(!isRoot)('guests with a way out', () => {
  const stack = new AsyncDisposableStack();
  const faults: Error[] = [];
  let clones: Clones;
  let lab: Lab;
  let egress: Egress;
  let first: Guest;
  let second: Guest;
  let apart: Guest;
  beforeAll(async () => {
    // With the machine's own network, as it may have to build an image.
    clones = stack.use(await Clones.open());
    lab = stack.use(await Lab.open());
    egress = stack.use(
      await Egress.open({
        instance: INSTANCE,
        resolvers: [NAME_SERVER],
        onFault: (error) => faults.push(error),
      }),
    );
    [first, second, apart] = [await ready('first'), await ready('second'), await ready('apart')];
    await first.connect(OPEN);
    await second.connect(OPEN);
  }, 900_000);
  afterAll(async () => {
    await stack.disposeAsync();
    expect(faults).toEqual([]);
  });
  beforeEach(async () => {
    await lab.world.arrivals();
    await lab.host.arrivals();
  });

  async function ready(name: string): Promise<Guest> {
    const hosting = { ...clones.hosting, openPort: () => egress.port() };
    const folder = join(clones.home.path, 'guests', name);
    const guest = stack.use(await restoreGuest(clones.template.restorePoint, hosting, { name, folder }));
    await makeReady(guest, clones.template.readinessTerms);
    return guest;
  }

  const records = async (guest: Guest, destination: string): Promise<ConnectionRecord[]> =>
    (await guest.networkReport())?.connections.filter((record) => record.destination === destination) ?? [];

  it('reach the internet, by address and by name', async () => {
    const said = await ask(
      first,
      `said = [tcp('${INTERNET}', 80), tcp('example.com', 443), udp('${INTERNET}', ${UDP_PORT})]`,
    );
    expect(said).toEqual([
      `${INTERNET}:80 from ${HOST}`,
      `${INTERNET}:443 from ${HOST}`,
      `${INTERNET}:${UDP_PORT} from ${HOST}`,
    ]);
    const found = await records(first, INTERNET);
    expect(found.map(({ protocol, port }) => `${protocol} ${port}`).sort()).toEqual([
      'tcp 443',
      'tcp 80',
      'udp 999',
    ]);
    for (const { verdict, sentBytes, receivedBytes } of found) {
      expect(verdict).toBe('allowed');
      expect(Math.min(sentBytes, receivedBytes)).toBeGreaterThan(28);
    }
    const names = (await first.networkReport())?.names.filter(({ type }) => type === 'A');
    expect(names).toMatchObject([{ name: 'example.com', verdict: 'answered' }]);
  });

  it('reach nothing that is closed: metadata, private networks, the host, mail, other name servers', async () => {
    const closed = [METADATA, NEIGHBOUR, ...OTHERS];
    const own = [HOST, link.host, link.router, GATEWAY];
    const said = await ask(
      first,
      `
said = []
for host in ${JSON.stringify(closed)}: said += [tcp(host, 80), udp(host, ${UDP_PORT})]
for host in ${JSON.stringify(own)}: said += [tcp(host, ${HOST_PORT}), udp(host, ${UDP_PORT}), tcp(host, 22)]
said += [tcp('${ELSEWHERE}', 25), tcp('${INTERNET}', 53), udp('${INTERNET}', 53), udp('${NAME_SERVER}', 53)]
said += [udp('255.255.255.255', ${UDP_PORT}), udp('172.31.255.255', ${UDP_PORT}), udp('224.0.0.1', ${UDP_PORT})]
`,
    );
    const errors = ['OSError', 'ConnectionRefusedError', 'TimeoutError', 'PermissionError'];
    expect(said).toBeArrayOfSize(closed.length * 2 + own.length * 3 + 7);
    for (const answer of Array.isArray(said) ? said : []) expect(errors).toContain(answer);
    expect(await lab.world.arrivals()).toEqual([]);
    expect(await lab.host.arrivals()).toEqual([]);
    // It is the guest that is refused, not the network.
    expect(await lab.host.tcp(METADATA, 80)).toMatchObject({ ok: true });
    for (const address of [METADATA, NEIGHBOUR]) {
      const found = await records(first, address);
      expect(found.map(({ protocol, port }) => `${protocol} ${port}`).sort()).toEqual(['tcp 80', 'udp 999']);
      for (const record of found) expect(record).toMatchObject({ verdict: 'denied', receivedBytes: 0 });
    }
  }, 240_000);

  it('have no IPv6, and cannot make packets of their own', async () => {
    const said = await ask(
      first,
      `
def raw(*kind):
    try:
        socket.socket(*kind)
        return 'open'
    except OSError as error:
        return type(error).__name__
said = [
  tcp('2001:db8::1', 80, socket.AF_INET6), tcp('fe80::1', 80, socket.AF_INET6),
  raw(socket.AF_PACKET, socket.SOCK_RAW), raw(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
  # In the name of another: not an address of its own.
  udp('${INTERNET}', ${UDP_PORT}, bind=('${second.network.address}', 4000)),
]`,
    );
    expect(said).toEqual(['OSError', 'OSError', 'PermissionError', 'PermissionError', 'OSError']);
    expect(await lab.world.arrivals()).toEqual([]);
  });

  it('never reach each other', async () => {
    const before = (await second.networkReport())?.rxPackets;
    const listening = ask(
      second,
      `
with socket.socket() as server:
    server.bind(('0.0.0.0', 7000))
    server.listen()
    server.settimeout(15)
    try:
        server.accept()
        said = 'somebody came'
    except TimeoutError:
        said = 'nobody came'
`,
    );
    const places = [second.network.address, link.router, HOST, GATEWAY];
    const trying = ask(
      first,
      `said = [tcp(host, 7000) for host in ${JSON.stringify(places)}] + [udp('${second.network.address}', 7000)]`,
    );
    const [tried, heard] = await Promise.all([trying, listening]);
    expect(heard).toBe('nobody came');
    expect(tried).toBeArrayOfSize(5);
    for (const answer of Array.isArray(tried) ? tried : []) {
      expect(['OSError', 'ConnectionRefusedError', 'TimeoutError']).toContain(answer);
    }
    expect((await second.networkReport())?.rxPackets).toBe(before);
  }, 120_000);

  it('are counted as they count themselves', async () => {
    const before = await first.networkReport();
    const said = await ask(
      first,
      `
before = counters()
tcp('${INTERNET}', 80)
for _ in range(5): udp('${INTERNET}', ${UDP_PORT}), udp('${NEIGHBOUR}', ${UDP_PORT})
after = counters()
said = {name: after[name] - before[name] for name in after}
`,
    );
    const after = await first.networkReport();
    const grown = {
      rxPackets: (after?.rxPackets ?? 0) - (before?.rxPackets ?? 0),
      txPackets: (after?.txPackets ?? 0) - (before?.txPackets ?? 0),
    };
    expect(grown.txPackets).toBeGreaterThan(10);
    expect(said).toEqual(grown);
  });

  it('are the only ones: a guest that is not connected reaches nothing', async () => {
    const said = await ask(
      apart,
      `said = [tcp('${INTERNET}', 80), tcp('${GATEWAY}', 53), udp('${GATEWAY}', 53)]`,
    );
    // The gateway would be on its link; whatever is beyond, it has no way to.
    expect(said).toEqual(['OSError', expect.stringMatching(/Error$/), expect.stringMatching(/Error$/)]);
    expect(await apart.networkReport()).toBeNull();
    expect(await lab.world.arrivals()).toEqual([]);
  });

  it('keep the router for a next server, which finds it by them', async () => {
    const identities = await Promise.all([first, apart].map(({ pid }) => identifyProcess(pid)));
    using inheritance = await Inheritance.find(
      identities.flatMap((found) => found ?? []),
      link,
    );
    if (!inheritance) throw new Error('nothing is found');
    using network = inheritance.network;
    expect(await runIn(network, ['ip', '-brief', 'address', 'show', 'dev', 'uplink'])).toContain(link.router);
    const fd = inheritance.take({ ...first.network, number: 1 });
    expect(fd).toBeNumber();
    closeDescriptor(fd ?? -1);
    // Not connected: no tap.
    expect(inheritance.take({ ...apart.network, number: 3 })).toBeUndefined();
  });

  it('leave nothing in the router', async () => {
    const { port } = stack.use(await Machine.connect(egress.port(), 200));
    expect(await inRouter(port.fd, 'nft', 'list', 'ruleset')).toContain('from_1 ');
    for (const guest of [first, second, apart]) await guest[Symbol.asyncDispose]();
    const rules = await inRouter(port.fd, 'nft', 'list', 'ruleset');
    expect(rules.match(/from_\d+ \{/g)).toEqual(['from_200 {']);
    expect((await inRouter(port.fd, 'ip', '-brief', 'link')).match(/tap\d+/g)).toEqual(['tap200']);
    expect((await first.networkReport())?.connections).not.toEqual([]);
  });
});
