import { expect, test } from 'bun:test';
import { RefusedError } from '../../../src/cli/image/context.ts';
import { reload, rollOut } from '../../../src/cli/image/server.ts';
import { failure } from '../../support/failure.ts';
import { Refusal, ScriptedControl } from '../../support/scripted-control.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const TERMS = { template: 'two', sharePercent: 20, runs: 50, seconds: 600, maxErrorPercent: 1 };
const never = () => new AbortController().signal;

test('without a server nothing is asked of it', async () => {
  await using folder = await TempFolder.create();
  expect(await reload(folder.path)).toBeNull();
  expect(await rollOut(folder.path, TERMS, never())).toBeNull();
});

test('a trial is asked for as it was ordered, and its outcome told', async () => {
  await using folder = await TempFolder.create();
  const decided = { outcome: 'promoted', reason: '50 runs, 0 failed', figures: { runs: 50 } };
  const bodies: unknown[] = [];
  await using _ = new ScriptedControl(folder.path, {
    'POST /rollout': (body) => {
      bodies.push(body);
      return decided;
    },
  });
  expect(await rollOut(folder.path, TERMS, never())).toMatchObject(decided);
  expect(bodies).toEqual([TERMS]);
});

test('a server that cannot do it without a restart is understood', async () => {
  await using folder = await TempFolder.create();
  const refusal = new Refusal('guest memory differs: restart the server');
  await using _ = new ScriptedControl(folder.path, {
    'POST /rollout': () => refusal,
    'POST /templates/reload': () => refusal,
  });
  const error = await failure(rollOut(folder.path, TERMS, never()));
  expect(error).toBeInstanceOf(RefusedError);
  expect(String(error)).toContain('restart the server');
  expect(await reload(folder.path)).toEqual({ refusal: refusal.body.message });
});

test('an interruption leaves, for which the server gives the trial up', async () => {
  await using folder = await TempFolder.create();
  const stop = new AbortController();
  const reason = new Error('interrupted');
  const left = Promise.withResolvers<void>();
  await using _ = new ScriptedControl(folder.path, {
    'POST /rollout': (_, signal) => {
      signal.addEventListener('abort', () => left.resolve());
      stop.abort(reason);
      return left.promise;
    },
  });
  expect(await failure(rollOut(folder.path, TERMS, stop.signal))).toBe(reason);
  await left.promise;
});
