import { describe, expect, test } from 'bun:test';
import { type Answer, decode } from 'dns-packet';
import fc from 'fast-check';
import {
  isAnswerTo,
  isTruncated,
  readOutcome,
  writeAnswer,
  writeError,
  writeQuestion,
} from '../../../../src/network/resolver/answer.ts';
import { type PassedType, Rcode, readQuestion } from '../../../../src/network/resolver/question.ts';
import { addressRecord, question, reply } from '../../../support/dns.ts';

const NAME = 'www.example.com';
const asked = writeQuestion(7, NAME, 'A');

/** The records that a guest is told of. */
const told = (answers: Answer[], type: PassedType = 'A') =>
  readOutcome(reply(writeQuestion(7, NAME, type), answers), NAME, type)?.records;

/** The question of a guest. */
function guestQuestion(extendedBytes: number | null = null) {
  const read = readQuestion(question('Www.example.com', 'A', { id: 9 }));
  if (!read) throw new Error('it is a question');
  return { ...read, extendedBytes };
}

describe('a packet answers a question', () => {
  test('when its id and its question are the same', () => {
    expect(isAnswerTo(asked, reply(asked, []))).toBeTrue();
    expect(isAnswerTo(asked, reply(question('WWW.example.COM', 'A', { id: 7 }), []))).toBeTrue();
  });

  test.each([
    ['another id', reply(writeQuestion(8, NAME, 'A'), [])],
    ['another name', reply(writeQuestion(7, 'www.example.org', 'A'), [])],
    ['another type', reply(writeQuestion(7, NAME, 'TXT'), [])],
    ['no question', reply(question(NAME, 'A', { id: 7, questions: [] }), [])],
    ['another operation', reply(asked, [], 4 << 11)],
    ['a question', Buffer.from(asked)],
    ['its head alone', reply(asked, []).subarray(0, 20)],
    ['nothing', Buffer.alloc(0)],
  ])('but not with %s', (_, packet) => {
    expect(isAnswerTo(asked, packet)).toBeFalse();
  });
});

