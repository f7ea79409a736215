/** Makes a clone its own machine; see the restore proof in the design. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { PreparedReply, PrepareRequest } from '../../src/protocol/messages.ts';
import { kernelRandom, reseedKernel, setClock, setHostname } from './kernel.ts';
import { KernelFile } from './kernel-file.ts';
import { setNetwork } from './network.ts';

const DRAW_BYTES = 16;
/**
 * The kernel clears as much memory as it is asked to fill, which for a whole file at once is 256 KiB: a fifth of what the
 * restore proof executes.
 */
const hostname = new KernelFile('/proc/sys/kernel/hostname');

export type PreparedKernel = Pick<PreparedReply, 'hostname' | 'machineId' | 'mac' | 'address'> & {
  /** From the kernel's generator, in hexadecimal. */
  readonly draw: string;
};

/** Gives the kernel fresh entropy, the time, a name and addresses. @returns What programs see of them now. */
export function prepareKernel(request: PrepareRequest): PreparedKernel {
  reseedKernel(Buffer.from(request.entropy, 'base64'));
  setClock(request.nowMicros);
  setHostname(request.hostname);
  writeFileSync('/etc/machine-id', `${request.machineId}\n`);
  writeFileSync('/etc/hostname', `${request.hostname}\n`);
  const hosts = ['127.0.0.1\tlocalhost', `127.0.1.1\t${request.hostname}`, '::1\tlocalhost ip6-localhost'];
  writeFileSync('/etc/hosts', `${hosts.join('\n')}\n`);
  const { mac, address } = setNetwork(request.network);
  return {
    mac,
    address,
    draw: Buffer.from(kernelRandom(DRAW_BYTES)).toString('hex'),
    hostname: hostname.read().trim(),
    machineId: readFileSync('/etc/machine-id', 'utf8').trim(),
  };
}
