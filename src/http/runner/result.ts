/** What is answered about runners. */
import { t } from 'elysia';
import { Duration, nullable, Output, Receipt } from '../output.ts';
import { Memory } from '../worker/model.ts';

export const RunResult = t.Object(
  {
    ...Output,
    exitCode: nullable(
      t.Integer({ description: 'Exit status; null when a signal ended the program, or none was run.' }),
    ),
    signal: nullable(t.String({ description: 'Name of the signal that ended the program, or null.' })),
    outOfMemory: t.Boolean({ description: 'The program was ended because it used up its memory.' }),
    duration: Duration,
    runner: t.String({ description: 'Name of the runner that ran the code.' }),
    receipt: Receipt,
  },
  {
    examples: [
      {
        res: 'SGVsbG8sIENvZGVMYW5kIQ==',
        stdout: 'Hello, CodeLand!\n',
        stderr: '',
        truncated: false,
        exitCode: 0,
        signal: null,
        outOfMemory: false,
        duration: 21.418,
        runner: 'runner-3',
        receipt: {
          queueMs: 0,
          takeMs: 0.031,
          agentMs: 2.207,
          execMs: 19.01,
          totalMs: 21.418,
          cpuMs: 12.4,
          peakMemoryBytes: 41_283_584,
          bytesIn: 43,
          bytesOut: 17,
        },
      },
    ],
  },
);

export const Deleted = t.Object({ res: t.Literal('success') }, { examples: [{ res: 'success' }] });
export type Deleted = typeof Deleted.static;

/** A size as people read it, or null when it is not known. */
const size = (description: string) =>
  nullable(t.String({ description: `${description} With its unit, as \`44.23 MiB\`.` }));
const figure = (description: string) => nullable(t.Number({ description }));
const When = t.String({ format: 'date-time' });
const State = t.Union(
  [t.Literal('RESTORING'), t.Literal('READY'), t.Literal('RUNNING'), t.Literal('RETIRING')],
  { description: 'A `READY` runner waits with its CPU stopped; the CPU of a `RUNNING` one runs.' },
);

const Balloon = t.Object(
  {
    totalBytes: figure('Memory of the guest.'),
    availableBytes: figure('What programs could still take without swapping.'),
    freeBytes: figure('Used for nothing.'),
    cachesBytes: figure('Used for cached files.'),
    majorFaults: figure('Page faults that needed the disk, since the guest began.'),
    minorFaults: figure('Other page faults, since the guest began.'),
    swapInBytes: figure('Read back from swap.'),
    swapOutBytes: figure('Written to swap.'),
    ageSeconds: t.Number({ description: 'How long ago the guest reported them.' }),
  },
  { description: 'What the guest reports through its balloon device.' },
);

const Network = t.Object({
  rxBytes: t.Number(),
  txBytes: t.Number(),
  rxPackets: t.Number(),
  txPackets: t.Number(),
  source: t.Literal('guest', { description: 'Who counted.' }),
});

const Stats = t.Object(
  {
    balloon: nullable(Balloon),
    guestMemoryBytes: figure('The balloon’s total less what is available.'),
    guestKernelMemoryBytes: figure('Memory of the guest’s kernel.'),
    hostPssBytes: figure('Memory of the QEMU process: its own, and its share of what guests share.'),
    hostCpuMs: figure('CPU time of the QEMU process, ms.'),
    uptimeSeconds: figure('By the guest’s own clock.'),
    processes: figure('In the guest.'),
    network: nullable(Network),
    sampledSecondsAgo: figure('Age of what the agent tells: kernel memory, uptime, processes, network.'),
  },
  { description: 'Figures as numbers; one that is not known is null.' },
);

const Proof = t.Object(
  {
    hostname: t.String(),
    machineId: t.String(),
    mac: t.String(),
    address: t.String(),
    clockOffsetMs: t.Number({ description: 'Guest clock less host clock, ms.' }),
    generators: t.Array(t.String(), {
      description: 'Random generators whose draws no earlier clone had made.',
    }),
  },
  { description: 'What the runner showed when it was restored, before anybody got it.' },
);

const Identity = t.Object({
  name: t.String(),
  inUse: t.Boolean({ description: 'It is somebody’s.' }),
});

/** What the documents print of a runner. */
const Summary = t.Object({
  state: State,
  kind: t.Union([t.Literal('ready'), t.Literal('once'), t.Literal('persistent')], {
    description:
      '`ready`: nobody’s yet; `once`: ends with its only run; `persistent`: lives until it is deleted or expires.',
  }),
  pid: t.String({ description: 'Process on the worker.' }),
  ip: t.String({ description: 'Address of its network device.' }),
  link: t.String({ description: 'Name of its network device on the worker.' }),
  memory: size('Memory in use in the runner.'),
  kmem: size('Memory of the runner’s kernel.'),
  tx: size('Sent by the runner.'),
  rx: size('Received by the runner.'),
  total: size('Sent and received.'),
});

const Detail = t.Object({
  runner: t.String({ description: 'The name again, as document 2 calls it.' }),
  createdAt: When,
  ageSeconds: t.Number(),
  idleSecondsLeft: figure(
    'Until it ends for want of a run; null while one is under way, and for other kinds.',
  ),
  ageSecondsLeft: figure('Until it ends in any case; null for other kinds.'),
  runsUnderWay: t.Integer(),
  runsDone: t.Integer(),
  template: t.String({ description: 'Id of the template it was restored from.' }),
  proof: Proof,
  history: t.Array(t.Object({ state: State, at: When })),
  stats: Stats,
});

export const RunnerSummary = t.Composite([Identity, Summary]);
export type RunnerSummary = typeof RunnerSummary.static;

export const RunnerInfo = t.Composite([Identity, Summary, Detail]);
export type RunnerInfo = typeof RunnerInfo.static;

/** Of another key’s runner, only name and use are told; without `detail`, no more than the documents print. */
const ListedRunner = t.Composite([Identity, t.Partial(Summary), t.Partial(Detail)]);
export type ListedRunner = typeof ListedRunner.static;

export const RunnerList = t.Object({ memory: Memory, runners: t.Array(ListedRunner) });
export type RunnerList = typeof RunnerList.static;
