import { describe, expect, test } from 'bun:test';
import { statSync } from 'node:fs';
import { createLog, type RequestLine } from '../../../src/telemetry/log.ts';
import { LogFile } from '../../support/log-file.ts';

const line: RequestLine = {
  id: 'r1',
  method: 'POST',
  route: '/api/v1/runner/run',
  status: 200,
  ms: 12.5,
  key: 'key-1',
  runner: 'runner-1',
  failure: undefined,
  queueMs: 0,
  execMs: 9,
  replayed: undefined,
  cause: undefined,
};

describe('the log', () => {
  test('has a line of JSON for each event, with level, time and what happened', async () => {
    await using file = await LogFile.create();
    const { log } = file;
    log.started({ url: 'http://[::1]:1', version: '1', accelerator: 'tcg', template: 't' });
    log.requestDone('info', line);
    log.fault(new Error('broken'), 'r1');
    log.trouble(new Error('lost'));
    log.restored(812.6);
    log.template({ step: 'rolledBack', template: 't2', before: 't', why: '1 of 1 runs' });
    log.template({ step: 'turnedOver', template: 't' });
    log.baking('booting the image');
    log.stopping('ended by SIGTERM');
    log.stopped();
    expect(file.records.map(({ level, msg }) => [level, msg])).toEqual([
      ['info', 'started'],
      ['info', 'request'],
      ['error', 'fault'],
      ['warn', 'trouble'],
      ['debug', 'restored'],
      ['warn', 'template'],
      ['info', 'template'],
      ['info', 'baking'],
      ['info', 'stopping'],
      ['info', 'stopped'],
    ]);
    for (const { time } of file.records) expect(new Date(String(time)).toISOString()).toBe(String(time));
  });

  test('says of a request what is known of it', async () => {
    await using file = await LogFile.create();
    file.log.requestDone('warn', line);
    expect(file.records).toEqual([
      {
        level: 'warn',
        time: expect.any(String),
        msg: 'request',
        id: 'r1',
        method: 'POST',
        route: '/api/v1/runner/run',
        status: 200,
        ms: 12.5,
        key: 'key-1',
        runner: 'runner-1',
        queueMs: 0,
        execMs: 9,
      },
    ]);
  });

  test('says what made a runner fail', async () => {
    await using file = await LogFile.create();
    file.log.requestDone('info', { ...line, cause: new Error('the guest is gone') });
    expect(file.records[0]).toMatchObject({
      msg: 'request',
      errors: [{ name: 'Error', message: 'the guest is gone' }],
    });
  });

  test('says no more, whatever else an object has in it', async () => {
    await using file = await LogFile.create();
    const more = { ...line, code: 'MARKER', authorization: 'MARKER' };
    file.log.requestDone('info', more);
    const start = { url: 'u', version: 'v', accelerator: 'a', template: 't', key: 'MARKER' };
    file.log.started(start);
    expect(file.records).toHaveLength(2);
    expect(file.text).not.toContain('MARKER');
  });

  test('keeps what is below its level out', async () => {
    await using file = await LogFile.create('warn');
    file.log.requestDone('debug', line);
    file.log.requestDone('info', line);
    file.log.requestDone('error', line);
    file.log.stopped();
    expect(file.records.map(({ level }) => level)).toEqual(['error']);
  });

  test('can be silent', async () => {
    await using file = await LogFile.create('silent');
    file.log.fault(new Error('broken'));
    expect(file.text).toBe('');
  });

  test('adds to its file, which others cannot read', async () => {
    await using file = await LogFile.create();
    file.log.stopped();
    using second = createLog({ level: 'info', destination: { path: file.path } });
    second.stopped();
    expect(file.records).toHaveLength(2);
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
  });

  test('is quiet after its end', async () => {
    await using file = await LogFile.create();
    file.log[Symbol.dispose]();
    file.log.stopped();
    file.log[Symbol.dispose]();
    expect(file.text).toBe('');
  });

  test('does not come about without its file', () => {
    expect(() => createLog({ level: 'info', destination: { path: '/nowhere/at/all' } })).toThrow('ENOENT');
  });
});
