import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { AgentMessage } from '../../../src/protocol/messages.ts';
import { exitReport, helloReply, preparedReply, statsReply } from '../../support/agent-messages.ts';

const DRAW = '0123456789abcdef';
const accepts = (message: unknown) => Value.Check(AgentMessage, message);
/** As it comes off the wire, where `__proto__` is a name like any other. */
const withDraws = (json: string) => ({ ...preparedReply(), draws: JSON.parse(json) });

describe('AgentMessage', () => {
  test('accepts each message of the agent', () => {
    expect(accepts(helloReply())).toBe(true);
    expect(accepts(preparedReply())).toBe(true);
    expect(accepts(exitReport(0))).toBe(true);
    expect(accepts(exitReport(0, { code: null, signal: 'SIGRTMIN+3', peakMemoryBytes: 4096 }))).toBe(true);
    expect(accepts(statsReply(0))).toBe(true);
    expect(accepts(statsReply(2 ** 32 - 1, { network: null }))).toBe(true);
    expect(accepts({ type: 'refused', id: 0, message: 'no such language' })).toBe(true);
  });

  test.each([
    ['a property too many', { ...helloReply(), more: 1 }],
    ['a protocol that is no number', { ...helloReply(), protocol: '1' }],
    ['an agent version that is too long', { ...helloReply(), agent: 'x'.repeat(65) }],
    ['too many languages', { ...helloReply(), languages: Array.from({ length: 65 }, () => 'a') }],
    ['an id over 32 bits', exitReport(2 ** 32)],
    ['a negative id', exitReport(-1)],
    ['a fractional id', exitReport(0.5)],
    ['an exit status over 255', exitReport(0, { code: 256 })],
    ['a signal of the wrong form', exitReport(0, { signal: 'kill' })],
    ['a signal with a line feed', exitReport(0, { signal: 'SIGKILL\n' })],
    ['negative times', exitReport(0, { wallMs: -1 })],
    ['infinite memory', exitReport(0, { peakMemoryBytes: Number.POSITIVE_INFINITY })],
    ['a refusal that is too long', { type: 'refused', id: 0, message: 'x'.repeat(1025) }],
    ['a MAC of the wrong form', preparedReply({ mac: '52-54-00-10-00-01' })],
    ['a MAC in capitals', preparedReply({ mac: '52:54:00:AB:00:01' })],
    ['an address that is too long', preparedReply({ address: '172.16.0.1111' })],
    ['an address with a line feed', preparedReply({ address: '172.16.0.1\n' })],
    ['figures under an id over 32 bits', statsReply(2 ** 32)],
    ['figures without a network', { ...statsReply(0), network: undefined }],
    ['an unknown type', { type: 'kill', id: 0 }],
    ['no type', {}],
    ['an array', []],
    ['null', null],
  ])('refuses %s', (_, message) => {
    expect(accepts(message)).toBe(false);
  });

  test('accepts draws by generator', () => {
    expect(accepts(withDraws(`{"kernel":"${DRAW}","bun":"${DRAW}"}`))).toBe(true);
  });

  test.each([
    ['a draw that is too short to tell clones apart', `{"kernel":"${DRAW.slice(1)}"}`],
    ['a draw that is too long', `{"kernel":"${'0'.repeat(257)}"}`],
    ['a draw that is no string', '{"kernel":1}'],
    ['a name that is too long to be kept', `{"${'k'.repeat(33)}":"${DRAW}"}`],
    ['a name with a line feed', `{"ker\\nnel":"${DRAW}"}`],
    ['a name with a line feed and no string', '{"ker\\nnel":{"a":1}}'],
    ['the name __proto__', `{"__proto__":"${DRAW}"}`],
    ['an empty name', `{"":"${DRAW}"}`],
    [
      'more generators than there are',
      JSON.stringify(Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`g${index}`, DRAW]))),
    ],
    ['a list', `["${DRAW}"]`],
  ])('refuses %s', (_, draws) => {
    expect(accepts(withDraws(draws))).toBe(false);
  });
});
