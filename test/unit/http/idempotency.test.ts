import { describe, expect, test } from 'bun:test';
import { fingerprintOf, isReplay } from '../../../src/http/idempotency.ts';
import {
  CodeLandError,
  type FailureName,
  RunnerNotAvailableError,
  RunnerTimedOutError,
} from '../../../src/runner/errors.ts';
import { BunProgram } from '../../support/bun-program.ts';
import { failure } from '../../support/failure.ts';
import { IdempotencyHome, type Reply } from '../../support/idempotency.ts';

const REPLY: Reply = { text: 'a\0b\u{1f600}\ud800', number: 0.1 };

/** An execution that the test ends, and how often it was begun. */
class Execution {
  begun = 0;
  signal: AbortSignal | undefined;
  readonly #end = Promise.withResolvers<Reply>();

  readonly run = (signal: AbortSignal): Promise<Reply> => {
    this.begun += 1;
    this.signal = signal;
    return this.#end.promise;
  };

  succeed(reply: Reply = REPLY): void {
    this.#end.resolve(reply);
  }

  fail(error: unknown): void {
    this.#end.reject(error);
  }
}

const never = async (): Promise<Reply> => {
  throw new Error('was executed');
};

const RECEIPT = {
  queueMs: 0,
  takeMs: 0.25,
  agentMs: 1,
  execMs: 1000,
  totalMs: 1002,
  cpuMs: null,
  peakMemoryBytes: 12_345,
  bytesIn: 3,
  bytesOut: 4,
};
const TIMED_OUT = new RunnerTimedOutError(
  1,
  { res: 'YQ==', stdout: 'a', stderr: '', truncated: false },
  { runner: 'runner-7', duration: 1002.125 },
  RECEIPT,
);
const FAILED = new CodeLandError(
  'runnerExecutionFailed',
  'the runner was lost before the code ended',
  {
    runner: 'runner-8',
    duration: 3,
    details: [{ field: 'f', expected: 'e', received: 'r' }],
  },
  { cause: new Error('not for the client') },
);

/** All that a client sees of a failure. */
function seen(error: unknown) {
  if (!(error instanceof CodeLandError)) throw error;
  const { name, message, facts, retryAfterSeconds } = error;
  const more = error instanceof RunnerTimedOutError ? { output: error.output, receipt: error.receipt } : {};
  return { name, message, facts, retryAfterSeconds, ...more };
}

describe('without a key', () => {
  test('each request is executed, and ends when its client leaves', async () => {
    await using home = await IdempotencyHome.create();
    const client = new AbortController();
    const execution = new Execution();
    const answers = [1, 2].map(() => home.ask(undefined, execution.run, { signal: client.signal }));
    expect(execution.begun).toBe(2);
    expect(execution.signal).toBe(client.signal);
    execution.succeed();
    expect(await Promise.all(answers)).toEqual([1, 2].map(() => ({ value: REPLY, replayed: false })));
  });
});

