/** DNS packets as tests write them. */
import { type Answer, decode, encode, type Packet, type RecordType } from 'dns-packet';

const RECURSION_DESIRED = 0x0100;

export const question = (name: string, type: RecordType = 'A', more: Packet = {}): Buffer =>
  encode({
    type: 'query',
    id: 1,
    flags: RECURSION_DESIRED,
    questions: [{ name, type, class: 'IN' }],
    ...more,
  });

/** A question whose labels may be any bytes. @param labels Each character is a byte. */
export function wireQuestion(
  labels: readonly string[],
  { type = 1, class: klass = 1, tail = Buffer.of(0) } = {},
): Buffer {
  const name = labels.flatMap((label) => [Buffer.of(label.length), Buffer.from(label, 'latin1')]);
  return Buffer.concat([
    Buffer.of(0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0),
    ...name,
    tail,
    Buffer.of(type >> 8, type & 0xff, klass >> 8, klass & 0xff),
  ]);
}

/** The answer of a name server to a question. @param flags What it sets, the code of its answer among them. */
export function reply(asked: Uint8Array, answers: Answer[], flags = 0): Buffer {
  const { id = 0, questions = [] } = decode(Buffer.from(asked));
  return encode({ type: 'response', id, flags: RECURSION_DESIRED | flags, questions, answers });
}

export const addressRecord = (name: string, data: string): Answer => ({ type: 'A', name, ttl: 60, data });
