import { describe, expect, test } from 'bun:test';
import { exitReport } from '../../support/agent-messages.ts';
import { KEY, TestApi } from '../../support/test-api.ts';
import { until } from '../../support/until.ts';

const json = JSON.stringify({ code: 'console.log(1)' });

describe('a run on a ready guest', () => {
  test('is answered with what it printed', async () => {
    await using own = new TestApi();
    const guest = await own.guest();
    guest.onRun = async (_, onOutput) => {
      onOutput('stdout', new TextEncoder().encode('Hello, CodeLand!\n'));
      return exitReport(0, { code: 2 });
    };
    const { status, body } = await own.run(json, '?time=7');
    expect(status).toBe(200);
    expect(body).toEqual({
      res: 'SGVsbG8sIENvZGVMYW5kIQ==',
      stdout: 'Hello, CodeLand!\n',
      stderr: '',
      truncated: false,
      exitCode: 2,
      signal: null,
      outOfMemory: false,
      duration: expect.any(Number),
      runner: guest.name,
      receipt: {
        queueMs: 0,
        takeMs: expect.any(Number),
        agentMs: expect.any(Number),
        execMs: expect.any(Number),
        totalMs: expect.any(Number),
        cpuMs: expect.any(Number),
        peakMemoryBytes: null,
        bytesIn: json.length,
        bytesOut: 17,
      },
    });
    expect(guest.requests[0]).toMatchObject({ language: 'javascript', timeLimitMs: 7_000 });
    await until('the end of its guest', () => guest.ends === 1);
  });

  test('that takes too long gets 498 with what it had printed', async () => {
    await using own = new TestApi();
    const guest = await own.guest();
    guest.onRun = async (_, onOutput) => {
      onOutput('stderr', new TextEncoder().encode('so far'));
      return exitReport(0, { timedOut: true });
    };
    const { status, body } = await own.run(json);
    expect(status).toBe(498);
    expect(body).toMatchObject({ name: 'runnerTimedOut', stderr: 'so far', runner: guest.name });
  });

  test('that loses its guest gets 400, and nothing of the cause', async () => {
    await using own = new TestApi();
    const guest = await own.guest();
    guest.onRun = () => Promise.reject(new Error('secret detail'));
    const { status, body } = await own.run(json);
    expect(status).toBe(400);
    expect(body).toMatchObject({ name: 'runnerExecutionFailed', runner: guest.name });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test('whose client goes away frees its guest and is no fault of the server', async () => {
    await using own = new TestApi();
    const guest = await own.guest();
    const given = new AbortController();
    guest.onRun = () => {
      given.abort();
      return new Promise(() => {});
    };
    const left = fetch(own.url('/api/v1/runner/run'), {
      method: 'POST',
      body: json,
      headers: { authorization: `Bearer ${KEY}` },
      signal: given.signal,
    });
    expect(await left.catch((error: unknown) => error)).toMatchObject({ name: 'AbortError' });
    await until('the end of its guest', () => guest.ends === 1);
    expect(own.faults).toEqual([]);
  });

  test('is in the list while it runs', async () => {
    await using own = new TestApi();
    const guest = await own.guest();
    const end = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    guest.onRun = async () => {
      began.resolve();
      await end.promise;
      return exitReport(0);
    };
    const run = own.run(json);
    await began.promise;
    const { body } = await own.request('/api/v1/runner');
    expect(body).toMatchObject({
      runners: [{ name: guest.name, inUse: true, state: 'RUNNING', pid: String(guest.pid) }],
      memory: { percent: expect.any(Number), total: expect.stringMatching(/^\d+\.\d\d [KMGT]iB$/) },
    });
    end.resolve();
    expect((await run).status).toBe(200);
  });
});
