/** What clients do with runners that stay, and with the lists of them. */
import { sleep } from '../../src/lib/deadline.ts';
import type { Load, Operation } from './load.ts';

const BASE = '/api/v1/runner';
/** Expiry is noticed by a timer, on a host that is busy. */
const EXPIRY_SECONDS = 60;

async function create(load: Load, body: object = {}): Promise<string> {
  const answer = await load.expect({ status: 200 }, `${BASE}/new?wait=60`, { body }, 'create');
  return String(answer.body['runner']);
}

const remove = (load: Load, runner: string) =>
  load.expect({ status: 200, res: 'success' }, `${BASE}/${runner}`, { method: 'DELETE' }, 'delete');

const gone = (load: Load, runner: string) =>
  load.expect({ status: 404, name: 'runnerNotFound' }, `${BASE}/${runner}`);

/** Made, used in several languages that see each other's files, and deleted. */
const life: Operation = {
  kind: 'persistent',
  weight: 8,
  run: async (load) => {
    const word = load.random.word();
    const runner = await create(load, { files: { word } });
    const runs = [
      { language: 'bash', code: 'cat word; echo; echo bash >> trail', stdout: `${word}\n` },
      { language: 'python', code: 'open("trail", "a").write("python\\n")', stdout: '' },
      { language: 'javascript', code: "console.log(require('fs').readFileSync('trail', 'utf8'))" },
    ] as const;
    for (const { language, code, ...rest } of runs) {
      const stdout = 'stdout' in rest ? rest.stdout : 'bash\npython\n\n';
      const wanted = { status: 200, stdout, exitCode: 0, runner };
      await load.expect(wanted, `${BASE}/run/${runner}`, { body: { language, code } }, 'run');
    }
    await load.expect({ status: 200, runsUnderWay: 0, kind: 'persistent' }, `${BASE}/${runner}`, {}, 'info');
    await remove(load, runner);
    await gone(load, runner);
  },
};

/** Left alone until it ends by itself. */
const idle: Operation = {
  kind: 'idle',
  weight: 3,
  run: async (load) => {
    const runner = await create(load, { idleSeconds: 2 });
    for (let second = 0; ; second += 1) {
      const { status } = await load.send(`${BASE}/${runner}`);
      if (status === 404) return;
      load.check(second < EXPIRY_SECONDS, `${runner} was left alone and did not end`);
      await sleep(1000);
    }
  },
};

/** Deleted while a program runs on it. */
const deleteInRun: Operation = {
  kind: 'delete-in-run',
  weight: 4,
  run: async (load) => {
    const runner = await create(load);
    const body = { language: 'bash', code: 'sleep 60' };
    const run = load.send(`${BASE}/run/${runner}`, { body });
    await sleep(load.random.integer(0, 500));
    await remove(load, runner);
    const { status } = await run;
    // It may not have begun.
    load.check(
      status === 400 || status === 404 || status === 409,
      `a run on a deleted runner answered ${status}`,
    );
    await gone(load, runner);
  },
};

/** A client that leaves its run; the runner stays, and is as it was. */
const leaveRun: Operation = {
  kind: 'leave-run',
  weight: 4,
  run: async (load) => {
    const word = load.random.word();
    const runner = await create(load, { files: { word } });
    const leave = new AbortController();
    const body = { language: 'python', code: 'import time; time.sleep(60)' };
    const run = load.send(`${BASE}/run/${runner}`, { body, signal: leave.signal }).catch(() => undefined);
    await sleep(load.random.integer(0, 500));
    leave.abort();
    await run;
    const check = { language: 'bash', code: 'cat word' };
    await load.expect({ status: 200, stdout: word, runner }, `${BASE}/run/${runner}`, { body: check });
    await remove(load, runner);
  },
};

const look: Operation = {
  kind: 'look',
  weight: 8,
  run: async (load) => {
    await load.expect({ status: 200 }, `${BASE}?detail=true`, {}, 'list');
    await load.expect({ status: 200 }, '/api/v1/worker', {}, 'worker');
  },
};

export const persistentOperations: readonly Operation[] = [life, idle, deleteInRun, leaveRun, look];