describe('under one key', () => {
  test('a request is executed once, and answered the same again, also after a restart', async () => {
    await using home = await IdempotencyHome.create();
    expect(await home.ask('k', async () => REPLY)).toEqual({ value: REPLY, replayed: false });
    expect(await home.ask('k', never)).toEqual({ value: REPLY, replayed: true });
    await home.restart();
    expect(await home.ask('k', never)).toEqual({ value: REPLY, replayed: true });
    expect(home.faults).toEqual([]);
  });

  test.each([
    ['a run that timed out', TIMED_OUT],
    ['a lost runner', FAILED],
  ])('%s is answered the same again, also after a restart', async (_, error) => {
    await using home = await IdempotencyHome.create();
    const fail = async () => {
      throw error;
    };
    expect(await failure(home.ask('k', fail))).toBe(error);
    expect(isReplay(error)).toBe(false);
    for (const _ of ['before the restart', 'after it']) {
      const again = await failure(home.ask('k', never));
      expect(seen(again)).toEqual(seen(error));
      expect(isReplay(again)).toBe(true);
      await home.restart();
    }
  });

  const NOT_FINAL: readonly FailureName[] = [
    'RunnerNotAvailable',
    'runnerNotFound',
    'runnerBusy',
    'unauthorized',
    'forbidden',
    'tooManyRequests',
    'payloadTooLarge',
    'invalidRequest',
    'notFound',
  ];
  test.each(NOT_FINAL)('a failure before anything ran may be tried again: %s', async (name) => {
    const error = new CodeLandError(name, 'no');
    await using home = await IdempotencyHome.create();
    const fail = async () => {
      throw error;
    };
    expect(await failure(home.ask('k', fail))).toBe(error);
    // Another request may have the key now: nothing ever came of it.
    const answer = await home.ask('k', async () => REPLY, { fingerprint: 'other' });
    expect(answer).toEqual({ value: REPLY, replayed: false });
  });

  test.each([new TypeError('a fault'), new CodeLandError('internal', 'a fault')])(
    'after a fault of the server nobody knows whether it ran, so it is not run again',
    async (error) => {
      await using home = await IdempotencyHome.create();
      const fail = async () => {
        throw error;
      };
      expect(await failure(home.ask('k', fail))).toBe(error);
      expect(await failure(home.ask('k', never))).toMatchObject({
        name: 'runnerExecutionFailed',
        message: expect.stringContaining('not run again'),
      });
    },
  );

  test('an execution that throws before it waits is like any other', async () => {
    await using home = await IdempotencyHome.create();
    const fail = () => {
      throw new RunnerNotAvailableError(3);
    };
    expect(await failure(home.ask('k', fail))).toBeInstanceOf(RunnerNotAvailableError);
    expect((await home.ask('k', async () => REPLY)).replayed).toBe(false);
  });

  test('another request is refused: while the first is under way, after it, and after a restart', async () => {
    await using home = await IdempotencyHome.create();
    const execution = new Execution();
    const other = async () => {
      const error = await failure(home.ask('k', never, { fingerprint: 'other' }));
      expect(error).toMatchObject({
        name: 'invalidRequest',
        facts: { details: [{ field: 'header.idempotency-key' }] },
      });
    };
    const first = home.ask('k', execution.run);
    await other();
    execution.succeed();
    await first;
    await other();
    await home.restart();
    await other();
    expect((await home.ask('k', never)).replayed).toBe(true);
  });

  test('of two owners, requests never meet', async () => {
    await using home = await IdempotencyHome.create();
    const reply = (text: string) => async () => ({ text, number: null });
    const execution = new Execution();
    const first = home.ask('k', execution.run, { owner: 'a' });
    const second = await home.ask('k', reply('b'), { owner: 'b', fingerprint: 'theirs' });
    execution.succeed({ text: 'a', number: null });
    expect([(await first).value.text, second.value.text]).toEqual(['a', 'b']);
    await home.restart();
    expect((await home.ask('k', never, { owner: 'b', fingerprint: 'theirs' })).value.text).toBe('b');
    expect((await home.ask('k', never, { owner: 'a' })).value.text).toBe('a');
  });

  test('an answer expires', async () => {
    await using home = await IdempotencyHome.create();
    await home.ask('k', async () => REPLY);
    home.time += 24 * 3_600_000 - 1;
    expect((await home.ask('k', never)).replayed).toBe(true);
    home.time += 1;
    expect((await home.ask('k', async () => REPLY, { fingerprint: 'other' })).replayed).toBe(false);
  });
});

