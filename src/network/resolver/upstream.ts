/** Asks name servers. What they send is not trusted: it is bounded, and what does not answer the question is passed over. */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { isAnswerTo, isTruncated, type Outcome, readOutcome, writeQuestion } from './answer.ts';
import { ANSWER_BYTES, ANSWER_MS } from './limits.ts';
import type { PassedType } from './question.ts';
import { firstMessage, withLength } from './stream.ts';

/** A name server. */
export type Upstream = { readonly address: string; readonly port: number };

const DNS_PORT = 53;

/** @param text `192.0.2.1` or `192.0.2.1:5353`. */
export function parseUpstream(text: string): Upstream {
  const [address = '', port = DNS_PORT] = text.split(':');
  return { address, port: Number(port) };
}

/**
 * Asks one name server after the other until one knows.
 * @returns undefined when none has an answer in time. Never rejects.
 */
export async function ask(
  upstreams: readonly Upstream[],
  name: string,
  type: PassedType,
): Promise<Outcome | undefined> {
  const deadline = performance.now() + ANSWER_MS.all;
  for (const upstream of upstreams) {
    const timeMs = Math.min(ANSWER_MS.each, deadline - performance.now());
    if (timeMs <= 0) return undefined;
    const outcome = await askOne(upstream, name, type, timeMs).catch(() => undefined);
    if (outcome) return outcome;
  }
  return undefined;
}

async function askOne(
  upstream: Upstream,
  name: string,
  type: PassedType,
  timeMs: number,
): Promise<Outcome | undefined> {
  const signal = AbortSignal.timeout(timeMs);
  // The id and the port, which the kernel chooses at random for each question, are what a forger has to guess
  // (RFC 5452). The case of letters is left alone: some name servers do not give it back.
  const question = writeQuestion(randomInt(0x1_0000), name, type);
  const short = await askByUdp(upstream, question, signal);
  const answer = isTruncated(short) ? await askByTcp(upstream, question, signal) : short;
  return readOutcome(answer, name, type);
}

/** @throws {Error} When nothing comes in time, or nobody is there. */
function askByUdp({ address, port }: Upstream, question: Buffer, signal: AbortSignal): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const socket = createSocket('udp4');
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  socket.on('error', reject);
  socket.on('message', (packet) => {
    if (isAnswerTo(question, packet)) resolve(packet);
  });
  // Connected: the kernel drops what others send, and tells when nobody is there.
  socket.connect(port, address, () => socket.send(question));
  return promise.finally(() => {
    signal.removeEventListener('abort', abort);
    socket.close();
  });
}

/** @throws {Error} When nothing comes in time, or something else than an answer. */
function askByTcp({ address, port }: Upstream, question: Buffer, signal: AbortSignal): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const socket = connect({ host: address, port });
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  let received = new Uint8Array(0);
  socket.on('connect', () => socket.write(withLength(question)));
  socket.on('data', (chunk: Uint8Array) => {
    received = Buffer.concat([received, chunk]);
    const packet = firstMessage(received);
    if (packet && isAnswerTo(question, packet)) resolve(packet);
    else if (packet) reject(new Error('this is no answer'));
    else if (received.length > ANSWER_BYTES) reject(new Error('the answer is too long'));
  });
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('the name server hung up')));
  return promise.finally(() => {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  });
}
