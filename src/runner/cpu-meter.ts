/** CPU time that a process uses on the host, in instalments. */

/** Reads the CPU time that a process has used so far, ms; null when there is no such process. */
export type ReadCpuMs = (pid: number) => number | null;

export class CpuMeter {
  readonly #pid: number;
  readonly #read: ReadCpuMs;
  #countedMs: number | null;

  /** @param countedMs What the process used of the CPU in its life and is never counted: all until now. */
  constructor(pid: number, read: ReadCpuMs, countedMs = read(pid)) {
    this.#pid = pid;
    this.#read = read;
    this.#countedMs = countedMs;
  }

  /** What was counted, and what the process used before it was, ms; null when it was gone already. */
  get countedMs(): number | null {
    return this.#countedMs;
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
