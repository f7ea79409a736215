import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type DecodedPacket, decode } from 'dns-packet';
import { RESOLVER_USER } from '../../src/host/users.ts';
import { NetworkNamespace } from '../../src/lib/network-namespace.ts';
import { identifyProcess, isAlive } from '../../src/lib/process-identity.ts';
import { GIVEN_NETWORK, IP_BATCH, run, runIn } from '../../src/network/command.ts';
import { Resolver, ResolverError } from '../../src/network/resolver/resolver.ts';
import { BunProgram } from '../support/bun-program.ts';
import { addressRecord, question, reply } from '../support/dns.ts';
import { failure } from '../support/failure.ts';
import { ScriptedNameServer } from '../support/scripted-name-server.ts';
import { until } from '../support/until.ts';
import { stay } from './support/stay.ts';

const ROOT = join(import.meta.dirname, '../..');
const DENO = join(ROOT, 'node_modules/.bin/deno');
const RESOLVER = join(ROOT, 'src/network/resolver/resolver.ts');

const isRoot = process.getuid?.() === 0;
const GUEST = '172.16.0.1';
const GATEWAY = '172.31.255.254';
const NAME_SERVER = '10.255.255.53';
const NAME = 'www.example.com';

const lines = (...commands: readonly string[]) => `${commands.join('\n')}\n`;

/** Lets this thread work in a network; nothing else may go on in the test meanwhile. */
async function within<T>(network: NetworkNamespace, work: () => Promise<T>): Promise<T> {
  using _ = stay(network);
  return await work();
}

/** A guest and a name server with a router between them, none of them on the machine's own network. */
class Surroundings implements Disposable {
  readonly router: NetworkNamespace;
  readonly nameServer: ScriptedNameServer;
  readonly #guest: Socket;
  readonly #answers: DecodedPacket[] = [];
  readonly #resources: DisposableStack;

  private constructor(
    router: NetworkNamespace,
    nameServer: ScriptedNameServer,
    guest: Socket,
    resources: DisposableStack,
  ) {
    this.router = router;
    this.nameServer = nameServer;
    this.#guest = guest;
    this.#resources = resources;
    guest.on('message', (packet) => this.#answers.push(decode(packet)));
  }

  static async make(): Promise<Surroundings> {
    using stack = new DisposableStack();
    const [router, guest, world] = [0, 0, 0].map(() => stack.use(NetworkNamespace.create()));
    if (!router || !guest || !world) throw new Error('there are three');
    await runIn(router, IP_BATCH, lines('link set lo up', `address add ${GATEWAY}/32 dev lo`));
    const ends = [
      { network: guest, name: 'guest', address: `${GUEST}/12`, route: `${GUEST}/32` },
      { network: world, name: 'world', address: `${NAME_SERVER}/24`, route: `${NAME_SERVER}/32` },
    ];
    for (const { network, name, address, route } of ends) {
      const cable = `link add eth0 type veth peer name ${name} netns ${GIVEN_NETWORK}`;
      const set = [`address add ${address} dev eth0`, 'link set eth0 up'];
      await run(['nsenter', `--net=${network.path}`, ...IP_BATCH], {
        network: router,
        input: lines(cable, ...set, ...(name === 'world' ? ['route add default dev eth0'] : [])),
      });
      await runIn(router, IP_BATCH, lines(`link set ${name} up`, `route add ${route} dev ${name}`));
    }
    const nameServer = stack.use(
      await within(world, () =>
        ScriptedNameServer.start(
          (packet) => [reply(packet, [addressRecord(NAME, '1.2.3.4')])],
          NAME_SERVER,
          53,
        ),
      ),
    );
    const socket = stack.adopt(createSocket('udp4'), (open) => open.close());
    await within(
      guest,
      () => new Promise<void>((resolve) => socket.bind({ address: GUEST, port: 0 }, resolve)),
    );
    return new Surroundings(router, nameServer, socket, stack.move());
  }

  /** Asks as the guest, again and again as a library does, until there is an answer. */
  async ask(name: string): Promise<DecodedPacket | undefined> {
    this.#answers.length = 0;
    const find = () => this.#answers.find(({ questions }) => questions?.[0]?.name === name);
    await until('an answer', () => {
      this.#guest.send(question(name), 53, GATEWAY);
      return find() !== undefined;
    });
    return find();
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}

/** The resolver's processes that a process has started. */
function resolversOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const [, ppid] = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return Number(ppid) === parent && command.includes('network/resolver/main.ts');
      } catch {
        return false;
      }
    })
    .map(Number);
}

