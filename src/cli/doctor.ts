/** `scripts/doctor`: what was found, and what to do about each problem. Exit status 1 when guests cannot run. */
import { statfsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Config } from '../config.ts';
import { type MissingLayer, missingLayers, openConfinement } from '../guest/confinement.ts';
import { buildForkLibrary, ForkLibraryError } from '../guest/fork/library.ts';
import { inspectQemu } from '../guest/qemu.ts';
import { missingLimits } from '../host/cgroups/cgroups.ts';
import { readHostMemory } from '../host/memory.ts';
import { readClearSwaps } from '../host/swap.ts';
import { checkedImage, inspectPresent, openTemplate, type Present } from '../installed.ts';
import { formatSize } from '../lib/size.ts';
import { inspectEgress } from '../network/egress.ts';
import { findServer } from '../server-record.ts';
import { settingsOrExit } from './settings.ts';

type Verdict = 'ok' | 'warning' | 'problem';
type Finding = {
  readonly subject: string;
  readonly verdict: Verdict;
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
};

/** Private memory of a ready guest, bytes; 27–31 MB were measured. */
const GUEST_BYTES = 32 * 2 ** 20;
const DISK_LOW_BYTES = 2 ** 30;
const DISK_NEEDED_BYTES = 4 * 2 ** 30;
/** Descriptors the server holds for a guest: two sockets and a pipe. */
const DESCRIPTORS_PER_GUEST = 3;
const DESCRIPTORS_OTHER = 200;

/** A check that throws has found a problem; the error's text is what was found. */
async function check(
  subject: string,
  advice: string,
  look: () => Promise<Omit<Finding, 'subject'>>,
): Promise<Finding> {
  try {
    return { subject, ...(await look()) };
  } catch (error) {
    return {
      subject,
      verdict: 'problem',
      found: error instanceof Error ? error.message : String(error),
      advice,
    };
  }
}

const ok = (found: string) => ({ verdict: 'ok', found }) as const;

async function examine(config: Config): Promise<Finding[]> {
  const { home } = config;
  let present: Present | undefined;
  const setUp = 'run scripts/up: it builds what is missing';
  return [
    await check('host', '', async () => {
      const kernel = (await readFile('/proc/sys/kernel/osrelease', 'utf8')).trim();
      return ok(`Linux ${kernel}, ${cpus().length} CPUs`);
    }),
    await check('QEMU', 'install it: apt-get install qemu-system-x86', async () => {
      const { version, machineType } = await inspectQemu();
      return ok(`${version}, ${machineType}`);
    }),
    await check('image', setUp, async () => {
      present = await inspectPresent(config, await checkedImage(home));
      const { id, kernelVersion, packages, drift } = present.image.manifest;
      const found = `${id}, Linux ${kernelVersion}, ${packages.length} packages`;
      if (drift.length === 0) return ok(found);
      const advice = 'the archive no longer has the locked versions; renew vm-images/base/packages.lock';
      return { verdict: 'warning', found: `${found}, ${drift.length} not as locked`, advice };
    }),
    await check('accelerator', setUp, async () => {
      if (!present) throw new Error('not probed: a probe boots the image');
      const { name, reason } = present.accelerator;
      if (name === 'kvm') return ok(`kvm (${reason})`);
      const advice =
        'guests run, but about ten times slower; offer a working /dev/kvm (bare metal or nested KVM)';
      return { verdict: 'warning', found: `tcg (${reason})`, advice };
    }),
    await check('forks', '', async () => {
      if (present?.accelerator.name !== 'tcg') return ok('not needed: guests run on the processor itself');
      try {
        await buildForkLibrary(home);
        return ok('guests are forked from one that is warm');
      } catch (error) {
        if (!(error instanceof ForkLibraryError)) throw error;
        const found =
          'each guest is restored by itself, and translates its code anew: about ten times slower';
        return { verdict: 'warning', found, advice: 'install a compiler: apt-get install gcc libc6-dev' };
      }
    }),
    await check('template', 'run scripts/up: it bakes a new one', async () => {
      if (!present) throw new Error('not checked: there is no image');
      await using template = await openTemplate(home, present);
      const { id, files } = template.manifest;
      return ok(`${id}, ${formatSize(files.ram.bytes)} of memory, all checksums right`);
    }),
    await check('isolation', 'install util-linux', async () => {
      const missing = await missingIsolation(config, present);
      if (missing.length === 0) {
        return ok('each guest has a user, namespaces and limits of its own, and no file of this host');
      }
      const found = [...Map.groupBy(missing, ({ why }) => why)]
        .map(([why, layers]) => `no ${layers.map(({ layer }) => layer).join(', no ')}: ${why}`)
        .join('; ');
      return { verdict: 'warning', found, advice: 'run the server as root; guests do not run as root then' };
    }),
    await check('egress', '', async () => {
      const obstacle = await inspectEgress();
      if (obstacle === null) return ok(config.egress.isOn ? 'on' : 'off; it could be had here');
      if (!config.egress.isOn) return ok(`off; it could not be had here: ${obstacle}`);
      return { verdict: 'problem', found: obstacle, advice: 'see to it, or set CODELAND_EGRESS=off' };
    }),
    await check('memory', '', async () => checkMemory(config)),
    await check('swap', '', async () => {
      const swaps = await readClearSwaps();
      if (swaps.length === 0) return ok('no memory of a guest is written to a disk in clear');
      const found = `memory of a guest may be written to ${swaps.join(', ')}`;
      return {
        verdict: 'warning',
        found,
        advice: 'encrypt it (crypttab(5), option swap), or turn it off: swapoff',
      };
    }),
    await check('disk', 'make room, or set CODELAND_HOME to a larger disk', async () =>
      checkDisk(home, present),
    ),
    await check('descriptors', 'raise it: ulimit -n', async () => checkDescriptors(config)),
    await check('server', '', async () => {
      const server = await findServer(home);
      return ok(server ? `runs at ${server.url} (pid ${server.pid})` : 'does not run; scripts/up starts it');
    }),
  ];
}

