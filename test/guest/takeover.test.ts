/** A guest whose host was killed in the midst of what it did, and the host that comes after. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { AgentLink } from '../../src/guest/agent-link.ts';
import { reapLeftovers } from '../../src/guest/leftovers.ts';
import { plainProgram } from '../../src/guest/ready.ts';
import { Cgroups, groupName } from '../../src/host/cgroups/cgroups.ts';
import type { ExitReport, RunRequest } from '../../src/protocol/messages.ts';
import { runRequest } from '../support/agent-messages.ts';
import { BunProgram } from '../support/bun-program.ts';
import { failure } from '../support/failure.ts';
import { OutputRecorder } from '../support/output-recorder.ts';
import { until } from '../support/until.ts';

const MIB = 1024 * 1024;
const LIMIT = 7 * MIB;

function bash(id: number, code: string, more: Partial<RunRequest> = {}): RunRequest {
  const program = plainProgram('bash', code);
  const nowMicros = Date.now() * 1000;
  const terms = { nowMicros, keep: true, timeLimitMs: 600_000, outputLimitBytes: LIMIT };
  return runRequest(id, { ...program, ...terms, ...more });
}

const ENDED = 1;
const WAITING = 2;
const FLOOD = 3;
const UNKEPT = 4;
const NUMBERS = 'seq 1 600000';
const BEGUN: readonly RunRequest[] = [
  bash(ENDED, 'echo out; echo err >&2; exit 7'),
  bash(WAITING, 'echo before; until [ -e go ]; do sleep 0.1; done; echo after >&2; exit 3'),
  bash(UNKEPT, 'while true; do echo unkept; sleep 0.1; done', { keep: false }),
  bash(FLOOD, `sleep 1; ${NUMBERS}`),
];

/** Restores a guest, begins the runs, and goes on until it is killed. */
const FIRST_HOST = `
  const { Clones } = await src('../test/support/clones.ts');
  const clones = await Clones.open();
  console.log('<home ' + clones.home.path + '>');
  const { guest } = await clones.ready();
  await guest.resume();
  const began = [];
  for (const request of ${JSON.stringify(BEGUN)}) {
    const { promise, resolve } = Promise.withResolvers();
    began.push(promise);
    void guest.run(request, resolve);
    if (request.id === ${FLOOD}) resolve();
  }
  await Promise.all(began);
  console.log('<begun ' + guest.name + '>');
  setInterval(() => {}, 1000);
`;

let home = '';
let socket = '';
let link: AgentLink;
let nextRun = 100;

/** A program begun by the host that is there now. */
async function run(
  code: string,
  more: Partial<RunRequest> = {},
): Promise<{ report: ExitReport; text: string }> {
  const output = new OutputRecorder();
  const report = await link.run(bash(nextRun++, code, more), output.listen);
  return { report, text: output.text };
}

/** A run that another host began, to its end. */
async function resumed(id: number): Promise<{ report: ExitReport; output: OutputRecorder }> {
  const output = new OutputRecorder();
  const report = await link.resumeRun({ id, outputLimitBytes: LIMIT }, output.listen);
  return { report, output };
}

const refusal = async (id: number): Promise<string> => String(await failure(resumed(id)));

async function nextHost(): Promise<void> {
  link[Symbol.dispose]();
  link = await AgentLink.attach(socket);
}

beforeAll(async () => {
  await using host = new BunProgram(FIRST_HOST);
  home = await host.finds(/<home (.*)>/);
  const name = await host.finds(/<begun (.*)>/);
  socket = join(home, 'guests', name, 'agent.sock');
  // It reads no more: the guest is in the midst of a frame when it is killed.
  host.process.kill('SIGSTOP');
  await Bun.sleep(3_000);
  const exit = once(host.process, 'exit');
  host.process.kill('SIGKILL');
  await exit;
  link = await AgentLink.attach(socket);
}, 240_000);

afterAll(async () => {
  link[Symbol.dispose]();
  await reapLeftovers(join(home, 'guests'));
  const terms = { accelerator: 'tcg', guestMemoryMiB: 256, image: home, reserveBytes: 0 } as const;
  await (await Cgroups.open({ ...terms, name: await groupName(home) }))[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

describe('after its host was killed', () => {
  it('a guest still has what a run printed that ended before, and how it ended', async () => {
    const { report, output } = await resumed(ENDED);
    expect(report).toMatchObject({ id: ENDED, code: 7, signal: null, truncated: false });
    expect(output.chunks).toEqual([
      ['stdout', Buffer.from('out\n').toString('hex')],
      ['stderr', Buffer.from('err\n').toString('hex')],
    ]);
  });

  it('a run that waits goes on, is heard from its first byte, and ends with its exit status', async () => {
    const output = new OutputRecorder();
    const exit = link.resumeRun({ id: WAITING, outputLimitBytes: LIMIT }, output.listen);
    await run('touch go');
    expect(await exit).toMatchObject({ code: 3, timedOut: false });
    expect(output.text).toBe('before\nafter\n');
  });

  it('a run that was held up in the midst of its output loses no byte of it', async () => {
    const { report, output } = await resumed(FLOOD);
    expect(report).toMatchObject({ code: 0, truncated: false });
    const whole = Array.from({ length: 600_000 }, (_, index) => `${index + 1}\n`).join('');
    expect(output.text === whole).toBe(true);
  });

  it('a run that was not to be kept is ended, and is not heard of again', async () => {
    expect(await refusal(UNKEPT)).toContain('not known');
    expect((await run('pgrep -fc "echo unke[p]t"')).text).toBe('0\n');
  });
});

describe('the host after that', () => {
  it('hears all of it again', async () => {
    await nextHost();
    const { report, output } = await resumed(ENDED);
    expect(report.code).toBe(7);
    expect(output.text).toBe('out\nerr\n');
  });

  it('comes after one that left half a message', async () => {
    link[Symbol.dispose]();
    const half = connect(socket);
    await once(half, 'connect');
    half.write(Uint8Array.of(200, 0, 0, 0, 0, 1, 2, 3));
    await until('it to be written', () => half.writableLength === 0);
    half.destroy();
    link = await AgentLink.attach(socket);
    expect((await run('echo heard')).text).toBe('heard\n');
  });

  it('is answered at its first word, however many come in a row', async () => {
    for (let count = 0; count < 20; count += 1) {
      link[Symbol.dispose]();
      link = await AgentLink.attach(socket, { attempts: 1, answerMs: 60_000, pauseMs: 0 });
      await link.stats();
    }
  });

  it('can kill what it takes up', async () => {
    const id = nextRun++;
    const lost = failure(link.run(bash(id, 'echo begun; sleep 1000'), () => {}));
    await nextHost();
    await lost;
    const run = resumed(id);
    link.kill(id);
    expect((await run).report).toMatchObject({ id, code: null, signal: 'SIGKILL' });
    expect(await refusal(9999)).toContain('not known');
  });

  it('is told when there was too much output, and the guest has memory left for programs', async () => {
    const much = (bytes: number) => `head -c ${bytes} /dev/zero`;
    const id = nextRun;
    await run(much(9 * MIB), { outputLimitBytes: 16 * MIB });
    await nextHost();
    expect(await refusal(id)).toContain('not all there');
    expect((await run(much(LIMIT))).report).toMatchObject({ code: 0, truncated: false });
    const eater = 'python3 -c "b = []\nwhile True: b.append(bytes(1 << 20) + b\'x\')"';
    expect((await run(eater)).report.outOfMemory).toBe(true);
    expect((await resumed(nextRun - 2)).report.code).toBe(0);
    expect((await run('echo still here')).text).toBe('still here\n');
  });
});
