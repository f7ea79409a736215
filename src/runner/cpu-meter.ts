/** CPU time that a process uses on the host, in instalments. */

/** Reads the CPU time that a process has used so far, ms; null when there is no such process. */
export type ReadCpuMs = (pid: number) => number | null;

export class CpuMeter {
  readonly #pid: number;
  readonly #read: ReadCpuMs;
  #countedMs: number | null;

  /** What the process used before is never counted. */
  constructor(pid: number, read: ReadCpuMs) {
    this.#pid = pid;
    this.#read = read;
    this.#countedMs = read(pid);
  }

  /** What it used since the last call, ms; 0 when it is gone. Not to be called once its pid may be another's. */
  take(): number {
    const nowMs = this.#read(this.#pid);
    if (nowMs === null || this.#countedMs === null) return 0;
    const usedMs = Math.max(0, nowMs - this.#countedMs);
    this.#countedMs += usedMs;
    return usedMs;
  }
}
