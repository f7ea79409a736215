/** Makes a clone its own machine; see the restore proof in the design. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { PrepareRequest } from '../../src/protocol/messages.ts';
import { kernelRandom, reseedKernel, setClock, setHostname } from './kernel.ts';

const DRAW_BYTES = 16;

/** Gives the kernel fresh entropy, the time and a name. @returns A draw from the kernel's generator, in hex. */
export function prepareKernel(request: PrepareRequest): string {
  reseedKernel(Buffer.from(request.entropy, 'base64'));
  setClock(request.nowMicros);
  setHostname(request.hostname);
  writeFileSync('/etc/machine-id', `${request.machineId}\n`);
  writeFileSync('/etc/hostname', `${request.hostname}\n`);
  const hosts = ['127.0.0.1\tlocalhost', `127.0.1.1\t${request.hostname}`, '::1\tlocalhost ip6-localhost'];
  writeFileSync('/etc/hosts', `${hosts.join('\n')}\n`);
  return Buffer.from(kernelRandom(DRAW_BYTES)).toString('hex');
}

/** The identity that programs see now. */
export function currentIdentity(): { hostname: string; machineId: string } {
  return {
    hostname: readFileSync('/proc/sys/kernel/hostname', 'utf8').trim(),
    machineId: readFileSync('/etc/machine-id', 'utf8').trim(),
  };
}
