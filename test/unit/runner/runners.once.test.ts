import { describe, expect, test } from 'bun:test';
import { AgentLinkError, RunRefusedError } from '../../../src/guest/errors.ts';
import { CodeLandError, RunnerNotAvailableError, RunnerTimedOutError } from '../../../src/runner/errors.ts';
import type { RunTerms } from '../../../src/runner/terms.ts';
import { exitReport } from '../../support/agent-messages.ts';
import { failure } from '../../support/failure.ts';
import type { FakeGuest } from '../../support/fake-guest.ts';
import { FakeRunners, holdRuns, PROGRAM, terms } from '../../support/fake-runners.ts';
import { LONG, pass, settle, useFakeTime } from '../../support/time.ts';

// A run leaves no timer behind, however it ended.
useFakeTime();

const print = (text: string) => new TextEncoder().encode(text);

/** One ready guest, for one run; whatever comes of it, the guest is ended once and nothing is left of it. */
async function withGuest(act: (run: OneRun) => Promise<void>): Promise<void> {
  await using fake = await FakeRunners.start(1);
  const guest = fake.guest();
  await act({ guest, fake, run: (more) => fake.runners.runOnce(PROGRAM, terms(more)) });
  await settle();
  expect(guest.ends).toBe(1);
  expect(fake.runners.list()).toEqual([]);
  expect(fake.pool.counts).toMatchObject({ leased: 0, retiring: 0 });
}
type OneRun = {
  readonly guest: FakeGuest;
  readonly fake: FakeRunners;
  readonly run: (more?: Partial<RunTerms>) => ReturnType<FakeRunners['runners']['runOnce']>;
};

