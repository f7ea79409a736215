import { expect, test } from 'bun:test';
import { LineError } from '../../../../src/network/resolver/lines.ts';
import { ResolverProcess } from '../../../../src/network/resolver/process.ts';
import { ResolverError } from '../../../../src/network/resolver/resolver.ts';
import { failure } from '../../../support/failure.ts';

/** Starts a process that says it is ready, and something when it is asked for names. @param times How often. */
const start = (answer: string, times = 1) =>
  ResolverProcess.start({
    command: [
      process.execPath,
      '-e',
      `process.stdout.write('{"type":"ready"}\\n');
      for await (const chunk of process.stdin) {
        if (String(chunk).includes('"names"')) process.stdout.write(${JSON.stringify(answer)}.repeat(${times}));
      }`,
    ],
    environment: {},
    message: { type: 'start', listen: '127.0.0.1', port: 53, upstreams: [], user: 1 },
  });

const record = { name: 'example.com', type: 'A', count: 1, verdict: 'answered' };
const names = (...list: readonly object[]) => `${JSON.stringify({ type: 'names', id: 0, names: list })}\n`;

test('a process tells what a guest asked', async () => {
  await using process = await start(names(record));
  expect(await process.names('172.16.0.1')).toEqual([{ ...record, verdict: 'answered' }]);
});

test.each([
  ['what is not JSON', 'x\n'],
  ['a message of unknown form', '{"type":"other"}\n'],
  ['null', 'null\n'],
  ['more names than are kept', names(...Array.from({ length: 257 }, () => record))],
  ['a name that is no text', names({ ...record, name: 'a\u001b[31m' })],
  ['a name that is too long', names({ ...record, name: 'a'.repeat(256) })],
  ['a name too little', names({ ...record, name: '' })],
  ['a type that is none', names({ ...record, type: 'a b' })],
  ['a count that is none', names({ ...record, count: 1.5 })],
  ['a verdict that is none', names({ ...record, verdict: 'maybe' })],
  ['more than is asked', names({ ...record, more: 1 })],
])('a process that says %s is ended, and every wait on it', async (_, answer) => {
  await using process = await start(answer);
  const waits = [process.names('172.16.0.1'), process.names('172.16.0.2')].map(failure);
  const reason = await process.ended;
  expect(reason).toBeInstanceOf(ResolverError);
  expect(reason.cause).toBeDefined();
  for (const wait of waits) expect(await wait).toBe(reason);
  expect(await failure(process.names('172.16.0.1'))).toBe(reason);
});

test('a process that says a line without end is ended', async () => {
  await using process = await start(' ', 200 * 1024);
  const wait = failure(process.names('172.16.0.1'));
  expect((await process.ended).cause).toBeInstanceOf(LineError);
  expect(await wait).toBe(await process.ended);
});

test('an answer that nobody waits for is passed over', async () => {
  await using process = await start(names(record).replace('"id":0', '"id":7') + names(record));
  expect(await process.names('172.16.0.1')).toHaveLength(1);
});

test('a process that ends before it is ready says why', async () => {
  const error = await failure(
    ResolverProcess.start({
      command: [process.execPath, '-e', 'console.error("no port"); process.exit(3)'],
      environment: {},
      message: { type: 'start', listen: '127.0.0.1', port: 53, upstreams: [], user: 1 },
    }),
  );
  expect(error).toBeInstanceOf(ResolverError);
  expect(String(error)).toContain('ended with status 3:\nno port');
});

test('a program that is not there is said to be', async () => {
  const error = await failure(
    ResolverProcess.start({
      command: ['/nowhere'],
      environment: {},
      message: { type: 'start', listen: '127.0.0.1', port: 53, upstreams: [], user: 1 },
    }),
  );
  expect(error).toBeInstanceOf(ResolverError);
  expect(String(error)).toContain('could not be started');
});
