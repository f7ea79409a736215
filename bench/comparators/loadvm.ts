/**
 * QEMU's own snapshots: the same guest, booted and warmed as the template is, saved with its memory into a qcow2 file
 * (`snapshot-save`, the monitor's `savevm`), and for each run a new QEMU that loads it (`-loadvm`). The file stays in
 * the page cache; memory is anonymous, so that pages of zeros take none. What a snapshot takes from a guest, its own
 * randomness, clock and name, nobody gives back here.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { QmpClient } from 'node-qemu-qmp';
import type { Guest } from '../../src/guest/guest.ts';
import { makeReady, SeenDraws } from '../../src/guest/ready.ts';
import { runCommand } from '../../src/image/command.ts';
import { kernelCommandLine } from '../../src/image/kernel-command-line.ts';
import { findProgram } from '../../src/lib/child-environment.ts';
import { within } from '../../src/lib/deadline.ts';
import { loadWarmUps } from '../../src/template/warm-ups.ts';
import type { ComparatorFactory } from '../comparator.ts';
import { BenchGuests, runOnAgent } from './bench-guest.ts';

const NODE = 'vmstate';
const TAG = 'warm';
const JOB = 'save';
/** Of the file, which grows with what is in it. */
const SIZE = '1G';
const SAVE_DEADLINE_MS = 120_000;
/** As the bake does. */
const WARM_UP_ROUNDS = 2;

export const loadvm: ComparatorFactory = async (context) => {
  const id = 'loadvm';
  const title = '`savevm`/`loadvm` of the same guest';
  if (!(await findProgram('qemu-img'))) return { id, title, missing: 'qemu-img is not installed' };
  await using stack = new AsyncDisposableStack();
  const guests = stack.use(await BenchGuests.open(context));
  const folder = await mkdtemp(join(context.scratch, 'loadvm-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'vmstate.qcow2');
  await runCommand(['qemu-img', 'create', '-q', '-f', 'qcow2', file, SIZE], { signal: context.signal });
  // The only disk that can be written, which is where QEMU puts the state of all.
  const disk = ['-blockdev', `driver=qcow2,node-name=${NODE},file.driver=file,file.filename=${file}`];
  const { guest, agent } = await guests.boot(
    { memory: 'anonymous', more: disk },
    kernelCommandLine,
    guests.present.image.initramfs,
  );
  try {
    await warm(guest, agent);
    await save(guest.qmp);
  } finally {
    await guest[Symbol.asyncDispose]();
  }
  const owned = stack.move();
  return {
    id,
    title,
    languages: ['javascript', 'typescript', 'python', 'bash'],
    // Each writes to the file which snapshot it is at.
    prepare: () => guests.settle(),
    run: async (program) => {
      const loaded = await guests.start({
        memory: 'anonymous',
        start: { kind: 'load' },
        more: [...disk, '-loadvm', TAG],
      });
      try {
        return await runOnAgent(loaded, program);
      } finally {
        guests.retire(loaded);
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

/** As the template's guest is, and stopped then. */
async function warm(guest: Guest, agent: string): Promise<void> {
  const terms = { agent, warmUps: await loadWarmUps(), seenDraws: new SeenDraws() };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) await makeReady(guest, terms);
}

/** @throws {Error} When QEMU cannot save it. */
async function save(qmp: QmpClient): Promise<void> {
  const ended = qmp.once('JOB_STATUS_CHANGE', {
    filter: ({ data }) => data.id === JOB && data.status === 'concluded',
  });
  await qmp.execute('snapshot-save', { 'job-id': JOB, tag: TAG, vmstate: NODE, devices: [NODE] });
  await within(SAVE_DEADLINE_MS, 'the snapshot to be saved', ended);
  const job = (await qmp.execute('query-jobs')).find(({ id }) => id === JOB);
  if (job?.error !== undefined) throw new Error(`the guest could not be saved: ${job.error}`);
  await qmp.execute('job-dismiss', { id: JOB });
}