describe('of a name server’s answer', () => {
  test('a guest is told what it asked for, by way of other names', () => {
    const answers: Answer[] = [
      { type: 'CNAME', name: 'WWW.example.com', ttl: 1, data: 'Cdn.example.net' },
      addressRecord('cdn.example.net', '1.2.3.4'),
      addressRecord('cdn.example.net', '1.2.3.5'),
    ];
    expect(told(answers)).toEqual(answers);
  });

  test.each([
    ['a record of another name', addressRecord('www.example.org', '1.2.3.4')],
    ['a record of another type', { type: 'TXT', name: NAME, ttl: 1, data: ['x'] }],
    ['a private address', addressRecord(NAME, '192.168.0.1')],
    ['the metadata service', addressRecord(NAME, '169.254.169.254')],
    ['the address of a guest', addressRecord(NAME, '172.16.0.1')],
    ['this host', addressRecord(NAME, '127.0.0.1')],
    ['a record of another class', { type: 'A', name: NAME, ttl: 1, class: 'CH', data: '1.2.3.4' }],
    ['a way to a name that is none', { type: 'CNAME', name: NAME, ttl: 1, data: 'a b.example' }],
  ] satisfies [string, Answer][])('a guest is not told %s', (_, record) => {
    expect(told([record, addressRecord(NAME, '1.2.3.4')])).toEqual([addressRecord(NAME, '1.2.3.4')]);
  });

  const others: [PassedType, Answer][] = [
    ['MX', { type: 'MX', name: NAME, ttl: 1, data: { preference: 5, exchange: 'mx.example.com' } }],
    ['NS', { type: 'NS', name: NAME, ttl: 1, data: 'ns.example.com' }],
    ['PTR', { type: 'PTR', name: NAME, ttl: 1, data: 'x.example.com' }],
    ['TXT', { type: 'TXT', name: NAME, ttl: 1, data: [Buffer.from('a\xff', 'latin1'), Buffer.from('b')] }],
    [
      'SRV',
      { type: 'SRV', name: NAME, ttl: 1, data: { priority: 1, weight: 2, port: 3, target: 's.example.com' } },
    ],
    [
      'SOA',
      {
        type: 'SOA',
        name: NAME,
        ttl: 1,
        data: {
          mname: 'a.example',
          rname: 'b.example',
          serial: 1,
          refresh: 2,
          retry: 3,
          expire: 4,
          minimum: 5,
        },
      },
    ],
  ];
  test.each(others)('records of type %s come through', (type, record) => {
    const outcome = { rcode: Rcode.noError, records: told([record], type) ?? [] };
    expect(decode(writeAnswer(guestQuestion(), outcome, 512)).answers).toMatchObject([{ ...record }]);
  });

  test('a guest is told of 64 records at most', () => {
    const many = Array.from({ length: 100 }, (_, index) => addressRecord(NAME, `1.2.3.${index}`));
    expect(told(many)).toEqual(many.slice(0, 64));
  });

  test('a failure of the name server is no answer', () => {
    for (const rcode of [1, 2, 4, 5, 9]) {
      expect(readOutcome(reply(asked, [addressRecord(NAME, '1.2.3.4')], rcode), NAME, 'A')).toBeUndefined();
    }
    expect(readOutcome(reply(asked, [], 3), NAME, 'A')).toEqual({ rcode: Rcode.noName, records: [] });
  });

  test('nothing that it may hold reaches a guest unread', () => {
    const good = reply(asked, [
      { type: 'CNAME', name: NAME, ttl: 1, data: 'cdn.example.net' },
      addressRecord('cdn.example.net', '1.2.3.4'),
      addressRecord('cdn.example.net', '10.0.0.1'),
    ]);
    const changes = fc.array(fc.tuple(fc.integer({ min: 33, max: good.length - 1 }), fc.nat(255)));
    const hostile = fc.tuple(changes, fc.uint8Array({ maxLength: 50 })).map(([places, rest]) => {
      const packet = Buffer.concat([good, rest]);
      for (const [at, byte] of places) packet[at] = byte;
      return packet;
    });
    fc.assert(
      fc.property(hostile, (packet) => {
        let outcome: ReturnType<typeof readOutcome>;
        try {
          outcome = readOutcome(packet, NAME, 'A');
        } catch {
          return;
        }
        if (!outcome) return;
        const answer = decode(writeAnswer(guestQuestion(), outcome, 65_535));
        for (const record of answer.answers ?? []) {
          expect(['A', 'CNAME']).toContain(record.type);
          if (record.type === 'A') expect(record.data).not.toStartWith('10.');
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('an answer', () => {
  const records = Array.from({ length: 40 }, (_, index) => addressRecord(NAME, `1.2.3.${index}`));
  const outcome = { rcode: Rcode.noError, records };

  test('repeats the question as it was asked', () => {
    const packet = writeAnswer(guestQuestion(), { rcode: Rcode.noName, records: [] }, 512);
    expect(decode(packet)).toMatchObject({
      id: 9,
      type: 'response',
      flag_rd: true,
      flag_ra: true,
      flag_aa: false,
      questions: [{ name: 'Www.example.com', type: 'A', class: 'IN' }],
      additionals: [],
    });
    expect(packet.readUInt16BE(2) & 0xf).toBe(Rcode.noName);
  });

  test('has an extension when the question has one', () => {
    const packet = writeAnswer(guestQuestion(1232), outcome, 4096);
    expect(decode(packet).additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1232 }]);
  });

  test('that does not fit says so and is cut', () => {
    const packet = writeAnswer(guestQuestion(), outcome, 512);
    expect(packet.length).toBeLessThanOrEqual(512);
    expect(isTruncated(packet)).toBeTrue();
    expect(decode(packet).answers).toEqual([]);
    expect(isTruncated(writeAnswer(guestQuestion(), outcome, 4096))).toBeFalse();
  });

  test('that would be longer than a message is cut', () => {
    const data = Array.from({ length: 16 }, () => Buffer.alloc(255));
    const long: Answer[] = Array.from({ length: 17 }, () => ({ type: 'TXT', name: NAME, ttl: 1, data }));
    const packet = writeAnswer(guestQuestion(), { rcode: 0, records: long }, Number.POSITIVE_INFINITY);
    expect(isTruncated(packet)).toBeTrue();
  });

  test('to what is no question is its header', () => {
    const packet = writeError(question(NAME, 'A', { id: 300, flags: 2 << 11 }), Rcode.notImplemented);
    expect(packet).toHaveLength(12);
    expect(decode(packet)).toMatchObject({ id: 300, type: 'response', questions: [], answers: [] });
    expect(packet.readUInt16BE(2) & 0xf).toBe(Rcode.notImplemented);
  });
});
