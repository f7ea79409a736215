/** What a guest asks, read from its packet. */
import { decode, encode, type Question as PacketQuestion, type RecordType } from 'dns-packet';
import { QUESTION_BYTES, UDP_BYTES } from './limits.ts';
import { isLocal, isPlain } from './names.ts';

/** Of an answer (RFC 1035, 4.1.1). */
export const Rcode = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  noName: 3,
  notImplemented: 4,
  refused: 5,
};

export const HEADER_BYTES = 12;
const OPT = 41;

/** Types that are passed on: an answer to another could hold an address in a form that is not looked through. */
const PASSED = [
  'A',
  'CNAME',
  'MX',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'TXT',
] as const satisfies readonly RecordType[];
export type PassedType = (typeof PASSED)[number];

/** There is no IPv6; and who asks for service bindings (RFC 9460) asks for the address as well. */
const EMPTY: ReadonlyMap<string, string> = new Map([
  ['AAAA', 'AAAA'],
  ['UNKNOWN_64', 'SVCB'],
  ['UNKNOWN_65', 'HTTPS'],
]);

/** A name in lower case and printable ASCII, and the type of a record as people write it. */
type Asked = { readonly name: string; readonly type: string };

export type Question = Asked & {
  readonly id: number;
  readonly isRecursive: boolean;
  /** As the guest wrote it: an answer repeats it. */
  readonly written: PacketQuestion;
  /** What the guest takes by UDP, bytes; null when it says nothing about it, and an answer is not to either. */
  readonly extendedBytes: number | null;
  /** To be passed on as this type, or what is answered at once. */
  readonly verdict: { readonly pass: PassedType } | { readonly answer: number; readonly isRefusal: boolean };
};

/** A packet that is no question to be answered here, and the answer that says so. */
export class QuestionError extends Error {
  override readonly name = 'QuestionError';
  readonly rcode: number;
  /** What it asks for, where that can be read. */
  readonly asked: Asked | undefined;

  constructor(rcode: number, asked?: Asked) {
    super('no question that is answered');
    this.rcode = rcode;
    this.asked = asked;
  }
}

/**
 * Reads a question.
 * @returns undefined for what nobody should answer: an answer, or a packet without a header.
 * @throws {QuestionError} For what is no question that is answered here.
 */
export function readQuestion(packet: Buffer): Question | undefined {
  if (packet.length < HEADER_BYTES || packet.length > QUESTION_BYTES) return undefined;
  const flags = packet.readUInt16BE(2);
  if ((flags & 0x8000) !== 0) return undefined;
  if ((flags & 0x7800) !== 0) throw new QuestionError(Rcode.notImplemented);
  const counts = [4, 6, 8].map((offset) => packet.readUInt16BE(offset));
  if (counts.join() !== '1,0,0') throw new QuestionError(Rcode.formatError);
  const written = decodeQuestion(packet);
  const asked = {
    name: written.name.toLowerCase().replace(/[^!-~]/g, '?'),
    type: EMPTY.get(written.type) ?? written.type.replace('UNKNOWN_', 'TYPE'),
  };
  const id = packet.readUInt16BE(0);
  // What was read is what was written: a dot within a label, say, would be another name when it is passed on.
  const again = encode({ id, questions: [written] }).subarray(HEADER_BYTES);
  const end = HEADER_BYTES + again.length;
  const isSame = again.equals(packet.subarray(HEADER_BYTES, end));
  if (!isSame || written.class !== 'IN' || !isPlain(written.name)) {
    throw new QuestionError(Rcode.refused, asked);
  }
  return {
    ...asked,
    id,
    isRecursive: (flags & 0x0100) !== 0,
    written,
    extendedBytes: readExtension(packet, end),
    verdict: judge(asked.name, written.type),
  };
}

/** Only the question: the counts of the rest are set to none, so that nothing else is decoded. */
function decodeQuestion(packet: Buffer): PacketQuestion {
  try {
    const [question] = decode(withCounts(packet, 1, 0)).questions ?? [];
    if (question) return question;
  } catch {
    // It is answered like an empty one.
  }
  throw new QuestionError(Rcode.formatError);
}

/** A copy of a packet that says it has so many questions and answers, and nothing else. */
export function withCounts(packet: Buffer, questions: number, answers: number): Buffer {
  const copy = Buffer.from(packet);
  for (const [index, count] of [questions, answers, 0, 0].entries()) copy.writeUInt16BE(count, 4 + 2 * index);
  return copy;
}

/** What an OPT record (RFC 6891) says the guest takes by UDP. It comes first among what follows the question. */
function readExtension(packet: Buffer, offset: number): number | null {
  const count = packet.readUInt16BE(10);
  if (count === 0 || packet.length < offset + 11) return null;
  if (packet[offset] !== 0 || packet.readUInt16BE(offset + 1) !== OPT) return null;
  return Math.min(UDP_BYTES.extended, Math.max(UDP_BYTES.plain, packet.readUInt16BE(offset + 3)));
}

function judge(name: string, type: string): Question['verdict'] {
  // A name that does not exist ends a look-up at once; after a refusal, libraries ask again.
  if (isLocal(name)) return { answer: Rcode.noName, isRefusal: true };
  if (EMPTY.has(type)) return { answer: Rcode.noError, isRefusal: false };
  const pass = PASSED.find((passed) => passed === type);
  return pass ? { pass } : { answer: Rcode.refused, isRefusal: true };
}
