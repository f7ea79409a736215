/**
 * A machine's programs, in one: servers that answer with what they see, and a client that says what became of it.
 * Reads a command a line, and answers each with a line.
 */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Answer, Command } from './peer.ts';

const arrivals: string[] = [];

async function serveTcp(port: number): Promise<void> {
  const server = createServer((socket) => {
    const { localAddress, localPort, remoteAddress } = socket;
    arrivals.push(`tcp ${localAddress}:${localPort}`);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      const wanted = /^send (\d+)$/m.exec(chunk.toString())?.[1];
      if (wanted) socket.write(Buffer.alloc(Number(wanted), 'x'));
      else socket.write(`${localAddress}:${localPort} from ${remoteAddress}`);
      if (!chunk.toString().startsWith('stay')) socket.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '0.0.0.0', resolve);
  });
}

async function serveUdp(address: string, port: number): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (message, { address: from, port: to }) => {
    arrivals.push(`udp ${address}:${port} ${message.length}`);
    // A flood is not answered.
    // Whether an answer can be sent is the asker's affair.
    if (message.length < 100) socket.send(`${address}:${port} from ${from}`, to, from, () => {});
  });
  await new Promise<void>((resolve, reject) => {
    // Later, one that does not want its answer is no error.
    socket.on('error', reject).bind(port, address, resolve);
  });
}

const MOST_MS = 3_000;

function tcp(address: string, port: number, say: string): Promise<Answer> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: address, port });
    const end = (answer: Answer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end({ ok: false, text: 'timeout' }), MOST_MS);
    socket.on('connect', () => socket.write(say));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.length > 200 ? String(chunk.length) : chunk.toString();
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end({ ok: false, text: error.code ?? error.message }),
    );
    socket.on('end', () => end({ ok: true, text }));
  });
}

const held: Socket[] = [];

/** Opens so many connections that stay open, and says how many there are. */
async function hold(address: string, port: number, count: number): Promise<Answer> {
  const opened = await Promise.all(
    Array.from({ length: count }, () => {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const socket = connect({ host: address, port });
      held.push(socket);
      socket.on('connect', () => socket.write('stay'));
      socket.on('data', () => resolve(true));
      socket.on('error', () => resolve(false));
      setTimeout(() => resolve(false), MOST_MS);
      return promise;
    }),
  );
  return { ok: true, text: String(opened.filter(Boolean).length) };
}

function udp(address: string, port: number, say: string): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (answer: Answer) => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => end({ ok: false, text: 'timeout' }), MOST_MS);
    socket.on('message', (message) => end({ ok: true, text: message.toString() }));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end({ ok: false, text: error.code ?? error.message }),
    );
    // Connected, so that a refusal is told.
    socket.connect(port, address, () => socket.send(say));
  });
}

/** Of connections that are cut off nothing is heard any more. */
async function sayAgain(): Promise<Answer> {
  const answered = await Promise.all(
    held.map((socket) => {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      socket.once('data', () => resolve(true));
      socket.write('stay');
      setTimeout(() => resolve(false), MOST_MS);
      return promise;
    }),
  );
  return { ok: true, text: String(answered.filter(Boolean).length) };
}

/** A name server that knows one address for every name. */
async function serveNames(address: string, answer: string): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (question, { address: from, port }) => {
    const end = question.indexOf(0, 12) + 5;
    const reply = Buffer.concat([
      question.subarray(0, 2),
      // An answer, with recursion; one question, one record.
      Buffer.from([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]),
      question.subarray(12, end),
      // The name of the question; A, IN, a minute, four bytes.
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...answer.split('.').map(Number)]),
    ]);
    socket.send(reply, port, from, () => {});
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject).bind(53, address, resolve);
  });
}

async function lookUp(server: string, name: string): Promise<Answer> {
  const resolver = new Resolver({ timeout: MOST_MS, tries: 1 });
  resolver.setServers([server]);
  const addresses = await resolver.resolve4(name);
  return { ok: true, text: addresses.join(' ') };
}

async function obey(command: Command): Promise<Answer> {
  switch (command.type) {
    case 'serve':
      for (const port of command.tcp) await serveTcp(port);
      for (const { address, port } of command.udp) await serveUdp(address, port);
      return { ok: true, text: '' };
    case 'arrivals':
      return { ok: true, text: arrivals.splice(0).join('\n') };
    case 'tcp':
      return tcp(command.address, command.port, command.say);
    case 'hold':
      return hold(command.address, command.port, command.count);
    case 'sayAgain':
      return sayAgain();
    case 'udp':
      return udp(command.address, command.port, command.say);
    case 'names':
      await serveNames(command.address, command.answer);
      return { ok: true, text: '' };
    case 'lookUp':
      return lookUp(command.server, command.name);
  }
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { id, command }: { id: number; command: Command } = JSON.parse(line);
  void obey(command)
    .catch((error: unknown) => ({ ok: false, text: String(error) }))
    .then((answer) => process.stdout.write(`${JSON.stringify({ id, answer })}\n`));
});
lines.on('close', () => process.exit(0));