describe('a twin of a request under way', () => {
  test('waits for it and gets its answer', async () => {
    await using home = await IdempotencyHome.create();
    const execution = new Execution();
    const answers = [1, 2, 3].map(() => home.ask('k', execution.run));
    execution.succeed();
    expect(await Promise.all(answers)).toEqual(
      [false, true, true].map((replayed) => ({ value: REPLY, replayed })),
    );
    expect(execution.begun).toBe(1);
  });

  test.each([
    ['a run that timed out', TIMED_OUT],
    ['a lost runner', FAILED],
  ])('gets its failure, marked as a replay: %s', async (_, error) => {
    await using home = await IdempotencyHome.create();
    const execution = new Execution();
    const [first, twin] = [1, 2].map(() => failure(home.ask('k', execution.run)));
    execution.fail(error);
    expect(await first).toBe(error);
    expect(seen(await twin)).toEqual(seen(error));
    expect([isReplay(await first), isReplay(await twin)]).toEqual([false, true]);
  });

  test('gets its failure also when that may be tried again, and may then try', async () => {
    await using home = await IdempotencyHome.create();
    const execution = new Execution();
    const error = new RunnerNotAvailableError(3);
    const answers = [1, 2].map(() => failure(home.ask('k', execution.run)));
    execution.fail(error);
    expect(await Promise.all(answers)).toEqual([error, error]);
    expect(isReplay(error)).toBe(false);
    expect(execution.begun).toBe(1);
    expect((await home.ask('k', async () => REPLY)).replayed).toBe(false);
  });

  test('that leaves stops waiting; the others go on', async () => {
    await using home = await IdempotencyHome.create();
    const execution = new Execution();
    const first = home.ask('k', execution.run);
    const leaving = new AbortController();
    const twin = failure(home.ask('k', never, { signal: leaving.signal }));
    const gone = failure(home.ask('k', never, { signal: AbortSignal.abort('was gone before') }));
    leaving.abort('left');
    expect(await twin).toBe('left');
    expect(await gone).toBe('was gone before');
    execution.succeed();
    expect((await first).value).toEqual(REPLY);
  });
});

describe('a client that leaves', () => {
  test('does not end its execution: who asks again gets the answer', async () => {
    await using home = await IdempotencyHome.create();
    const execution = new Execution();
    const client = new AbortController();
    const first = failure(home.ask('k', execution.run, { signal: client.signal }));
    client.abort('left');
    expect(await first).toBe('left');
    expect(execution.signal?.aborted).toBe(false);
    const second = home.ask('k', never);
    execution.succeed();
    expect(await second).toEqual({ value: REPLY, replayed: true });
  });

  test('does not keep the server from ending in order: the answer is kept', async () => {
    await using home = await IdempotencyHome.create();
    const execution = new Execution();
    const client = new AbortController();
    const first = failure(home.ask('k', execution.run, { signal: client.signal }));
    client.abort('left');
    await first;
    const restarted = home.restart();
    execution.succeed();
    await restarted;
    expect(await home.ask('k', never)).toEqual({ value: REPLY, replayed: true });
  });

  test('leaves no unhandled rejection when its execution fails', async () => {
    await using home = await IdempotencyHome.create();
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    try {
      const execution = new Execution();
      const client = new AbortController();
      const first = failure(home.ask('k', execution.run, { signal: client.signal }));
      client.abort('left');
      await first;
      execution.fail(FAILED);
      await home.restart();
      await new Promise((resolve) => setTimeout(resolve, 10));
    } finally {
      process.off('unhandledRejection', listen);
    }
    expect(unhandled).toEqual([]);
    expect(seen(await failure(home.ask('k', never)))).toEqual(seen(FAILED));
  });
});

