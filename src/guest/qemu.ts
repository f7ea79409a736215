/** What the installed QEMU is. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bareEnvironment, findProgram } from '../lib/child-environment.ts';
import { KeptDigest } from '../lib/kept-digest.ts';

const run = promisify(execFile);

export const QEMU_BINARY = 'qemu-system-x86_64';

export type QemuInfo = {
  /** First line of `--version`, as `QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)`. */
  readonly version: string;
  /** The versioned machine that `pc` stands for, as `pc-i440fx-7.2`; saved states depend on it. */
  readonly machineType: string;
  /** SHA-256 of its program. */
  readonly program: string;
};

/** QEMU is missing or answers in an unknown way. */
export class QemuMissingError extends Error {
  override readonly name = 'QemuMissingError';
}

/**
 * Asks the installed QEMU for its version and machine type, and reads its program.
 * @throws {QemuMissingError} When it is not installed or names no versioned `pc` machine.
 */
export async function inspectQemu(binary = QEMU_BINARY): Promise<QemuInfo> {
  // Before it is asked: a QEMU that is replaced meanwhile is told by its digest as soon as a guest is to run on it.
  const program = await new KeptDigest(await qemuPath(binary)).read();
  const [version, machines] = await Promise.all([ask(binary, '--version'), ask(binary, '-machine', 'help')]);
  const machineType = /^pc\s.*\(alias of (pc-i440fx-[\d.]+)\)/m.exec(machines)?.[1];
  const firstLine = version.split('\n', 1)[0];
  if (!firstLine || !machineType) {
    throw new QemuMissingError(
      `${binary} names no versioned "pc" machine; install qemu-system-x86 7.2 or newer`,
    );
  }
  return { version: firstLine, machineType, program };
}

/** Where the installed QEMU is. @throws {QemuMissingError} When it is in none of `PATH`'s folders. */
export async function qemuPath(binary = QEMU_BINARY): Promise<string> {
  const path = await findProgram(binary);
  if (path !== undefined) return path;
  throw new QemuMissingError(`${binary} is not installed; install the package qemu-system-x86`);
}

async function ask(binary: string, ...args: string[]): Promise<string> {
  try {
    return (await run(binary, args, { env: bareEnvironment() })).stdout;
  } catch (cause) {
    throw new QemuMissingError(`${binary} does not run; install the package qemu-system-x86`, { cause });
  }
}
