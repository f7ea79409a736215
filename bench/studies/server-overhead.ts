/**
 * What a server of ours adds to a run outside of queue and guest, by the stages of its `Server-Timing`, and what CPU time its
 * process takes for a whole lifecycle: run, retire, refill.
 *
 *   bun bench/studies/server-overhead.ts [--rounds 30] [--lifecycles 40] [--home FOLDER]
 * Rounds: requests one at a time, each on a full pool while nothing else is under way. Lifecycles: one request after the
 * other, refill running behind; the medians of the stages are printed of both.
 */
import { parseArgs } from 'node:util';
import { serverTimesOf } from '../../test/support/server-timing.ts';
import type { CpuTimes } from '../lib/cpu.ts';
import { readCpuTimes } from '../lib/process-times.ts';
import { BenchServer } from '../lib/server.ts';
import { quantile } from '../lib/statistics.ts';

const POOL = 4;
/** Requests until what runs always is compiled once. */
const WARM_UP = 5;
const HELLO = { language: 'javascript', code: 'console.log("hello")' } as const;

/** Durations of many requests by the name of their stage, ms. */
type Stages = Map<string, number[]>;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    lifecycles: { type: 'string', default: '40' },
    home: { type: 'string' },
  },
});
const { signal } = new AbortController();
await using server = await BenchServer.start({ pool: POOL, home: values.home, signal });

async function request(stages?: Stages): Promise<void> {
  const { serverTiming } = await server.client.run(HELLO, 'hello\n');
  for (const [name, ms] of serverTimesOf(new Headers({ 'server-timing': serverTiming }))) {
    stages?.set(name, [...(stages.get(name) ?? []), ms]);
  }
}

function print(title: string, stages: Stages): void {
  console.log(`\n${title}, ms`);
  for (const [name, times] of stages) {
    const [half, most] = [quantile(times, 0.5), quantile(times, 0.95)];
    console.log(
      `${name.padEnd(9)} median ${half.toFixed(3).padStart(9)}   p95 ${most.toFixed(3).padStart(9)}`,
    );
  }
}

for (let each = 0; each < WARM_UP; each += 1) await request();
const alone: Stages = new Map();
for (let round = 0; round < Number(values.rounds); round += 1) {
  await server.untilIdle(signal);
  await request(alone);
}
print('On a full pool, one at a time', alone);

const inRow: Stages = new Map();
const count = Number(values.lifecycles);
await server.untilIdle(signal);
const before = await readCpuTimes(server.pid);
for (let each = 0; each < count; each += 1) await request(inRow);
const after = await readCpuTimes(server.pid);
print('One after the other, with refill', inRow);
const per = (part: keyof CpuTimes) => ((after[part] - before[part]) / count).toFixed(2);
console.log(
  `\nCPU of the server's process per lifecycle: ${per('userMs')} ms user, ${per('systemMs')} ms kernel`,
);