describe('a server that is killed', () => {
  test('in the middle of a request has not run it again, and keeps earlier answers', async () => {
    await using home = await IdempotencyHome.create();
    home.database[Symbol.dispose]();
    await using child = new BunProgram(`
      const { Database } = await src('store/database.ts');
      const { Idempotency } = await src('http/idempotency.ts');
      const { Type } = await import('@sinclair/typebox');
      const database = Database.open(${JSON.stringify(home.folder.path)});
      const idempotency = new Idempotency({ database, hours: 24, onFault: console.error, now: () => ${home.time} });
      const ask = (key, execute) => idempotency.once(
        { owner: 'owner', key, fingerprint: 'print', signal: new AbortController().signal },
        Type.Object({}), execute);
      await ask('done', async () => ({ text: 'kept', number: 1 }));
      const { RunnerNotAvailableError } = await src('runner/errors.ts');
      await ask('tried', async () => { throw new RunnerNotAvailableError(1); }).catch(() => {});
      setInterval(() => {}, 1000);
      await ask('under-way', async () => {
        console.log('under way');
        return new Promise(() => {});
      });`);
    await child.prints('under way');
    await child.kill();
    await home.restart();
    expect((await home.ask('done', never)).value).toEqual({ text: 'kept', number: 1 });
    expect((await home.ask('tried', async () => REPLY)).replayed).toBe(false);
    for (let i = 0; i < 2; i++) {
      const error = await failure(home.ask('under-way', never));
      expect(error).toMatchObject({
        name: 'runnerExecutionFailed',
        message:
          'the server ended while this request was under way; a run on a runner that stays goes on: GET its runs; it is not run again',
      });
      expect(isReplay(error)).toBe(true);
      await home.restart();
    }
    expect(await failure(home.ask('under-way', never, { fingerprint: 'other' }))).toMatchObject({
      name: 'invalidRequest',
    });
  });
});

describe('a key', () => {
  test.each(['k', '~', 'x'.repeat(255), '"quoted-as-in-the-draft"', '../../etc/passwd', "';--"])(
    'is taken: %s',
    async (key) => {
      await using home = await IdempotencyHome.create();
      await home.ask(key, async () => REPLY);
      expect((await home.ask(key, never)).replayed).toBe(true);
      expect((await home.ask(`${key.slice(1)}!`, async () => REPLY)).replayed).toBe(false);
    },
  );

  test.each(['', 'x'.repeat(256), 'a b', 'a,\tb', 'ü', 'a\nb', 'a\u007f', '\u{1f600}'])(
    'is refused: %p',
    async (key) => {
      await using home = await IdempotencyHome.create();
      expect(await failure(home.ask(key, never))).toMatchObject({
        name: 'invalidRequest',
        facts: {
          details: [{ field: 'header.idempotency-key', expected: '1 to 255 visible ASCII characters' }],
        },
      });
    },
  );
});

describe('room', () => {
  const bounds = { rows: 3, bytes: 250, answerBytes: 200 };
  const reply = (length: number) => async (): Promise<Reply> => ({ text: 'x'.repeat(length), number: null });
  /** JSON around the text of a reply. */
  const AROUND = Buffer.byteLength(JSON.stringify({ kind: 'value', value: { text: '', number: null } }));

  test('for answers is made by dropping the oldest of the same owner, which are not run again', async () => {
    await using home = await IdempotencyHome.create(bounds);
    await home.ask('theirs', reply(10), { owner: 'other' });
    await home.ask('a', reply(60));
    await home.ask('b', reply(60));
    expect((await home.ask('a', never)).replayed).toBe(true);
    await home.ask('c', reply(70));
    expect(await failure(home.ask('a', never))).toMatchObject({
      name: 'runnerExecutionFailed',
      message: expect.stringContaining('made room for newer ones; it is not run again'),
    });
    for (const key of ['b', 'c']) expect((await home.ask(key, never)).replayed).toBe(true);
    expect((await home.ask('theirs', never, { owner: 'other' })).replayed).toBe(true);
  });

  test('for one answer is bounded: a larger one is given once', async () => {
    await using home = await IdempotencyHome.create(bounds);
    await home.ask('fits', reply(200 - AROUND));
    expect((await home.ask('fits', never)).replayed).toBe(true);
    expect((await home.ask('larger', reply(201 - AROUND))).value.text).toHaveLength(201 - AROUND);
    expect(await failure(home.ask('larger', never))).toMatchObject({
      name: 'runnerExecutionFailed',
      message: expect.stringContaining('too large to keep; it is not run again'),
    });
    expect((await home.ask('fits', never)).replayed).toBe(true);
  });

  test('for keys is bounded by owner, until the first expires', async () => {
    await using home = await IdempotencyHome.create(bounds);
    for (const key of ['a', 'b', 'c']) {
      await home.ask(key, reply(1));
      home.time += 60_000;
    }
    expect(await failure(home.ask('d', never))).toMatchObject({
      name: 'tooManyRequests',
      retryAfterSeconds: 24 * 3600 - 180,
    });
    expect((await home.ask('a', never)).replayed).toBe(true);
    expect((await home.ask('d', reply(1), { owner: 'other' })).replayed).toBe(false);
    home.time += (24 * 3600 - 180) * 1000;
    await home.restart();
    expect((await home.ask('d', reply(1))).replayed).toBe(false);
  });
});

