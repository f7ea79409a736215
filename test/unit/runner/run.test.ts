import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import { AgentLinkError, RunRefusedError } from '../../../src/guest/errors.ts';
import type { Program } from '../../../src/protocol/messages.ts';
import { CodeLandError, RunnerNotAvailableError, RunnerTimedOutError } from '../../../src/runner/errors.ts';
import { runOnce } from '../../../src/runner/run.ts';
import { exitReport } from '../../support/agent-messages.ts';
import { failure } from '../../support/failure.ts';
import type { FakeGuest } from '../../support/fake-guest.ts';
import { FakeTemplate } from '../../support/fake-template.ts';
import { pass } from '../../support/time.ts';

const program: Program = {
  language: 'python',
  code: 'print(1)',
  stdin: 'in',
  args: ['-v'],
  env: { A: '1' },
  files: { 'a/b': 'c' },
};
const limits = () => ({ seconds: 5, outputBytes: 100, signal: new AbortController().signal });
const print = (text: string) => new TextEncoder().encode(text);

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  // A run leaves no timer behind, however it ended.
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

/** A pool with one ready guest, for one test. */
async function withGuest(act: (run: Run) => Promise<void>): Promise<void> {
  const template = new FakeTemplate();
  await using pool = template.pool({ target: 1, maxGuests: 1 });
  pool.start();
  const guest = await template.finish();
  // No successor is restored.
  template.memory = 0;
  await act({ guest, run: (more = {}) => runOnce(pool, program, { ...limits(), ...more }) });
  expect(guest.ends).toBe(1);
}
type Run = {
  readonly guest: FakeGuest;
  readonly run: (more?: Partial<ReturnType<typeof limits>>) => ReturnType<typeof runOnce>;
};

describe('runOnce', () => {
  test('sends the program with its limits, and resumes the guest in the same turn', async () => {
    await withGuest(async ({ guest, run }) => {
      guest.onRun = async () => exitReport(0);
      const result = run();
      expect(guest.resumed).toBe(1);
      expect(guest.requests).toHaveLength(1);
      expect(guest.requests[0]).toMatchObject({
        type: 'run',
        warmUp: false,
        ...program,
        timeLimitMs: 5_000,
        outputLimitBytes: 100,
      });
      await result;
    });
  });

  test('answers with output, exit and runner; the guest is ended behind it', async () => {
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
        duration: expect.any(Number),
        runner: guest.name,
      });
    });
  });

  test('tells of a signal and of memory that ran out', async () => {
    await withGuest(async ({ guest, run }) => {
      guest.onRun = async () => exitReport(0, { code: null, signal: 'SIGKILL', outOfMemory: true });
      expect(await run()).toMatchObject({ exitCode: null, signal: 'SIGKILL', outOfMemory: true });
    });
  });

  test('gives what was printed until the time was up', async () => {
    await withGuest(async ({ guest, run }) => {
      guest.onRun = async (_, onOutput) => {
        onOutput('stdout', print('so far\n'));
        return exitReport(0, { code: null, signal: 'SIGKILL', timedOut: true });
      };
      const error = await failure(run());
      expect(error).toBeInstanceOf(RunnerTimedOutError);
      expect(error).toMatchObject({ output: { stdout: 'so far\n' }, facts: { runner: guest.name } });
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
      await pass(60_000);
      expect(await error).toBeInstanceOf(RunnerTimedOutError);
      expect(await error).toMatchObject({ output: { stderr: 'stuck' } });
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

  test('frees the guest at once when the one who asked is gone', async () => {
    await withGuest(async ({ guest, run }) => {
      const given = new AbortController();
      const error = failure(run({ signal: given.signal }));
      const reason = new Error('gone');
      given.abort(reason);
      expect(await error).toBe(reason);
      expect(guest.ends).toBe(1);
    });
  });

  test('gives the reason of a signal that was aborted before', async () => {
    await withGuest(async ({ run }) => {
      const reason = new Error('gone');
      expect(await failure(run({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    });
  });

  test('says so when no guest is ready', async () => {
    await using pool = new FakeTemplate().pool();
    expect(await failure(runOnce(pool, program, limits()))).toBeInstanceOf(RunnerNotAvailableError);
  });
});
