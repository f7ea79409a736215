import { describe, expect, test } from 'bun:test';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { decode, type RecordType } from 'dns-packet';
import { Service } from '../../../../src/network/resolver/service.ts';
import { firstMessage, withLength } from '../../../../src/network/resolver/stream.ts';
import { parseUpstream } from '../../../../src/network/resolver/upstream.ts';
import { addressRecord, question, reply } from '../../../support/dns.ts';
import { ScriptedNameServer } from '../../../support/scripted-name-server.ts';
import { until } from '../../../support/until.ts';

const HOST = '127.0.0.1';
const GUEST = '127.0.0.2';
const OTHER = '127.0.0.3';
const TRUNCATED = 0x0200;

/** A port that is free for both protocols. */
async function freePort(): Promise<number> {
  using server = await ScriptedNameServer.start(() => []);
  return parseUpstream(server.upstream).port;
}

/** A service with one guest. */
async function serve(...upstreams: readonly ScriptedNameServer[]) {
  const service = new Service(upstreams.map(({ upstream }) => parseUpstream(upstream)));
  const port = await freePort();
  const listening = await service.listen(HOST, port);
  service.guests.admit(GUEST);
  return { guests: service.guests, port, [Symbol.dispose]: () => listening[Symbol.dispose]() };
}

/** One who asks by UDP. */
class Asker implements Disposable {
  readonly answers: Buffer[] = [];
  readonly #socket = createSocket('udp4');
  readonly #port: number;

  private constructor(port: number) {
    this.#port = port;
    this.#socket.on('message', (packet) => this.answers.push(packet));
  }

