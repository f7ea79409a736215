import { expect, it } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { QemuProcess } from '../../../src/guest/qemu-process.ts';
import { until } from '../../support/until.ts';

const MIB = 2 ** 20;

/** A stand-in for QEMU that writes what the shell says to its standard error. */
function spawn(script: string): Promise<QemuProcess> {
  const spec = { command: ['sh', '-c', `exec >&2; ${script}`], inherited: [] };
  return QemuProcess.spawn(spec);
}

/** Bytes that a process has written in all. */
const written = ({ pid }: QemuProcess) =>
  Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);

it('reads what a QEMU complains of without end no faster than it must', async () => {
  await using process = await spawn('exec yes "a guest can have me say this"');
  await until('it to complain', () => written(process) > 0);
  await Bun.sleep(1000);
  expect(written(process)).toBeLessThan(16 * MIB);
});

it('keeps the end of what it said', async () => {
  await using process = await spawn('yes first | head -c 300000; sleep 0.2; echo last');
  const { message } = await process.exited;
  expect(message).toContain('last');
  expect(message.length).toBeLessThan(10_000);
});

it('has no descriptor left when it is gone, though it was killed in mid-complaint', async () => {
  const open = () => readdirSync('/proc/self/fd').length;
  await (await spawn('true')).exited;
  const before = open();
  for (let round = 0; round < 5; round++) {
    const process = await spawn('exec yes "a guest can have me say this"');
    await until('it to complain', () => written(process) > 0);
    await process[Symbol.asyncDispose]();
  }
  // The runtime closes what is destroyed some turns later.
  await until('its descriptors to be closed', () => open() <= before, 5_000);
});
