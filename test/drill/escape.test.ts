/**
 * Hostile programs, each as root of a guest of its own, through the whole service. A guest may do to itself what it
 * likes; the host, the server and the other guests must not notice. What a program without rights can do is tested
 * with the product's own image (`test/e2e/hostile.test.ts`).
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'bun:test';
import { existsSync } from 'node:fs';
import { Drill } from './support/drill.ts';

let drill: Drill;
beforeAll(async () => {
  drill = await Drill.start();
}, 600_000);
afterAll(() => drill[Symbol.asyncDispose]());

/** The run ended as the agent tells, or the guest was lost, or it did not answer in time. */
const [ENDED, LOST, STUCK] = [200, 400, 498];
/** Whatever comes first: garbage hits what it hits. */
const ANY = [ENDED, LOST, STUCK];

/** Time limits, seconds: of what ends by itself, also on a busy host, and of what goes on for ever. */
const [LONG, SHORT] = [60, 6];
const TIMEOUT_MS = 180_000;

type Case = {
  readonly it: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly seconds?: number;
  /** What may become of the guest itself. */
  readonly ends: readonly number[];
  /** How what it prints begins, if it lives to tell: that it has done what it is for. */
  readonly says: string;
};

/** Runs the program and expects what is said in the case; the drill itself expects the rest. */
async function attack({ program, args = [], seconds = LONG, ends, says }: Case): Promise<void> {
  const { status, body } = await drill.attack(program, { seconds, args });
  const { stdout, stderr, exitCode } = body;
  expect({ ends, stderr, stdout }).toMatchObject({ ends: expect.arrayContaining([status]) });
  if (status !== LOST) expect(stdout).toStartWith(says);
  if (status === ENDED) expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
}

const resources: readonly Case[] = [
  { it: 'forks', program: 'fork-bomb.py', seconds: SHORT, ends: [LOST, STUCK], says: 'forking\n' },
  { it: 'takes memory', program: 'memory-bomb.py', seconds: SHORT, ends: [LOST, STUCK], says: 'taking\n' },
  { it: 'fills its disk', program: 'disk-filler.py', seconds: SHORT, ends: [LOST, STUCK], says: 'filling\n' },
];
describe('without any limit, root of a guest', () => {
  it.each(resources)('$it', attack, TIMEOUT_MS);
});

const devices: readonly Case[] = [
  {
    it: 'writes to the root disk',
    program: 'disk-writer.py',
    ends: [ENDED],
    says: 'by its driver: Operation not permitted\nby hand: write\nby hand: discard\nby hand: write zeroes\n',
  },
  { it: 'changes every clock', program: 'clock.py', ends: [ENDED], says: '1 ' },
  {
    it: 'inflates the balloon over all there is, without end',
    program: 'balloon.py',
    // It binds and unbinds drivers before it begins.
    seconds: 20,
    ends: [STUCK],
    says: 'queue 0 took 1\n',
  },
  { it: 'scribbles on PCI', program: 'pci.py', seconds: SHORT, ends: ANY, says: 'writing\n' },
  { it: 'writes to all ports', program: 'ports.py', seconds: SHORT, ends: ANY, says: 'writing\n' },
  { it: 'turns to the firmware', program: 'firmware.py', ends: ANY, says: 'firmware configuration\n' },
  {
    it: 'removes drivers',
    program: 'modules.py',
    seconds: SHORT,
    ends: ANY,
    says: 'garbage: Exec format error\n',
  },
  ...(['NET', 'BALLOON', 'BLOCK', 'SERIAL'] as const).flatMap((device): Case[] => [
    {
      it: `breaks the queues: ${device}`,
      program: 'queues.py',
      args: [device],
      seconds: SHORT,
      ends: ANY,
      says: `${device}\n`,
    },
  ]),
  {
    it: 'scribbles on registers of devices',
    program: 'registers.py',
    seconds: SHORT,
    args: ['NET', 'BALLOON', 'BLOCK', 'SERIAL'],
    ends: ANY,
    says: 'NET: done\n',
  },
];
describe('at its devices, root of a guest', () => {
  it.each(devices)('$it', attack, TIMEOUT_MS);
});

const againstAgent: readonly Case[] = [
  { it: 'kills it', program: 'agent.py', args: ['kill'], ends: [ENDED], says: 'going\ngone\n' },
  { it: 'sends it every signal', program: 'agent.py', args: ['signal'], ends: [LOST], says: '' },
  { it: 'overwrites its code', program: 'agent.py', args: ['overwrite'], ends: [LOST], says: '' },
  { it: 'stops it', program: 'agent.py', args: ['trace'], seconds: SHORT, ends: [STUCK], says: 'going\n' },
  { it: 'freezes it', program: 'agent.py', args: ['freeze'], seconds: SHORT, ends: [STUCK], says: 'going\n' },
  { it: 'starves it', program: 'agent.py', args: ['starve'], seconds: SHORT, ends: [STUCK], says: 'going\n' },
  { it: 'crashes its kernel', program: 'agent.py', args: ['crash'], ends: [LOST], says: '' },
];
describe('against the agent, root of a guest', () => {
  it.each(againstAgent)('$it', attack, TIMEOUT_MS);
});

