import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { QmpProtocolError } from '../src/errors.ts';
import { parseMessage } from '../src/message.ts';
import { greeting } from './support/fake-qemu.ts';

describe('parseMessage', () => {
  test('reads a greeting', () => {
    expect(parseMessage(greeting)).toEqual({
      kind: 'greeting',
      greeting: { version: { qemu: { major: 7, minor: 2, micro: 22 }, package: '' }, capabilities: ['oob'] },
    });
  });

  test('reads a return of any value', () => {
    expect(parseMessage('{"return": {"running": true}, "id": 7}\r')).toEqual({
      kind: 'return',
      id: 7,
      value: { running: true },
    });
    expect(parseMessage('{"return": null, "id": 8}')).toEqual({ kind: 'return', id: 8, value: null });
  });

  test('reads an error', () => {
    const line = '{"id": 1, "error": {"class": "GenericError", "desc": "No such thing"}}';
    expect(parseMessage(line)).toEqual({
      kind: 'error',
      id: 1,
      errorClass: 'GenericError',
      description: 'No such thing',
    });
  });

  test('reads an event with and without data', () => {
    const timestamp = { seconds: 1, microseconds: 2 };
    for (const event of [
      { event: 'STOP', timestamp },
      { event: 'RTC_CHANGE', timestamp, data: { offset: 3 } },
    ]) {
      expect(parseMessage(JSON.stringify(event))).toMatchObject({ kind: 'event', event });
    }
  });

  test.each([
    '',
    'garbage',
    '{"return": {}, "id": 1',
    'null',
    '1',
    '"text"',
    '[]',
    '{}',
    '{"return": {}}',
    '{"return": {}, "id": "1"}',
    '{"error": {"class": "GenericError", "desc": "Invalid JSON syntax"}}',
    '{"error": {"class": "GenericError"}, "id": 1}',
    '{"error": "no", "id": 1}',
    '{"event": 1, "timestamp": {}}',
    '{"event": "STOP"}',
    '{"event": "STOP", "timestamp": {}, "data": []}',
    '{"QMP": {}}',
    '{"QMP": {"version": {"qemu": {}, "package": ""}, "capabilities": []}}',
    '{"QMP": {"version": {"qemu": {"major": 7, "minor": 2, "micro": 0}, "package": ""}, "capabilities": [1]}}',
  ])('refuses %p', (line) => {
    expect(() => parseMessage(line)).toThrow(QmpProtocolError);
  });

  test('quotes only the beginning of a bad line', () => {
    expect(() => parseMessage('x'.repeat(1_000_000))).toThrow(/^.{0,200}$/);
  });

  test('throws nothing but protocol errors', () => {
    const line = fc.oneof(fc.string({ unit: 'binary' }), fc.json());
    const known = fc.constantFrom(
      'QMP',
      'event',
      'timestamp',
      'data',
      'return',
      'error',
      'id',
      'class',
      'desc',
    );
    const near = fc.dictionary(known, fc.oneof(fc.jsonValue(), fc.dictionary(known, fc.jsonValue())));
    fc.assert(
      fc.property(
        fc.oneof(
          line,
          near.map((message) => JSON.stringify(message)),
        ),
        (text) => {
          try {
            parseMessage(text);
          } catch (error) {
            expect(error).toBeInstanceOf(QmpProtocolError);
          }
        },
      ),
    );
  });
});
