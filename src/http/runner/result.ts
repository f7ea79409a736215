/** What is answered about runners. */
import { Type } from '@sinclair/typebox';
import * as examples from '../examples.ts';
import { Duration, nullable, Output, Receipt, RunId } from '../output.ts';
import { Memory } from '../worker/model.ts';
import { Source, Traffic } from './traffic.ts';

export const RunResult = Type.Object(
  {
    ...Output,
    exitCode: nullable(
      Type.Integer({ description: 'Exit status; null when a signal ended the program, or none was run.' }),
    ),
    signal: nullable(Type.String({ description: 'Name of the signal that ended the program, or null.' })),
    outOfMemory: Type.Boolean({ description: 'The program was ended because it used up its memory.' }),
    duration: Duration,
    runner: Type.String({ description: 'Name of the runner that ran the code.' }),
    run: Type.Optional(RunId),
    receipt: Receipt,
  },
  { examples: [examples.runResult] },
);

export const Deleted = Type.Object({ res: Type.Literal('success') }, { examples: [{ res: 'success' }] });
export type Deleted = typeof Deleted.static;

/** A size as people read it, or null when it is not known. */
const size = (description: string) =>
  nullable(Type.String({ description: `${description} With its unit, as \`44.23 MiB\`.` }));
const figure = (description: string) => nullable(Type.Number({ description }));
const When = Type.String({ format: 'date-time' });
const State = Type.Union(
  [Type.Literal('RESTORING'), Type.Literal('READY'), Type.Literal('RUNNING'), Type.Literal('RETIRING')],
  { description: 'A `READY` runner waits with its CPU stopped; the CPU of a `RUNNING` one runs.' },
);

const Balloon = Type.Object(
  {
    totalBytes: figure('Memory of the guest.'),
    availableBytes: figure('What programs could still take without swapping.'),
    freeBytes: figure('Used for nothing.'),
    cachesBytes: figure('Used for cached files.'),
    majorFaults: figure('Page faults that needed the disk, since the guest began.'),
    minorFaults: figure('Other page faults, since the guest began.'),
    swapInBytes: figure('Read back from swap.'),
    swapOutBytes: figure('Written to swap.'),
    ageSeconds: Type.Number({ description: 'How long ago the guest reported them.' }),
  },
  { description: 'What the guest reports through its balloon device.' },
);

const Network = Type.Object({
  rxBytes: Type.Number(),
  txBytes: Type.Number(),
  rxPackets: Type.Number(),
  txPackets: Type.Number(),
  source: Source,
});

const Stats = Type.Object(
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

const Proof = Type.Object(
  {
    hostname: Type.String(),
    machineId: Type.String(),
    mac: Type.String(),
    address: Type.String(),
    clockOffsetMs: Type.Number({ description: 'Guest clock less host clock, ms.' }),
    generators: Type.Array(Type.String(), {
      description: 'Random generators whose draws no earlier clone had made.',
    }),
  },
  { description: 'What the runner showed when it was restored, before anybody got it.' },
);

const Identity = Type.Object({
  name: Type.String(),
  inUse: Type.Boolean({ description: 'It is somebody’s.' }),
});

/** What the documents print of a runner. */
const Summary = Type.Object({
  state: State,
  kind: Type.Union([Type.Literal('ready'), Type.Literal('once'), Type.Literal('persistent')], {
    description:
      '`ready`: nobody’s yet; `once`: ends with its only run; `persistent`: lives until it is deleted or expires.',
  }),
  pid: Type.String({ description: 'Process on the worker.' }),
  ip: Type.String({ description: 'Address of its network device.' }),
  link: Type.String({ description: 'Name of its network device on the worker.' }),
  memory: size('Memory in use in the runner.'),
  kmem: size('Memory of the runner’s kernel.'),
  tx: size('Sent by the runner.'),
  rx: size('Received by the runner.'),
  total: size('Sent and received.'),
});

const Detail = Type.Object({
  runner: Type.String({ description: 'The name again, as document 2 calls it.' }),
  other_info: Type.String({ description: 'The rest in a few words, as document 2 has it.' }),
  createdAt: When,
  ageSeconds: Type.Number(),
  idleSecondsLeft: figure(
    'Until it ends for want of a run; null while one is under way, and for other kinds.',
  ),
  ageSecondsLeft: figure('Until it ends in any case; null for other kinds.'),
  runsUnderWay: Type.Integer(),
  runsDone: Type.Integer(),
  template: Type.String({ description: 'Id of the template it was restored from.' }),
  proof: Proof,
  history: Type.Array(Type.Object({ state: State, at: When })),
  stats: Stats,
});

export const RunnerSummary = Type.Composite([Identity, Summary]);
export type RunnerSummary = typeof RunnerSummary.static;

const RunnerDetail = Type.Composite([Identity, Summary, Detail]);
export type RunnerDetail = typeof RunnerDetail.static;

export const RunnerInfo = Type.Composite([RunnerDetail, Type.Object({ network: Traffic })], {
  examples: [examples.runnerInfo],
});
export type RunnerInfo = typeof RunnerInfo.static;

/** Of another key’s runner, only name and use are told; without `detail`, no more than the documents print. */
const ListedRunner = Type.Composite([Identity, Type.Partial(Summary), Type.Partial(Detail)]);
export type ListedRunner = typeof ListedRunner.static;

export const RunnerList = Type.Object(
  { memory: Memory, runners: Type.Array(ListedRunner) },
  { examples: [examples.runnerList] },
);
export type RunnerList = typeof RunnerList.static;