/** The layers between guests and this host that cannot be had here. */
async function missingIsolation(config: Config, present: Present | undefined): Promise<MissingLayer[]> {
  const accelerator = present?.accelerator.name ?? 'tcg';
  await using confinement = await openConfinement(accelerator);
  const limits = present
    ? await missingLimits({
        accelerator,
        guestMemoryMiB: present.pins.memoryMiB,
        image: present.image.root,
        reserveBytes: config.pool.memoryReserveBytes,
      })
    : [];
  return [...missingLayers(confinement), ...limits];
}

function checkMemory({ pool }: Config): Omit<Finding, 'subject'> {
  const { totalBytes, availableBytes } = readHostMemory();
  const room = Math.max(0, Math.floor((availableBytes - pool.memoryReserveBytes) / GUEST_BYTES));
  const found = `${formatSize(availableBytes)} of ${formatSize(totalBytes)} available: room for about ${room} guests`;
  if (room >= pool.maxGuests) return ok(found);
  const advice = `the pool may grow to ${pool.maxGuests} guests; lower CODELAND_POOL_SIZE or CODELAND_MAX_GUESTS`;
  return { verdict: room < pool.target ? 'problem' : 'warning', found, advice };
}

function checkDisk(home: string, present: Present | undefined): Omit<Finding, 'subject'> {
  const { bavail, bsize } = statfsSync(present ? home : '/');
  const free = bavail * bsize;
  const needed = present ? DISK_LOW_BYTES : DISK_NEEDED_BYTES;
  const found = `${formatSize(free)} free for ${home}`;
  if (free >= needed) return ok(found);
  return {
    verdict: 'warning',
    found,
    advice: `${formatSize(needed)} should be free; set CODELAND_HOME or make room`,
  };
}

async function checkDescriptors({ pool }: Config): Promise<Omit<Finding, 'subject'>> {
  const limits = await readFile('/proc/self/limits', 'utf8');
  const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 0);
  const needed = pool.maxGuests * DESCRIPTORS_PER_GUEST + DESCRIPTORS_OTHER;
  if (soft >= needed) return ok(`${soft} may be open`);
  return {
    verdict: 'problem',
    found: `${soft} may be open, ${needed} are needed`,
    advice: `ulimit -n ${needed}`,
  };
}

const MARK: Readonly<Record<Verdict, string>> = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' };

const findings = await examine(settingsOrExit());
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(findings, null, 2));
} else {
  for (const { subject, verdict, found, advice } of findings) {
    console.log(`${MARK[verdict]}  ${subject.padEnd(12)} ${found}`);
    if (verdict !== 'ok' && advice) console.log(`${' '.repeat(22)}→ ${advice}`);
  }
}
process.exitCode = findings.some(({ verdict }) => verdict === 'problem') ? 1 : 0;
