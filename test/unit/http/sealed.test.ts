import { describe, expect, test } from 'bun:test';
import { createDecipheriv } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fingerprintOf } from '../../../src/http/idempotency.ts';
import { markOf, seal, unseal } from '../../../src/http/sealed.ts';
import { RunnerTimedOutError } from '../../../src/runner/errors.ts';
import { failure } from '../../support/failure.ts';
import { IdempotencyHome } from '../../support/idempotency.ts';

const TEXTS = ['', 'a', '\0\u{1f600}"', 'long '.repeat(100_000)];

describe('a sealed text', () => {
  test.each(TEXTS.map((text) => [text.slice(0, 10), text]))('is read with its fingerprint: %p', (_, text) => {
    expect(unseal(seal(text, 'print'), 'print')).toBe(text);
  });

  test('is read with no other, nor when it was changed', () => {
    const sealed = seal('answer', 'print');
    expect(unseal(sealed, 'other')).toBeUndefined();
    for (let at = 0; at < sealed.length - 1; at += 1) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      expect(unseal(changed, 'print')).toBeUndefined();
    }
    for (const text of ['', 'A', '{"kind":"value"}', sealed.slice(0, 30)]) {
      expect(unseal(text, 'print')).toBeUndefined();
    }
  });

  test('is not read with the mark, which is kept beside it', () => {
    const bytes = Buffer.from(seal('answer', 'print'), 'base64url');
    const key = Buffer.from(markOf('print'), 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    decipher.update(bytes.subarray(28));
    expect(() => decipher.final()).toThrow();
  });

  test('is another each time, and tells nothing of its fingerprint', () => {
    expect(seal('answer', 'print')).not.toBe(seal('answer', 'print'));
    expect(markOf('print')).toMatch(/^[\w-]{43}$/);
    expect(markOf('print')).not.toBe(markOf('other'));
  });
});

describe('the database', () => {
  const MARK = 'mark-of-a-secret';
  const request = { secret: 'cl_abc', method: 'POST', path: '/run', query: '', body: `{"code":"${MARK}"}` };
  const fingerprint = fingerprintOf(request);

  const bytes = ({ folder }: IdempotencyHome) =>
    Buffer.concat(readdirSync(folder.path).map((name) => readFileSync(folder.file(name))));

  test('has no answer in a form that can be read, while it is kept or after', async () => {
    await using home = await IdempotencyHome.create();
    const timedOut = new RunnerTimedOutError(
      1,
      { res: '', stdout: MARK, stderr: MARK, truncated: false },
      {},
      {
        queueMs: 0,
        takeMs: 0,
        agentMs: 0,
        execMs: 0,
        totalMs: 0,
        cpuMs: null,
        peakMemoryBytes: 0,
        bytesIn: 0,
        bytesOut: 0,
      },
    );
    const value = { text: `${MARK} `.repeat(10), number: 1 };
    await home.ask('an-idempotency-key', async () => value, { fingerprint });
    await failure(home.ask('another', () => Promise.reject(timedOut), { fingerprint }));
    // What is searched for could be there: the key is.
    expect(bytes(home).includes('an-idempotency-key')).toBe(true);
    await home.restart();
    const base64 = Buffer.from(MARK).toString('base64').slice(0, -4);
    for (const secret of [MARK, base64, fingerprint]) expect(bytes(home).includes(secret)).toBe(false);
    const again = await home.ask('an-idempotency-key', () => Promise.reject(), { fingerprint });
    expect(again).toEqual({ value, replayed: true });
  });

  test('does not tell which request it was to who guesses it, but has not its key', async () => {
    await using home = await IdempotencyHome.create();
    await home.ask('k', async () => ({ text: '', number: 1 }), { fingerprint });
    const found = home.database.prepare('SELECT fingerprint FROM outcomes').get()?.['fingerprint'];
    expect(found).toBe(markOf(fingerprint));
    expect(found).not.toBe(markOf(fingerprintOf({ ...request, secret: '' })));
  });

  test('of an earlier version is not read: what was answered from it is not run again', async () => {
    await using home = await IdempotencyHome.create();
    await home.ask('k', async () => ({ text: '', number: 1 }), { fingerprint });
    home.database
      .prepare('UPDATE outcomes SET fingerprint = ?, outcome = ?')
      .run('0'.repeat(64), '{"kind":"value","value":{"text":"","number":1}}');
    expect(await failure(home.ask('k', () => Promise.reject(), { fingerprint }))).toMatchObject({
      name: 'runnerExecutionFailed',
      message: expect.stringContaining('another version'),
    });
  });
});
