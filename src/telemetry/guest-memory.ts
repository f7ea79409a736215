/** Host memory of all guests together, for the metrics: sampled when somebody asks, and not too often. */

export type GuestMemorySample = {
  /** Guests whose memory could be read. */
  readonly guests: number;
  /** Their proportional set sizes together: what they share is counted once. */
  readonly bytes: number;
};

export type GuestMemoryOptions = {
  /** Processes of the guests that live now. */
  readonly pids: () => readonly number[];
  /** Reads one; to walk a guest's pages takes the kernel some milliseconds. */
  readonly read: (pid: number) => Promise<{ readonly pssBytes: number | null }>;
};

/** How long a sample stands for the present, ms. */
const FRESH_MS = 5_000;
/** How long a sample that is late is answered with the one before, ms. */
const STALE_MS = 60_000;
/** How long one who asks waits, ms. */
const WAIT_MS = 1_000;
/** Guests read at once. */
const AT_ONCE = 4;

export class GuestMemory {
  readonly #options: GuestMemoryOptions;
  #last: (GuestMemorySample & { readonly at: number }) | undefined;
  #underWay: Promise<void> | undefined;

  constructor(options: GuestMemoryOptions) {
    this.#options = options;
  }

  /** Never rejects, and never takes much longer than a second. Undefined when nothing recent is known. */
  async sample(): Promise<GuestMemorySample | undefined> {
    if (this.#age > FRESH_MS) {
      this.#underWay ??= this.#measure().finally(() => {
        this.#underWay = undefined;
      });
      await settledOrLate(this.#underWay);
    }
    return this.#age > STALE_MS ? undefined : this.#last;
  }

  get #age(): number {
    return this.#last === undefined ? Number.POSITIVE_INFINITY : performance.now() - this.#last.at;
  }

  async #measure(): Promise<void> {
    const at = performance.now();
    const pids = [...this.#options.pids()];
    let guests = 0;
    let bytes = 0;
    const readRest = async () => {
      for (let pid = pids.pop(); pid !== undefined; pid = pids.pop()) {
        // A guest that is gone in the meantime has no memory.
        const usage = await this.#options.read(pid).catch(() => undefined);
        if (typeof usage?.pssBytes !== 'number') continue;
        guests += 1;
        bytes += usage.pssBytes;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, readRest));
    this.#last = { guests, bytes, at };
  }
}

async function settledOrLate(work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, WAIT_MS);
  await Promise.race([work, late.promise]);
  clearTimeout(timer);
}
