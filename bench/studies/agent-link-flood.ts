/**
 * What guests that write as fast as they can cost the others: how late the server's event loop is, and how long a
 * good guest's answer takes, with none of them and with some.
 *   bun bench/studies/agent-link-flood.ts [--guests 4] [--seconds 3]
 */
import { spawn } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { AgentLink } from '../../src/guest/agent-link.ts';
import { runRequest, statsReply } from '../../test/support/agent-messages.ts';
import { ScriptedAgent } from '../../test/support/scripted-agent.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';

const { values } = parseArgs({ options: { guests: { type: 'string' }, seconds: { type: 'string' } } });
const guests = Number(values.guests ?? 4);
const seconds = Number(values.seconds ?? 3);

/** Stands for a guest: a process of its own that repeats one frame once the host has spoken. */
const FLOOD = `
const [path, hex] = process.argv.slice(1);
const frame = Buffer.from(hex, 'hex');
const chunk = Buffer.concat(Array(Math.max(1, Math.floor(400_000 / frame.length))).fill(frame));
require('node:net').createServer((socket) => {
  socket.on('error', () => process.exit());
  const write = () => { while (socket.write(chunk)); socket.once('drain', write); };
  socket.once('data', write);
}).listen(path, () => console.log('ready'));
`;

/** One byte of output of run 0. */
const TINY_FRAME = '05000000010000000078';

/** Largest of the lowest `share` of the figures. */
function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

async function measure(flooding: number): Promise<{ answer: number[]; delay: number[]; frames: number }> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await TempFolder.create());
  const good = stack.use(await ScriptedAgent.start());
  const link = stack.use(await AgentLink.connect(good.path));
  let frames = 0;
  for (let guest = 0; guest < flooding; guest += 1) {
    const path = folder.file(`${guest}.sock`);
    const child = spawn(process.execPath, ['-e', FLOOD, path, TINY_FRAME], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    stack.defer(() => void child.kill());
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const flooder = stack.use(await AgentLink.connect(path));
    const request = runRequest(0, { outputLimitBytes: Number.MAX_SAFE_INTEGER });
    flooder
      .run(request, () => {
        frames += 1;
      })
      .catch(() => {});
  }
  const answer: number[] = [];
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  const end = performance.now() + seconds * 1000;
  for (let id = 0; performance.now() < end; id += 1) {
    const asked = performance.now();
    const figures = link.stats();
    await good.next();
    await good.send(statsReply(id));
    await figures;
    answer.push(performance.now() - asked);
    await Bun.sleep(2);
  }
  histogram.disable();
  return { answer, delay: [50, 99, 100].map((share) => histogram.percentile(share) / 1e6), frames };
}

for (const flooding of [0, guests]) {
  const { answer, delay, frames } = await measure(flooding);
  const [median = Number.NaN, late = Number.NaN, most = Number.NaN] = delay;
  console.log(
    `${flooding} flooding: event loop late by ${median.toFixed(2)} ms (median), ${late.toFixed(2)} (99 %), ` +
      `${most.toFixed(2)} (most); a good guest's answer ${quantile(answer, 0.5).toFixed(2)} ms, ` +
      `${quantile(answer, 0.99).toFixed(2)} (99 %); ${Math.round(frames / seconds)} frames a second taken`,
  );
}