describe('a database that fails', () => {
  const breakDown = (home: IdempotencyHome) =>
    home.database.prepare('ALTER TABLE outcomes RENAME TO away').run();
  const repair = (home: IdempotencyHome) =>
    home.database.prepare('ALTER TABLE away RENAME TO outcomes').run();

  test('before the execution keeps it from being begun', async () => {
    await using home = await IdempotencyHome.create();
    breakDown(home);
    expect(String(await failure(home.ask('k', never)))).toContain('no such table');
    repair(home);
    expect((await home.ask('k', async () => REPLY)).replayed).toBe(false);
  });

  test('at its end does not hold back the answer, and it is not run again', async () => {
    await using home = await IdempotencyHome.create();
    const execution = new Execution();
    const first = home.ask('k', execution.run);
    breakDown(home);
    execution.succeed();
    expect((await first).value).toEqual(REPLY);
    expect(home.faults).toHaveLength(1);
    repair(home);
    expect(await failure(home.ask('k', never))).toMatchObject({
      name: 'runnerExecutionFailed',
      message: 'this request ended before, but its answer could not be kept; it is not run again',
    });
    await home.restart();
    expect(await failure(home.ask('k', never))).toMatchObject({ name: 'runnerExecutionFailed' });
  });
});

test.each([
  ['no JSON', '{'],
  ['no outcome', '{"kind":"marvel"}'],
  ['no answer of this route', '{"kind":"value","value":{"text":1}}'],
  ['no failure of this version', '{"kind":"timedOut","message":"late"}'],
])('an answer of another version that is not understood is not run again: %s', async (_, text) => {
  await using home = await IdempotencyHome.create();
  await home.ask('k', async () => REPLY);
  home.database.prepare('UPDATE outcomes SET outcome = ?').run(text);
  const error = await failure(home.ask('k', never));
  expect(error).toMatchObject({
    name: 'runnerExecutionFailed',
    message: expect.stringContaining('another version'),
  });
  expect(isReplay(error)).toBe(true);
});

describe('a fingerprint', () => {
  const request = {
    secret: 's',
    method: 'POST',
    path: '/codeland/run',
    query: '?time=1',
    body: '{"code":"1"}',
  };

  test('is the same for the same request', () => {
    const bytes = new TextEncoder().encode(request.body);
    expect(fingerprintOf({ ...request, body: bytes })).toBe(fingerprintOf(request));
    expect(fingerprintOf(request)).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    { secret: 't' },
    { method: 'PUT' },
    { path: '/codeland/run/new' },
    { query: '' },
    { query: '?time=1&' },
    { body: '{"code":"2"}' },
    { path: '/codeland/run?time=1', query: '' },
    { query: '?time=1{"code":"1"}', body: '' },
  ])('is another for another request: %p', (change) => {
    expect(fingerprintOf({ ...request, ...change })).not.toBe(fingerprintOf(request));
  });
});
