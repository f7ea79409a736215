/**
 * Which accelerator guests run on. `/dev/kvm` is not asked: a host can offer one on which no kernel gets past
 * the BIOS. What counts is that a guest has run on it.
 */
import { spawn } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { kernelCommandLine, PROBE_LINE, PROBE_OPTION } from '../image/kernel-command-line.ts';
import { bareEnvironment } from '../lib/child-environment.ts';
import { writeFileAtomic } from '../lib/files.ts';
import { type AcceleratorName, CPU_MODEL } from './machine.ts';
import { QEMU_BINARY } from './qemu.ts';

export type Accelerator = {
  readonly name: AcceleratorName;
  /** Why it was chosen, a sentence for people. */
  readonly reason: string;
};

export type ProbeSubject = {
  /** Data folder, where the answer is kept until the host boots anew. */
  readonly home: string;
  /** `auto` probes; a name takes the operator's word. */
  readonly wanted: AcceleratorName | 'auto';
  readonly qemuVersion: string;
  readonly machineType: string;
  readonly kernel: string;
  readonly initramfs: string;
  /** Digest of kernel and initramfs; another image is probed anew. */
  readonly imageId: string;
};

const Answer = Type.Object({
  bootId: Type.String(),
  qemuVersion: Type.String(),
  imageId: Type.String(),
  name: Type.Union([Type.Literal('kvm'), Type.Literal('tcg')]),
  reason: Type.String(),
});

/** A guest under KVM prints its line within 2 s; one that spins prints nothing, ever. */
const PROBE_DEADLINE_MS = 10_000;

/** Finds the accelerator, from the kept answer where it still holds. */
export async function chooseAccelerator(subject: ProbeSubject): Promise<Accelerator> {
  if (subject.wanted !== 'auto') {
    return { name: subject.wanted, reason: `CODELAND_ACCELERATOR is ${subject.wanted}` };
  }
  const path = join(subject.home, 'accelerator.json');
  const { qemuVersion, imageId } = subject;
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const kept = await readAnswer(path);
  if (kept && kept.bootId === bootId && kept.qemuVersion === qemuVersion && kept.imageId === imageId) {
    return { name: kept.name, reason: kept.reason };
  }
  const found = await probe(subject);
  await writeFileAtomic(path, JSON.stringify({ bootId, qemuVersion, imageId, ...found }));
  return found;
}

async function readAnswer(path: string): Promise<Static<typeof Answer> | undefined> {
  try {
    const answer: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Value.Check(Answer, answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

async function probe(subject: ProbeSubject): Promise<Accelerator> {
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return { name: 'tcg', reason: '/dev/kvm is missing or may not be opened' };
  }
  const failure = await bootOnKvm(subject);
  return failure
    ? { name: 'tcg', reason: `/dev/kvm opens, but ${failure}` }
    : { name: 'kvm', reason: 'a probe guest booted on /dev/kvm' };
}

/** Boots a guest that prints one line and powers off. Returns what went wrong, or undefined. */
async function bootOnKvm({ machineType, kernel, initramfs }: ProbeSubject): Promise<string | undefined> {
  const qemu = spawn(
    QEMU_BINARY,
    [
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
      ...['-machine', machineType, '-accel', 'kvm', '-cpu', CPU_MODEL.kvm, '-m', '256M'],
      ...['-kernel', kernel, '-initrd', initramfs, '-append', `${kernelCommandLine} ${PROBE_OPTION}`],
    ],
    { env: bareEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(
    () => resolve(`a probe guest printed nothing for ${PROBE_DEADLINE_MS / 1000} s`),
    PROBE_DEADLINE_MS,
  );
  let output = '';
  let log = '';
  qemu.stdout.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-4096);
    if (output.includes(PROBE_LINE)) resolve(undefined);
  });
  qemu.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-1024);
  });
  const closed = new Promise<void>((done) => {
    qemu.once('error', (error) => resolve(error.message));
    qemu.once('close', () => {
      resolve(`the probe guest ended without its line${log ? ` (${log.trim().split('\n').at(-1)})` : ''}`);
      done();
    });
  });
  const failure = await promise;
  clearTimeout(timer);
  qemu.kill('SIGKILL');
  await closed;
  return failure;
}