function onlyResolverOf(parent: number): number {
  const [pid, ...others] = resolversOf(parent);
  if (pid === undefined || others.length > 0) throw new Error('there is not one resolver');
  return pid;
}

describe.skipIf(!isRoot)('the resolver of guests', () => {
  let surroundings: Surroundings;
  let resolver: Resolver;
  const faults: Error[] = [];

  beforeAll(async () => {
    surroundings = await Surroundings.make();
    resolver = await Resolver.start({
      networkNamespace: surroundings.router.path,
      listen: GATEWAY,
      upstreams: [NAME_SERVER],
      onFault: (error) => faults.push(error),
    });
  });

  afterAll(async () => {
    await resolver?.[Symbol.asyncDispose]();
    surroundings?.[Symbol.dispose]();
    expect(resolversOf(process.pid)).toEqual([]);
  });

  test('answers a guest that was admitted, by way of the name server, and tells what it asked', async () => {
    resolver.admit(GUEST);
    expect((await surroundings.ask(NAME))?.answers).toMatchObject([
      { type: 'A', name: NAME, data: '1.2.3.4' },
    ]);
    expect((await surroundings.ask('db.internal'))?.answers).toEqual([]);
    expect(
      surroundings.nameServer.asked.every(({ packet }) => decode(packet).questions?.[0]?.name === NAME),
    ).toBe(true);
    expect(await resolver.names(GUEST)).toMatchObject([
      { name: NAME, type: 'A', verdict: 'answered' },
      { name: 'db.internal', type: 'A', verdict: 'refused' },
    ]);
    expect(await resolver.names('172.16.0.2')).toEqual([]);
  });

  test('forgets a guest that was dismissed', async () => {
    resolver.dismiss(GUEST);
    expect(await resolver.names(GUEST)).toEqual([]);
    resolver.admit(GUEST);
    expect(await resolver.names(GUEST)).toEqual([]);
    await surroundings.ask(NAME);
    expect(await resolver.names(GUEST)).toHaveLength(1);
  });

  test('has no rights in any of its threads', async () => {
    const pid = onlyResolverOf(process.pid);
    const user = `${RESOLVER_USER}\t`.repeat(4).trim();
    const threads = readdirSync(`/proc/${pid}/task`);
    expect(threads.length).toBeGreaterThan(1);
    for (const thread of threads) {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
      expect(status).toContain(`\nUid:\t${user}\n`);
      expect(status).toContain(`\nGid:\t${user}\n`);
      expect(status).toMatch(/^Groups:\s*$/m);
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) {
        expect(status).toContain(`\n${set}:\t0000000000000000\n`);
      }
      expect(status).toContain('\nNoNewPrivs:\t1\n');
    }
  });

  test('has no file system, and nothing open but sockets and what its runtime waits with', async () => {
    const pid = onlyResolverOf(process.pid);
    for (const place of ['root', 'cwd'])
      expect(readlinkSync(`/proc/${pid}/${place}`)).toEndWith(' (deleted)');
    const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    for (const what of open) expect(what).toMatch(/^(?:socket|pipe|anon_inode):/);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('CODELAND');
  });

  test('is in the router’s network', () => {
    const pid = onlyResolverOf(process.pid);
    const router = surroundings.router.enter(() => readlinkSync('/proc/thread-self/ns/net'));
    expect(readlinkSync(`/proc/${pid}/ns/net`)).toBe(router);
  });

  test('is started again when it dies, and knows its guests', async () => {
    resolver.admit(GUEST);
    const killed = onlyResolverOf(process.pid);
    const before = faults.length;
    process.kill(killed, 'SIGKILL');
    await until('the fault', () => faults.length > before);
    expect(faults.at(-1)).toBeInstanceOf(ResolverError);
    expect(await failure(resolver.names(GUEST))).toBeInstanceOf(ResolverError);
    expect((await surroundings.ask(NAME))?.answers).toHaveLength(1);
    expect(onlyResolverOf(process.pid)).not.toBe(killed);
    expect(await resolver.names(GUEST)).toHaveLength(1);
  });

  test.each([
    ['where another listens already', () => surroundings.router.path, 'EADDRINUSE'],
    ['where there is no network', () => '/proc/self/fd/none', '/proc/self/fd/none'],
  ])('is not started %s, and says why', async (_, network, why) => {
    const error = await failure(
      Resolver.start({
        networkNamespace: network(),
        listen: GATEWAY,
        upstreams: [NAME_SERVER],
        onFault: () => {},
      }),
    );
    expect(error).toBeInstanceOf(ResolverError);
    expect(String(error)).toContain(why);
    expect(resolversOf(process.pid)).toHaveLength(1);
  });

  test('runs under Deno as well', async () => {
    using network = NetworkNamespace.create();
    await runIn(network, IP_BATCH, lines('link set lo up'));
    const program = `
      const { Resolver } = await import(${JSON.stringify(RESOLVER)});
      const resolver = await Resolver.start({
        networkNamespace: ${JSON.stringify(network.path)},
        listen: '127.0.0.1',
        upstreams: [],
        onFault() {},
      });
      resolver.admit('127.0.0.1');
      console.log(JSON.stringify(await resolver.names('127.0.0.1')));
      await resolver[Symbol.asyncDispose]();
    `;
    // Deno finds what modules import by the folder that it works in.
    const deno = spawn(DENO, ['eval', program], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    expect(await text(deno.stdout)).toBe('[]\n');
  });

  test('ends with a server that is killed, even when it hangs itself', async () => {
    for (const hangs of [false, true]) {
      await using server = new BunProgram(`
        const { Resolver } = await src('network/resolver/resolver.ts');
        const { NetworkNamespace } = await src('lib/network-namespace.ts');
        const { run, runIn, IP_BATCH } = await src('network/command.ts');
        const network = NetworkNamespace.create();
        await runIn(network, IP_BATCH, 'link set lo up\\n');
        await Resolver.start({ networkNamespace: network.path, listen: '127.0.0.1', upstreams: [], onFault() {} });
        console.log('started');
      `);
      await server.prints('started');
      const pid = onlyResolverOf(server.process.pid ?? 0);
      const identity = await identifyProcess(pid);
      if (!identity) throw new Error('it has started');
      if (hangs) process.kill(pid, 'SIGSTOP');
      await server.kill();
      await until('its end', async () => !(await isAlive(identity)));
    }
  });
});

