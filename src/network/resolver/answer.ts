/**
 * Answers: what is taken from a name server's, and what a guest gets. A guest never gets a name server's bytes, only
 * records that were understood and are written anew: what was looked through is what it reads.
 */
import { isIPv4 } from 'node:net';
import { type Answer, decode, encode, type OptAnswer, type Packet } from 'dns-packet';
import { ANSWER_RECORDS, UDP_BYTES } from './limits.ts';
import { isClosed, isPlain } from './names.ts';
import { HEADER_BYTES, type PassedType, type Question, Rcode, withCounts } from './question.ts';

// Bits of the second two bytes of a header.
const ANSWER = 0x8000;
const OPCODE = 0x7800;
const TRUNCATED = 0x0200;
const RECURSION_DESIRED = 0x0100;
const RECURSION_AVAILABLE = 0x0080;
const RCODE = 0x000f;

/** Largest message over TCP, bytes: its length has two. */
const MESSAGE_BYTES = 65_535;

/** What came of a question. */
export type Outcome = { readonly rcode: number; readonly records: readonly Answer[] };

/** Says that the sender takes answers of this size. */
const EXTENSION: OptAnswer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: UDP_BYTES.extended,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

/** A question to a name server. @param name In lower case. */
export const writeQuestion = (id: number, name: string, type: PassedType): Buffer =>
  encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ name, type, class: 'IN' }],
    additionals: [EXTENSION],
  });

/** Whether a packet answers a question: same id, same question. @param question As {@link writeQuestion} made it. */
export function isAnswerTo(question: Buffer, packet: Buffer): boolean {
  const end = question.length - EXTENSION_BYTES;
  if (packet.length < end || packet.readUInt16BE(0) !== question.readUInt16BE(0)) return false;
  const flags = packet.readUInt16BE(2);
  if ((flags & ANSWER) === 0 || (flags & OPCODE) !== 0 || packet.readUInt16BE(4) !== 1) return false;
  // Case does not count (RFC 4343); the length of a label is below all letters.
  const lower = (bytes: Buffer) => bytes.toString('latin1', HEADER_BYTES, end).toLowerCase();
  return lower(packet) === lower(question);
}

/** Of the OPT record without options. */
const EXTENSION_BYTES = 11;

/** @param packet For which {@link isAnswerTo}. */
export const isTruncated = (packet: Buffer): boolean => (packet.readUInt16BE(2) & TRUNCATED) !== 0;

/**
 * What a name server said, as far as guests are told.
 * @param packet For which {@link isAnswerTo}.
 * @returns undefined when the name server has no answer.
 * @throws {Error} When the packet cannot be read.
 */
export function readOutcome(packet: Buffer, name: string, type: PassedType): Outcome | undefined {
  const rcode = packet.readUInt16BE(2) & RCODE;
  if (rcode !== Rcode.noError && rcode !== Rcode.noName) return undefined;
  const count = Math.min(packet.readUInt16BE(6), ANSWER_RECORDS);
  const { answers = [] } = decode(withCounts(packet, 1, count));
  // The name itself, and what it is another name for. A name server writes these in order.
  const names = new Set([name]);
  const records: Answer[] = [];
  for (const found of answers) {
    const record = clean(found);
    if (!record || !names.has(record.name.toLowerCase())) continue;
    if (record.type === 'CNAME' && 'data' in record && typeof record.data === 'string') {
      names.add(record.data.toLowerCase());
    } else if (record.type !== type) continue;
    records.push(record);
  }
  return { rcode, records };
}

const isTarget = (name: string) => name === '.' || isPlain(name);

/** A record made of nothing but what was understood of another, or undefined when guests are not told of it. */
function clean(record: Answer): Answer | undefined {
  if (record.type === 'OPT' || record.class !== 'IN' || record.flush || !isPlain(record.name))
    return undefined;
  const { name, ttl = 0 } = record;
  if (record.type === 'A') {
    const { type, data } = record;
    return isIPv4(data) && !isClosed(data) ? { type, name, ttl, data } : undefined;
  }
  if (record.type === 'CNAME' || record.type === 'NS' || record.type === 'PTR') {
    const { type, data } = record;
    return isPlain(data) ? { type, name, ttl, data } : undefined;
  }
  if (record.type === 'MX') {
    const { preference = 0, exchange } = record.data;
    return isTarget(exchange) ? { type: 'MX', name, ttl, data: { preference, exchange } } : undefined;
  }
  if (record.type === 'SRV') {
    const { priority = 0, weight = 0, port, target } = record.data;
    return isTarget(target)
      ? { type: 'SRV', name, ttl, data: { priority, weight, port, target } }
      : undefined;
  }
  if (record.type === 'SOA') {
    const { mname, rname } = record.data;
    return isTarget(mname) && isTarget(rname) ? { type: 'SOA', name, ttl, data: record.data } : undefined;
  }
  return record.type === 'TXT' ? { type: 'TXT', name, ttl, data: record.data } : undefined;
}

/**
 * The answer to a guest's question.
 * @param limit What fits, bytes. An answer that does not is cut to none and says so; the guest asks by TCP then.
 */
export function writeAnswer(question: Question, { rcode, records }: Outcome, limit: number): Buffer {
  const flags = RECURSION_AVAILABLE | (question.isRecursive ? RECURSION_DESIRED : 0) | (rcode & RCODE);
  const packet: Packet = {
    type: 'response',
    id: question.id,
    flags,
    questions: [question.written],
    answers: [...records],
    additionals: question.extendedBytes === null ? [] : [EXTENSION],
  };
  const whole = encode(packet);
  if (whole.length <= Math.min(limit, MESSAGE_BYTES)) return whole;
  return encode({ ...packet, flags: flags | TRUNCATED, answers: [] });
}

/** The answer to a packet that is no question: its header alone. @param packet With a header. */
export function writeError(packet: Buffer, rcode: number): Buffer {
  const answer = withCounts(packet.subarray(0, HEADER_BYTES), 0, 0);
  const flags = packet.readUInt16BE(2) & (OPCODE | RECURSION_DESIRED);
  answer.writeUInt16BE(ANSWER | flags | RECURSION_AVAILABLE | rcode, 2);
  return answer;
}