describe('a run on a throw-away runner', () => {
  test('sends the program with its limits, and resumes the guest in the same turn', async () => {
    await withGuest(async ({ guest, run }) => {
      let resumedBefore = -1;
      guest.onRun = async ({ id }) => {
        resumedBefore = guest.resumed;
        // The first wait of the run: what came before it was one turn.
        await Promise.resolve();
        expect(guest.resumed).toBe(1);
        return exitReport(id);
      };
      await run();
      expect(resumedBefore).toBe(0);
      expect(guest.requests).toHaveLength(1);
      expect(guest.requests[0]).toMatchObject({
        type: 'run',
        warmUp: false,
        keep: false,
        ...PROGRAM,
        timeLimitMs: 5_000,
        outputLimitBytes: 100,
      });
    });
  });

  test('answers with output, exit, runner and receipt', async () => {
    await withGuest(async ({ guest, run }) => {
      guest.onRun = async ({ id }, onOutput) => {
        onOutput('stdout', print('out\n'));
        onOutput('stderr', print('err\n'));
        return exitReport(id, { code: 3, truncated: true });
      };
      const result = await run();
      expect(result).toEqual({
        res: Buffer.from('out\nerr').toString('base64'),
        stdout: 'out\n',
        stderr: 'err\n',
        truncated: true,
        exitCode: 3,
        signal: null,
        outOfMemory: false,
        duration: result.receipt.totalMs,
        runner: guest.name,
        receipt: expect.objectContaining({ bytesIn: 10, bytesOut: 8 }),
      });
    });
  });

  test('is answered before its guest is ended', async () => {
    await withGuest(async ({ guest, fake, run }) => {
      guest.onRun = async ({ id }) => exitReport(id);
      await run();
      expect(guest.ends).toBe(0);
      // It is nobody's any more all the same.
      expect(fake.runners.list()).toEqual([]);
    });
  });

  test('tells of a signal and of memory that ran out', async () => {
    await withGuest(async ({ guest, run }) => {
      guest.onRun = async () => exitReport(0, { code: null, signal: 'SIGKILL', outOfMemory: true });
      expect(await run()).toMatchObject({ exitCode: null, signal: 'SIGKILL', outOfMemory: true });
    });
  });

  test('gives what was printed until the time was up, and what it cost', async () => {
    await withGuest(async ({ guest, run }) => {
      guest.onRun = async (_, onOutput) => {
        onOutput('stdout', print('so far\n'));
        return exitReport(0, { code: null, signal: 'SIGKILL', timedOut: true, peakMemoryBytes: 7 });
      };
      const error = await failure(run());
      expect(error).toBeInstanceOf(RunnerTimedOutError);
      expect(error).toMatchObject({
        output: { stdout: 'so far\n' },
        facts: { runner: guest.name },
        receipt: { bytesIn: 10, bytesOut: 7, peakMemoryBytes: 7 },
      });
    });
  });

  test('does not wait for ever for a guest that does not report', async () => {
    await withGuest(async ({ guest, run }) => {
      guest.onRun = (_, onOutput) => {
        onOutput('stderr', print('stuck'));
        return new Promise(() => {});
      };
      const error = failure(run());
      await pass(4_999);
      expect(guest.ends).toBe(0);
      await pass(LONG);
      expect(await error).toBeInstanceOf(RunnerTimedOutError);
      expect(await error).toMatchObject({
        output: { stderr: 'stuck' },
        receipt: { execMs: null, cpuMs: null, bytesOut: 5 },
      });
    });
  });

  test.each([
    ['its link ends', new AgentLinkError('closed'), 'lost'],
    ['its agent refuses', new RunRefusedError('no such language'), 'no such language'],
    ['something else fails', new Error('secret detail'), 'the runner failed'],
  ])('says that the runner failed when %s', async (_, cause, message) => {
    await withGuest(async ({ guest, run }) => {
      guest.onRun = () => Promise.reject(cause);
      const error = await failure(run());
      expect(error).toBeInstanceOf(CodeLandError);
      expect(error).toMatchObject({
        name: 'runnerExecutionFailed',
        message: expect.stringContaining(message),
        facts: { runner: guest.name, duration: expect.any(Number) },
      });
      expect(error instanceof Error ? error.cause : undefined).toBe(cause);
    });
  });

  test('says that the runner failed when its CPU cannot be resumed', async () => {
    await withGuest(async ({ guest, run }) => {
      guest.onResume = () => Promise.reject(new Error('no monitor'));
      expect(await failure(run())).toMatchObject({ name: 'runnerExecutionFailed' });
    });
  });

  test('says so when the guest is lost in mid-run', async () => {
    await withGuest(async ({ guest, run }) => {
      const error = failure(run());
      await settle();
      guest.lose();
      expect(await error).toMatchObject({
        name: 'runnerExecutionFailed',
        message: expect.stringContaining('lost'),
      });
    });
  });

  test('frees the guest at once when the one who asked is gone', async () => {
    await withGuest(async ({ guest, run }) => {
      const given = new AbortController();
      const error = failure(run({ signal: given.signal }));
      await settle();
      const reason = new Error('gone');
      given.abort(reason);
      expect(await error).toBe(reason);
      await settle();
      expect(guest.ends).toBe(1);
      expect(guest.killed).toEqual([]);
    });
  });

  test('can be deleted by its owner while it runs', async () => {
    await withGuest(async ({ guest, fake, run }) => {
      const error = failure(run());
      await settle();
      await fake.runners.delete(guest.name, 'anna');
      expect(await error).toMatchObject({
        name: 'runnerExecutionFailed',
        message: expect.stringContaining('deleted'),
      });
    });
  });

  test('has its runner to itself', async () => {
    await withGuest(async ({ guest, fake, run }) => {
      const [held] = [holdRuns(guest)];
      const result = run();
      await settle();
      expect(await failure(fake.runners.run(guest.name, PROGRAM, terms()))).toMatchObject({
        name: 'runnerBusy',
      });
      held[0]?.report();
      await result;
    });
  });
});

test('one who was gone before takes no guest', async () => {
  await using fake = await FakeRunners.start(1);
  const reason = new Error('gone');
  const given = { signal: AbortSignal.abort(reason) };
  expect(await failure(fake.runners.runOnce(PROGRAM, terms(given)))).toBe(reason);
  expect(fake.pool.counts).toMatchObject({ ready: 1, leased: 0 });
});

test('says so when no guest is ready', async () => {
  await using fake = await FakeRunners.start(0);
  expect(await failure(fake.runners.runOnce(PROGRAM, terms()))).toBeInstanceOf(RunnerNotAvailableError);
});

test('waits for a guest as long as it is told to, and says how long that was', async () => {
  await using fake = await FakeRunners.start(0);
  fake.template.onGuest = (guest) => {
    guest.onRun = async ({ id }) => exitReport(id);
  };
  fake.template.memory = 1_000;
  const result = fake.runners.runOnce(PROGRAM, terms({ waitSeconds: 10 }));
  await pass(4_000);
  fake.template.memory = 0;
  await fake.template.finish();
  const { receipt } = await result;
  expect(receipt.queueMs).toBeGreaterThanOrEqual(4_000);
  expect(receipt.takeMs).toBeLessThan(100);
  expect(receipt.totalMs).toBeGreaterThanOrEqual(receipt.queueMs);
});