describe.skipIf(!isRoot)('a resolver that was taken over', () => {
  test('has no file open that it could write: it is not started with one', async () => {
    await using program = new BunProgram(`
      const { giveUpRights } = await src('network/resolver/rights.ts');
      (await import('node:fs')).openSync('/etc/hostname', 'r');
      try { giveUpRights(${RESOLVER_USER}); } catch ({ message }) { console.log(message); }
    `);
    await program.ended();
    expect(program.output).toBe('the process still has open: /etc/hostname\n');
  });

  test('cannot read, write, start or become anything', async () => {
    await using program = new BunProgram(`
      const { giveUpRights } = await src('network/resolver/rights.ts');
      const { libc } = await src('lib/libc.ts');
      const fs = await import('node:fs');
      const { spawnSync } = await import('node:child_process');
      giveUpRights(${RESOLVER_USER});
      const attempts = {
        read: () => fs.readFileSync('/etc/passwd'),
        list: () => { if (fs.readdirSync('/').length === 0) throw new Error('empty'); },
        climb: () => fs.readFileSync('../../../../../etc/passwd'),
        proc: () => fs.readFileSync('/proc/self/status'),
        write: () => fs.writeFileSync('/file', ''),
        folder: () => fs.mkdirSync('/folder'),
        link: () => fs.symlinkSync('/etc', '/link'),
        start: () => { const { error } = spawnSync('/bin/true'); if (error) throw error; },
        startItself: () => { const { error } = spawnSync(process.execPath, ['-e', '1']); if (error) throw error; },
        beRoot: () => process.setuid(0),
        beRootGroup: () => process.setgid(0),
        groups: () => process.setgroups([0]),
        chroot: () => { if (libc.chroot(new TextEncoder().encode('.\\0')) !== 0) throw new Error('refused'); },
        network: () => { if (libc.unshare(0x40000000) !== 0) throw new Error('refused'); },
        signal: () => process.kill(process.ppid, 0),
      };
      const done = Object.entries(attempts).filter(([, attempt]) => {
        try { attempt(); return true; } catch { return false; }
      });
      console.log('done: ' + JSON.stringify(done.map(([name]) => name)) + '.');
    `);
    await program.prints('].');
    expect(program.output.trim()).toBe('done: [].');
  });
});
