/**
 * What a guest that burns CPU takes from another guest's run: how long the run takes beside it, to how long it takes alone.
 *
 *   bun bench/studies/fair-share.ts [--burners 8] [--rounds 7]
 * Processes in place of guests, as root: a worker beside burners, all of these in one guest's control group, and the
 * same without groups.
 *
 *   CODELAND_KEY=… CODELAND_OTHER_KEY=… bun bench/studies/fair-share.ts --url http://127.0.0.1:8420 [--burners 1] [--rounds 15]
 * A server's guests: runs under one key while so many runs of another burn CPU. Without the variables, no key is sent.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createClient } from '../../src/client.ts';
import { Cgroups, type GuestCgroup } from '../../src/host/cgroups/cgroups.ts';

const { values } = parseArgs({
  options: { url: { type: 'string' }, burners: { type: 'string' }, rounds: { type: 'string' } },
});

/** How long a burner may take to get going, ms. */
const SETTLE_MS = 500;

const median = (figures: readonly number[]) =>
  figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;

/** A line of the answer: medians, and their ratio to the one of the worker alone. */
function tell(what: string, figures: readonly number[], alone: readonly number[]): void {
  const ratio = median(figures) / median(alone);
  const told = Number.isFinite(ratio) ? ratio.toFixed(2) : '';
  console.log(`${what.padEnd(40)} ${median(figures).toFixed(0).padStart(6)} ms   ${told}`);
}

/** What the worker's time is multiplied by when `burners` each with one busy thread share the CPUs with it fairly. */
const fairRatio = (burners: number) => Math.max(1, (burners + 1) / availableParallelism());

// --- Processes ----------------------------------------------------------------------------------------------------

const WORKER = `
for await (const line of console) {
  const startedAt = performance.now();
  let sum = 0;
  for (let i = 0; i < 1e8; i += 1) sum += i % 7;
  globalThis.sum = sum;
  console.log(performance.now() - startedAt);
}`;

async function measureProcesses(burners: number, rounds: number): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'codeland-bench-'));
  stack.defer(() => rm(home, { recursive: true }));
  const cgroups = stack.use(
    await Cgroups.open({
      name: `codeland-bench-${process.pid}`,
      accelerator: 'kvm',
      guestMemoryMiB: 256,
      image: home,
      reserveBytes: 2 ** 29,
    }),
  );
  for (const { layer, why } of cgroups.missing) console.log(`no ${layer}: ${why}`);
  const figures = { alone: [] as number[], bare: [] as number[], grouped: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    figures.alone.push(await timeOfWorker(0));
    figures.bare.push(await timeOfWorker(burners));
    figures.grouped.push(await timeOfWorker(burners, cgroups));
  }
  console.log(
    `${burners} burners, ${availableParallelism()} CPUs, medians of ${rounds} rounds, ratio to alone`,
  );
  tell('alone', figures.alone, figures.alone);
  tell('beside burners, no groups', figures.bare, figures.alone);
  tell('beside burners in one guest’s group', figures.grouped, figures.alone);
}

/** How long the worker takes for its work, ms. */
async function timeOfWorker(burners: number, cgroups?: Cgroups): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const group = async (name: string) => {
    if (!cgroups) return undefined;
    const made = stack.use(await cgroups.guest(name));
    await made.prioritize('claimed');
    return made;
  };
  const [own, others] = [await group('worker'), await group('burner')];
  for (let burner = 0; burner < burners; burner += 1) await start(stack, others, 'while (true);');
  const worker = await start(stack, own, WORKER);
  const lines = createInterface({ input: worker.stdout })[Symbol.asyncIterator]();
  const ask = async () => {
    worker.stdin.write('go\n');
    return Number((await lines.next()).value);
  };
  await ask();
  return await ask();
}

async function start(stack: AsyncDisposableStack, group: GuestCgroup | undefined, program: string) {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  stack.defer(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  if (child.pid !== undefined) await group?.add(child.pid);
  return child;
}

// --- Guests of a server -------------------------------------------------------------------------------------------

/** Some 0.3 s of CPU time under TCG; a run that only prints is over before shares matter. */
const RUN = {
  language: 'javascript',
  code: 'let s = 0; for (let i = 0; i < 3e6; i += 1) s += i; console.log(s)',
};
const BURN = { language: 'python', code: 'while True: pass' };
const BURN_SECONDS = 60;
const WAIT_SECONDS = 60;

async function measureGuests(url: string, burners: number, rounds: number): Promise<void> {
  const runs = createClient(url, { key: process.env['CODELAND_KEY'] }).api.v1.runner.run;
  const alone = await timesOfRuns(runs, rounds, () => false);
  const leaving = new AbortController();
  const burning = createClient(url, { key: process.env['CODELAND_OTHER_KEY'], signal: leaving.signal });
  const query = { time: BURN_SECONDS, wait: WAIT_SECONDS };
  let over = 0;
  const burns = Array.from({ length: burners }, () =>
    burning.api.v1.runner.run
      .post(BURN, { query })
      .catch(() => undefined)
      .finally(() => {
        over += 1;
      }),
  );
  try {
    await sleep(SETTLE_MS * 10);
    const beside = await timesOfRuns(runs, rounds, () => over > 0);
    if (beside.answer.length === 0) throw new Error('a burner ended before the first run: see its answer');
    console.log(
      `${burners} guests burn on ${availableParallelism()} CPUs, medians of ${beside.answer.length} runs, ratio to alone ` +
        `(${fairRatio(burners).toFixed(2)} is the fair share)`,
    );
    for (const figure of ['answer', 'queue', 'exec'] as const) {
      tell(`${figure}, alone`, alone[figure], alone[figure]);
      tell(`${figure}, beside burners`, beside[figure], alone[figure]);
    }
  } finally {
    leaving.abort();
    await Promise.all(burns);
  }
}

/**
 * Times of runs one after the other, ms: until the answer, of that in the queue, and of the program itself.
 * @param isOver Ends it early; a run in which that came true is not counted.
 */
async function timesOfRuns(
  runs: ReturnType<typeof createClient>['api']['v1']['runner']['run'],
  rounds: number,
  isOver: () => boolean,
) {
  const times = { answer: [] as number[], queue: [] as number[], exec: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    // The pool restores a guest behind each run; what it takes is no part of the next one.
    await sleep(SETTLE_MS);
    const startedAt = performance.now();
    const { data, error } = await runs.post(RUN, { query: { wait: WAIT_SECONDS } });
    if (error) throw new Error(`a run was answered ${error.status}: ${JSON.stringify(error.value)}`);
    if (isOver()) break;
    times.answer.push(performance.now() - startedAt);
    times.queue.push(data.receipt.queueMs);
    times.exec.push(data.receipt.execMs ?? Number.NaN);
  }
  return times;
}

const { url, burners, rounds } = values;
if (url === undefined) await measureProcesses(Number(burners ?? 8), Number(rounds ?? 7));
else await measureGuests(url, Number(burners ?? 1), Number(rounds ?? 15));
