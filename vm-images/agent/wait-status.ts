/** Reads what waitpid(2) says of an ended process. */
import { constants } from 'node:os';

export type ExitStatus =
  | { readonly code: number; readonly signal: null }
  | { readonly code: null; readonly signal: string };

const signalNames = new Map<number, string>();
// Of two names for one number the first is the usual one (SIGABRT before SIGIOT).
for (const [name, number] of Object.entries(constants.signals))
  if (!signalNames.has(number)) signalNames.set(number, name);

/** First of the signals that have no names of their own. */
const SIGRTMIN = 34;

/** Name of a signal, as `SIGKILL` or `SIGRTMIN+3`. */
export function signalName(signal: number): string {
  const name = signalNames.get(signal);
  if (name !== undefined) return name;
  return signal >= SIGRTMIN ? `SIGRTMIN+${signal - SIGRTMIN}` : `SIG${signal}`;
}

/** Decodes a wait status of Linux. */
export function exitStatus(status: number): ExitStatus {
  const signal = status & 0x7f;
  if (signal === 0) return { code: (status >> 8) & 0xff, signal: null };
  return { code: null, signal: signalName(signal) };
}
