import { describe, expect, test } from 'bun:test';
import { type Answer, encode, type Packet } from 'dns-packet';
import fc from 'fast-check';
import { QuestionError, Rcode, readQuestion } from '../../../../src/network/resolver/question.ts';
import { question, wireQuestion } from '../../../support/dns.ts';
import { thrown } from '../../../support/failure.ts';

const extension = (udpPayloadSize: number): Answer => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
});

const rcodeOf = (packet: Buffer) => {
  const error = thrown(() => readQuestion(packet));
  if (!(error instanceof QuestionError)) throw error;
  return error.rcode;
};

describe('a question', () => {
  test('is read', () => {
    expect(readQuestion(question('Www.Example.com', 'A', { id: 77 }))).toEqual({
      id: 77,
      isRecursive: true,
      name: 'www.example.com',
      type: 'A',
      written: { name: 'Www.Example.com', type: 'A', class: 'IN' },
      extendedBytes: null,
      verdict: { pass: 'A' },
    });
  });

  test.each([
    [100, 512],
    [512, 512],
    [1000, 1000],
    [4096, 1232],
  ])('that takes %p bytes by UDP is answered with up to %p', (said, taken) => {
    const packet = question('example.com', 'A', { additionals: [extension(said)] });
    expect(readQuestion(packet)?.extendedBytes).toBe(taken);
  });

  test.each(['AAAA', 'TYPE64', 'TYPE65'])('for a record of type %s has an empty answer', (type) => {
    const code = { AAAA: 28, TYPE64: 64, TYPE65: 65 }[type] ?? 0;
    const verdict = readQuestion(wireQuestion(['example', 'com'], { type: code }))?.verdict;
    expect(verdict).toEqual({ answer: Rcode.noError, isRefusal: false });
  });

  test.each([255, 252, 16_384, 99])('for records of type %p is refused', (type) => {
    const verdict = readQuestion(wireQuestion(['example', 'com'], { type }))?.verdict;
    expect(verdict).toEqual({ answer: Rcode.refused, isRefusal: true });
  });

  test.each(['A', 'AAAA', 'TXT'] as const)('for a local name and type %s names nothing', (type) => {
    const verdict = readQuestion(question('db.internal', type))?.verdict;
    expect(verdict).toEqual({ answer: Rcode.noName, isRefusal: true });
  });
});

describe('what is no question', () => {
  test('has no answer when it is short, long, or an answer', () => {
    expect(readQuestion(Buffer.alloc(11))).toBeUndefined();
    expect(readQuestion(Buffer.concat([question('example.com'), Buffer.alloc(500)]))).toBeUndefined();
    expect(readQuestion(question('example.com', 'A', { type: 'response' }))).toBeUndefined();
  });

  test('is not implemented when it is another operation', () => {
    for (const opcode of [1, 2, 4, 5]) {
      expect(rcodeOf(question('example.com', 'A', { flags: opcode << 11 }))).toBe(Rcode.notImplemented);
    }
  });

  test('has a wrong form unless it is one question and no answers', () => {
    const one = { name: 'example.com', type: 'A' } as const;
    const wrong: Packet[] = [
      { questions: [] },
      { questions: [one, one] },
      { questions: [one], answers: [{ ...one, data: '1.2.3.4' }] },
      { questions: [one], authorities: [{ ...one, data: '1.2.3.4' }] },
    ];
    for (const packet of wrong) expect(rcodeOf(encode(packet))).toBe(Rcode.formatError);
    expect(rcodeOf(question('example.com').subarray(0, 20))).toBe(Rcode.formatError);
    expect(rcodeOf(wireQuestion([], { tail: Buffer.of(0xc0, 12) }))).toBe(Rcode.formatError);
  });

  test.each([
    ['a dot within a label', ['www.internal', 'com'], 'www.internal.com'],
    ['a label that hides a local name', ['db.internal'], 'db.internal'],
    ['bytes that are no text', ['\xff\xfe', 'com'], '??.com'],
    ['a control character', ['a\nb', 'com'], 'a?b.com'],
    ['a NUL', ['db.internal\0', 'com'], 'db.internal?.com'],
  ])('is refused with %s, and told of', (_, labels, name) => {
    const error = thrown(() => readQuestion(wireQuestion(labels)));
    expect(error).toBeInstanceOf(QuestionError);
    expect(error).toMatchObject({ rcode: Rcode.refused, asked: { name, type: 'A' } });
  });

  test('is refused in another class', () => {
    expect(rcodeOf(wireQuestion(['version', 'bind'], { type: 16, class: 3 }))).toBe(Rcode.refused);
  });

  test('breaks nothing, whatever it is', () => {
    const noise = fc.uint8Array({ maxLength: 600 });
    const header = fc.tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.nat(3), noise);
    const hostile = fc.oneof(
      noise,
      header.map(([head, extra, rest]) => Uint8Array.of(...head, 0, 1, 0, 0, 0, 0, 0, extra, ...rest)),
      fc.tuple(fc.nat(40), fc.nat(255)).map(([at, byte]) => {
        const packet = question('www.example.com', 'A', { additionals: [extension(1232)] });
        packet[at % packet.length] = byte;
        return packet;
      }),
    );
    fc.assert(
      fc.property(hostile, (bytes) => {
        const before = Buffer.from(bytes);
        try {
          const read = readQuestion(before);
          if (read) expect(read.name).toMatch(/^[!-~]{1,253}$/);
        } catch (error) {
          if (!(error instanceof QuestionError)) throw error;
          if (error.asked) expect(error.asked.name).toMatch(/^[!-~]{1,255}$/);
        }
        expect(before.equals(bytes)).toBeTrue();
      }),
      { numRuns: 5_000 },
    );
  });
});