  static async start(port: number, address = GUEST): Promise<Asker> {
    const asker = new Asker(port);
    await new Promise<void>((resolve) => asker.#socket.bind({ address, port: 0 }, resolve));
    return asker;
  }

  send(packet: Uint8Array): void {
    this.#socket.send(packet, this.#port, HOST);
  }

  /** Asks, and waits for one more answer. */
  async ask(name: string, type: RecordType = 'A') {
    const before = this.answers.length;
    this.send(question(name, type));
    await until('an answer', () => this.answers.length > before);
    return decode(this.answers.at(-1) ?? Buffer.alloc(0));
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** What comes back on a connection until it ends, or until `enough` messages are there. */
async function overTcp(port: number, bytes: Uint8Array, enough: number, address = GUEST): Promise<Buffer[]> {
  const socket = connect({ host: HOST, port, localAddress: address });
  const { promise, resolve } = Promise.withResolvers<void>();
  const messages: Buffer[] = [];
  let received = new Uint8Array(0);
  socket.on('connect', () => socket.write(bytes));
  socket.on('data', (chunk: Uint8Array) => {
    received = Buffer.concat([received, chunk]);
    for (let message = firstMessage(received); message; message = firstMessage(received)) {
      received = received.subarray(2 + message.length);
      messages.push(message);
    }
    if (messages.length >= enough) resolve();
  });
  socket.on('error', () => resolve());
  socket.on('close', () => resolve());
  await promise;
  socket.destroy();
  return messages;
}

const address = (packet: Buffer) => {
  const [asked] = decode(packet).questions ?? [];
  return [reply(packet, [addressRecord(asked?.name ?? '', '1.2.3.4')])];
};

describe('a guest', () => {
  test('is answered by UDP and by TCP, and what it asked is recorded', async () => {
    using server = await ScriptedNameServer.start(address);
    using service = await serve(server);
    using asker = await Asker.start(service.port);
    expect(await asker.ask('www.example.com')).toMatchObject({
      flag_ra: true,
      answers: [{ name: 'www.example.com', data: '1.2.3.4' }],
    });
    const questions = Buffer.concat([
      withLength(question('a.example.com')),
      withLength(question('b.internal')),
      withLength(question('a.example.com')),
    ]);
    expect(await overTcp(service.port, questions, 3)).toHaveLength(3);
    expect(service.guests.get(GUEST)?.names()).toEqual([
      { name: 'www.example.com', type: 'A', count: 1, verdict: 'answered' },
      { name: 'a.example.com', type: 'A', count: 2, verdict: 'answered' },
      { name: 'b.internal', type: 'A', count: 1, verdict: 'refused' },
    ]);
  });

  test('has local names, other types and other operations answered without a name server', async () => {
    using server = await ScriptedNameServer.start(address);
    using service = await serve(server);
    using asker = await Asker.start(service.port);
    expect((await asker.ask('printer.local')).answers).toEqual([]);
    expect((await asker.ask('www.example.com', 'AAAA')).answers).toEqual([]);
    expect((await asker.ask('www.example.com', 'DNSKEY')).answers).toEqual([]);
    asker.send(Buffer.alloc(12));
    await until('an answer', () => asker.answers.length === 4);
    expect(asker.answers.map((packet) => packet.readUInt16BE(2) & 0xf)).toEqual([3, 0, 5, 1]);
    expect(server.asked).toEqual([]);
  });

  test('that is not admitted, or not any more, is not answered', async () => {
    using server = await ScriptedNameServer.start(address);
    using service = await serve(server);
    using stranger = await Asker.start(service.port, OTHER);
    using asker = await Asker.start(service.port);
    stranger.send(question('www.example.com'));
    await asker.ask('www.example.com');
    expect(stranger.answers).toEqual([]);
    expect(await overTcp(service.port, withLength(question('a.example.com')), 1, OTHER)).toEqual([]);
    service.guests.dismiss(GUEST);
    service.guests.admit(OTHER);
    asker.send(question('www.example.com'));
    await stranger.ask('www.example.com');
    expect(asker.answers).toHaveLength(1);
    expect(server.asked).toHaveLength(2);
  });

  test('is not answered what another with its address asked', async () => {
    const dismissed = Promise.withResolvers<void>();
    using server = await ScriptedNameServer.start(async (packet) => {
      await dismissed.promise;
      return address(packet);
    });
    using service = await serve(server);
    using asker = await Asker.start(service.port);
    asker.send(question('first.example.com'));
    await until('the question', () => server.asked.length === 1);
    service.guests.dismiss(GUEST);
    service.guests.admit(GUEST);
    dismissed.resolve();
    // What is asked now goes the same way, and comes after.
    expect((await asker.ask('second.example.com')).answers).toMatchObject([{ name: 'second.example.com' }]);
    expect(asker.answers).toHaveLength(1);
  });

  test('that floods is answered in part, and others still are', async () => {
    using server = await ScriptedNameServer.start(address);
    using service = await serve(server);
    service.guests.admit(OTHER);
    using flooder = await Asker.start(service.port);
    using other = await Asker.start(service.port, OTHER);
    for (let sent = 0; sent < 2_000; sent += 1) flooder.send(question('x.internal'));
    // The flood fills the queue of the socket; what is lost there is asked again, as libraries do.
    await until('an answer', () => {
      other.send(question('www.example.com'));
      return other.answers.length > 0;
    });
    expect(flooder.answers.length).toBeLessThan(2_000);
  });

  test('waits for 16 answers at most', async () => {
    using silent = await ScriptedNameServer.start(() => []);
    using service = await serve(silent);
    using asker = await Asker.start(service.port);
    for (let sent = 0; sent < 60; sent += 1) asker.send(question('www.example.com'));
    expect((await asker.ask('x.internal')).answers).toEqual([]);
    expect(silent.asked.length).toBeLessThanOrEqual(16);
  });

  test.each([
    ['announces too long a message', Buffer.concat([Buffer.of(0xff, 0xff), Buffer.alloc(600)])],
    [
      'floods its connection',
      Buffer.concat(Array.from({ length: 2_000 }, () => withLength(question('x.internal')))),
    ],
  ])('that %s loses its connection', async (_, bytes) => {
    using service = await serve();
    const messages = await overTcp(service.port, bytes, Number.POSITIVE_INFINITY);
    expect(messages.length).toBeLessThan(2_000);
  });

  test('has four connections at once, and none when it is dismissed', async () => {
    using service = await serve();
    const open = Array.from({ length: 6 }, () =>
      connect({ host: HOST, port: service.port, localAddress: GUEST }),
    );
    let closed = 0;
    for (const socket of open) {
      socket.resume();
      socket.on('error', () => {});
      socket.on('close', () => {
        closed += 1;
      });
    }
    await until('two to be closed', () => closed >= 2);
    // A fifth was not taken: what the others ask is answered.
    for (const socket of open) if (!socket.destroyed) socket.write(withLength(question('x.internal')));
    await until('four names', () => service.guests.get(GUEST)?.names()[0]?.count === 4);
    expect(closed).toBe(2);
    service.guests.dismiss(GUEST);
    await until('all to be closed', () => closed === 6);
  });
});

describe('a name server', () => {
  test('that fails or says nothing readable is passed over', async () => {
    const fail = (rcode: number) => (packet: Buffer) => [reply(packet, [], rcode)];
    const cut = (packet: Buffer) => [
      reply(packet, [addressRecord('www.example.com', '1.2.3.4')]).subarray(0, 50),
    ];
    for (const script of [fail(2), fail(5), cut]) {
      using bad = await ScriptedNameServer.start(script);
      using good = await ScriptedNameServer.start(address);
      using service = await serve(bad, good);
      using asker = await Asker.start(service.port);
      expect((await asker.ask('www.example.com')).answers).toHaveLength(1);
      expect([bad.asked.length, good.asked.length]).toEqual([1, 1]);
    }
  });

  test('that is not there is passed over; when none is left, the guest is told of a failure', async () => {
    const gone = await ScriptedNameServer.start(address);
    gone[Symbol.dispose]();
    using good = await ScriptedNameServer.start(address);
    using service = await serve(gone, good);
    using asker = await Asker.start(service.port);
    expect((await asker.ask('www.example.com')).answers).toHaveLength(1);
    using alone = await serve(gone);
    using unlucky = await Asker.start(alone.port);
    await unlucky.ask('www.example.com');
    expect((unlucky.answers[0]?.readUInt16BE(2) ?? 0) & 0xf).toBe(2);
  });

  test('is asked by TCP when its answer was cut', async () => {
    const records = Array.from({ length: 60 }, (_, index) =>
      addressRecord('www.example.com', `1.2.3.${index}`),
    );
    using server = await ScriptedNameServer.start((packet, transport) =>
      transport === 'udp' ? [reply(packet, [], TRUNCATED)] : [reply(packet, records)],
    );
    using service = await serve(server);
    using asker = await Asker.start(service.port);
    expect(await asker.ask('www.example.com')).toMatchObject({ flag_tc: true, answers: [] });
    const [message] = await overTcp(service.port, withLength(question('www.example.com')), 1);
    expect(decode(message ?? Buffer.alloc(0)).answers).toHaveLength(60);
    expect(server.asked.map(({ transport }) => transport)).toEqual(['udp', 'tcp', 'udp', 'tcp']);
  });

  test('is not believed when it answers another question; what comes after still counts', async () => {
    using server = await ScriptedNameServer.start((packet) => {
      const forged = reply(packet, [addressRecord('www.example.com', '6.6.6.6')]);
      forged.writeUInt16BE(packet.readUInt16BE(0) ^ 1, 0);
      const other = reply(question('www.example.org', 'A', { id: packet.readUInt16BE(0) }), [
        addressRecord('www.example.com', '6.6.6.6'),
      ]);
      return [Buffer.alloc(0), Buffer.alloc(500, 0xff), forged, other, packet, ...address(packet)];
    });
    using service = await serve(server);
    using asker = await Asker.start(service.port);
    expect((await asker.ask('www.example.com')).answers).toMatchObject([{ data: '1.2.3.4' }]);
  });

  test('sees another port and another id each time', async () => {
    using server = await ScriptedNameServer.start(address);
    using service = await serve(server);
    using asker = await Asker.start(service.port);
    for (let asked = 0; asked < 20; asked += 1) await asker.ask('www.example.com');
    expect(new Set(server.asked.map(({ port }) => port)).size).toBeGreaterThan(10);
    expect(new Set(server.asked.map(({ packet }) => packet.readUInt16BE(0))).size).toBeGreaterThan(10);
  });
});
