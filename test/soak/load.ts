/** Clients that do one thing after another, each chosen by chance, and check every answer. */
import { sleep } from '../../src/lib/deadline.ts';
import { type Answer, type Call, type HttpClient, isRecord } from '../support/http-client.ts';
import type { Random } from '../support/random.ts';
import type { Point } from './flatness.ts';

/** One thing that a client does. */
export type Operation = {
  readonly kind: string;
  /** How often it is chosen, against the others. */
  readonly weight: number;
  readonly run: (load: Load) => Promise<void>;
};

/** An answer that is not what the program's text or the API's description says. */
class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';
}

/** There was no guest in time. The service says so rightly; it is counted all the same. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** How long a client pauses between two things at most, ms: the host is to be busy, and not overrun. */
const PAUSE_MS = 800;
/** No answer takes so long: programs are given far less, and the queue half of it. ms. */
const HANG_MS = 120_000;
/** How many wrong answers are kept word for word. */
const MOST_KEPT = 50;

export class Load {
  readonly random: Random;
  /** Milliseconds that answers took, without their time in the queue, by kind. */
  readonly times = new Map<string, Point[]>();
  readonly done = new Map<string, number>();
  readonly wrong: string[] = [];
  refused = 0;
  /** Answers that the server has to keep for later. */
  readonly kept: Point[] = [];
  readonly #http: HttpClient;
  readonly #began = performance.now();

  constructor(http: HttpClient, random: Random) {
    this.#http = http;
    this.random = random;
  }

  /** Since the load began. */
  get seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  /** Works with so many clients until the signal, and until what they do then is done. */
  async work(operations: readonly Operation[], clients: number, stop: AbortSignal): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.#client(operations, stop)));
  }

  async #client(operations: readonly Operation[], stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const { kind, run } = this.random.pick(operations, ({ weight }) => weight);
      try {
        await run(this);
        this.done.set(kind, (this.done.get(kind) ?? 0) + 1);
      } catch (error) {
        if (error instanceof Refused) this.refused += 1;
        else if (this.wrong.length < MOST_KEPT) this.wrong.push(`${kind}: ${String(error)}`);
      }
      await sleep(this.random.next() * PAUSE_MS, stop).catch(() => {});
    }
  }

  /**
   * Sends a request and notes how long its answer took.
   * @param kind What it is noted under; nothing is noted without.
   * @throws {Refused} When no guest was there in time.
   */
  async send(path: string, call: Call = {}, kind?: string): Promise<Answer> {
    const began = performance.now();
    const answer = await this.#http(path, { signal: AbortSignal.timeout(HANG_MS), ...call });
    const ms = performance.now() - began;
    if (answer.status === 503) throw new Refused();
    if (kind !== undefined && answer.status === 200) {
      const { receipt } = answer.body;
      const queueMs = isRecord(receipt) ? Number(receipt['queueMs']) : 0;
      const points = this.times.get(kind) ?? [];
      points.push({ seconds: this.seconds, value: ms - queueMs });
      this.times.set(kind, points);
    }
    return answer;
  }

  /** The same as {@link send} for what has to come out in one way. @throws {WrongAnswer} When it does not. */
  async expect(
    wanted: Readonly<Record<string, unknown>>,
    path: string,
    call: Call = {},
    kind?: string,
  ): Promise<Answer> {
    const answer = await this.send(path, call, kind);
    const got = Object.fromEntries(
      Object.keys(wanted).map((key) => [key, key === 'status' ? answer.status : answer.body[key]]),
    );
    if (!Bun.deepEquals(got, wanted)) {
      const said = JSON.stringify(answer.body).slice(0, 600);
      throw new WrongAnswer(
        `${path} was to answer ${JSON.stringify(wanted)} and answered ${answer.status} ${said}`,
      );
    }
    return answer;
  }

  /** @throws {WrongAnswer} Saying what is wrong. */
  check(isRight: boolean, otherwise: string): void {
    if (!isRight) throw new WrongAnswer(otherwise);
  }
}