const machine = 'machine.py';
const endings: readonly Case[] = [
  {
    it: 'halts without interrupts',
    program: machine,
    args: ['halt'],
    seconds: SHORT,
    ends: [STUCK],
    says: '',
  },
  { it: 'faults three times', program: machine, args: ['triple fault'], ends: [LOST], says: '' },
  { it: 'talks for ever', program: machine, args: ['talk'], seconds: SHORT, ends: [STUCK], says: '' },
  {
    it: 'becomes a flood of port writes',
    program: machine,
    args: ['all ports'],
    seconds: SHORT,
    ends: ANY,
    says: '',
  },
  { it: 'restarts', program: machine, args: ['restart'], ends: [LOST], says: '' },
  { it: 'switches off', program: machine, args: ['power off'], ends: [LOST], says: '' },
  { it: 'sleeps', program: machine, args: ['suspend'], seconds: SHORT, ends: [STUCK], says: '' },
];
describe('as the machine’s only program, root of a guest', () => {
  it.each(endings)('$it', attack, TIMEOUT_MS);
});

const link = 'link.py';
const lies: readonly Case[] = [
  { it: 'garbage', program: link, args: ['garbage'], ends: [LOST], says: '' },
  { it: 'a frame of 4 GiB', program: link, args: ['huge'], ends: [LOST], says: '' },
  { it: 'half a frame', program: link, args: ['half'], seconds: SHORT, ends: [LOST, STUCK], says: 'going\n' },
  { it: 'a proof', program: link, args: ['prepared'], ends: [LOST], says: '' },
  { it: 'exits of other runs', program: link, args: ['other_exit'], ends: [LOST], says: '' },
  { it: 'more output than it may', program: link, args: ['output'], ends: [LOST], says: '' },
  {
    it: 'empty output without end',
    program: link,
    args: ['empty'],
    seconds: SHORT,
    ends: [LOST, STUCK],
    says: '',
  },
  { it: 'deep JSON', program: link, args: ['deep'], ends: [LOST], says: '' },
  { it: 'all of it again and again', program: link, args: ['again'], seconds: SHORT, ends: ANY, says: '' },
];
describe('over the agent’s own port, root of a guest sends', () => {
  it.each(lies)('$it', attack, TIMEOUT_MS);

  it(
    'a report of its own run, and is believed: it tells of nobody else',
    async () => {
      const { status, body } = await drill.attack(link, { seconds: LONG, args: ['own_exit'] });
      expect({ status, exitCode: body['exitCode'] }).toEqual({ status: ENDED, exitCode: 77 });
    },
    TIMEOUT_MS,
  );
});

describe('in all RAM and on the whole disk, root of a guest', () => {
  it(
    'finds what it has itself, and nothing of what another guest has',
    async () => {
      const { status, body } = await drill.attack('peek.py', { seconds: LONG, args: [drill.secret] });
      expect({ status, stderr: body['stderr'] }).toEqual({ status: ENDED, stderr: '' });
      expect(body['stdout']).toMatch(/^RAM 25\d (c0){16}\ndisk\n$/);
    },
    TIMEOUT_MS,
  );
});

it(
  'refuses files that lead out of the guest’s working directory',
  async () => {
    for (const path of ['../x', '/etc/x', 'a/../../x', 'a\0b', '..', '']) {
      const { status } = await drill.post('run', { language: 'python', code: '', files: { [path]: 'x' } });
      expect({ path, status }).toEqual({ path, status: 422 });
    }
    await drill.expectUnhurt();
  },
  TIMEOUT_MS,
);

describe('a runner whose last program was root', () => {
  let runner: string;
  afterEach(async () => {
    await drill.remove(runner);
    await drill.expectUnhurt();
  }, TIMEOUT_MS);

  it(
    'gets files in place of what lies there, inside of the guest',
    async () => {
      runner = await drill.create();
      expect((await drill.hostileOn(runner, 'remains.py', ['nodes'])).body['stdout']).toBe('prepared\n');
      const files = {
        'input.txt': 'of the request',
        'port.txt': 'of the request',
        'memory.txt': 'of the request',
        'folder/drill-of-codeland': 'of the request',
        'up/tmp/drill-of-codeland': 'of the request',
      };
      const code = "for name in ('input', 'port', 'memory'): print(open(f'{name}.txt').read())";
      const { status, body } = await drill.post(`run/${runner}`, { language: 'python', code, files });
      expect({ status, stdout: body['stdout'] }).toEqual({
        status: ENDED,
        stdout: 'of the request\n'.repeat(3),
      });
      for (const folder of ['/etc', '/tmp', '/']) {
        expect(existsSync(`${folder}/drill-of-codeland`)).toBe(false);
      }
    },
    TIMEOUT_MS,
  );

  it.each(['read_only', 'pipes'])(
    'hurts nobody when its folders are others: %s',
    async (how) => {
      runner = await drill.create();
      expect((await drill.hostileOn(runner, 'remains.py', [how])).status).toBe(ENDED);
      const next = { language: 'python', code: 'print(1)', files: { 'a.txt': 'x' } };
      const { status } = await drill.post(`run/${runner}`, next, `?time=${SHORT}`);
      expect(ANY).toContain(status);
    },
    TIMEOUT_MS,
  );
});
