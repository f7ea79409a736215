/** Boots an image in a real QEMU under TCG and collects its console. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Image } from '../../../src/image/manifest.ts';

/**
 * Runs a guest until it ends by itself (the tests' guests reset, which ends QEMU) and returns its console.
 * @param append Kernel command line.
 * @param signal Kills the guest.
 * @throws When QEMU fails; the message holds what it said.
 */
export async function bootToEnd(image: Image, append: string, signal: AbortSignal): Promise<string> {
  const args = [
    ...'-nodefaults -no-user-config -display none -no-reboot -serial stdio'.split(' '),
    ...'-M pc-i440fx-7.2 -accel tcg -cpu Nehalem -smp 1 -device virtio-blk-pci,drive=root'.split(' '),
    '-drive',
    `if=none,id=root,format=raw,readonly=on,file=${image.root}`,
    '-m',
    String(image.manifest.memoryMiB),
    '-kernel',
    image.kernel,
    '-initrd',
    image.initramfs,
    '-append',
    append,
  ];
  const qemu = spawn('qemu-system-x86_64', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  let log = '';
  let console = '';
  qemu.stdout.setEncoding('utf8').on('data', (text: string) => {
    console += text;
  });
  qemu.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const [status] = await once(qemu, 'close');
  if (status !== 0) throw new Error(`QEMU ended with ${String(status)}: ${log}\n${console}`);
  return console;
}
