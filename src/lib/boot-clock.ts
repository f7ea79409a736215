/** The clock that counts from the host's boot. Nobody sets it, and it goes on while no server runs. */
import { readFileSync } from 'node:fs';

/** Milliseconds since the host booted, suspended time included: CLOCK_BOOTTIME, by proc_uptime(5), to 10 ms. */
export function bootMs(): number {
  const [seconds] = readFileSync('/proc/uptime', 'utf8').split(' ', 1);
  return Math.round(Number(seconds) * 1000);
}

/** Tells one boot of the host from all others: random(4). */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
