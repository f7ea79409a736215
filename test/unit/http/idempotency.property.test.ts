import { expect, test } from 'bun:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { CodeLandError } from '../../../src/runner/errors.ts';
import { IdempotencyHome, type Reply } from '../../support/idempotency.ts';

const HOUR_MS = 3_600_000;
const KEPT_MS = 24 * HOUR_MS;

const ENDS = ['value', 'runnerExecutionFailed', 'RunnerNotAvailable', 'internal'] as const;
type End = (typeof ENDS)[number];
const mayBeTriedAgain = (end: End) => end === 'RunnerNotAvailable';

type Execution = {
  readonly number: number;
  readonly fingerprint: string;
  readonly settle: PromiseWithResolvers<Reply>;
  /** `crashed`: its server was killed in the middle of it. */
  end: End | 'crashed' | undefined;
  endedAt: number;
};

type Client = {
  readonly leave: AbortController;
  /** What it got: a text that names the execution and its end. */
  answer: string | undefined;
  /** What it must get, once it is known; a client that left may also get `left`. */
  readonly expected: () => string | undefined;
  /** Its server was killed: it gets nothing any more. */
  cutOff: boolean;
};

const key = fc.constantFrom('ann/k', 'ann/l', 'bob/k');
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      key,
      fingerprint: fc.constantFrom('one', 'one', 'one', 'two'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('end' as const), key, how: fc.constantFrom(...ENDS) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), client: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(1, 23, 24) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('turn' as const), turns: fc.nat(8) }) },
);

/** A server with its clients, and the rules that no sequence of steps may break. */
class Model {
  readonly #home: IdempotencyHome;
  readonly #round: number;
  /** The latest execution of each key. */
  readonly #latest = new Map<string, Execution>();
  readonly clients: Client[] = [];
  executions = 0;

  constructor(home: IdempotencyHome, round: number) {
    this.#home = home;
    this.#round = round;
  }

  ask(name: string, fingerprint: string): void {
    const [owner = '', key] = name.split('/');
    const before = this.#latest.get(name);
    const leave = new AbortController();
    const begin = () => {
      expect(before === undefined || this.#isOver(before)).toBe(true);
      const execution: Execution = {
        number: ++this.executions,
        fingerprint,
        settle: Promise.withResolvers<Reply>(),
        end: undefined,
        endedAt: 0,
      };
      this.#latest.set(name, execution);
      return execution.settle.promise;
    };
    const answered = this.#home.ask(key, begin, {
      owner: `${owner}-${this.#round}`,
      fingerprint,
      signal: leave.signal,
    });
    const execution = this.#latest.get(name);
    if (!execution) throw new Error('nothing was begun for a new key');
    const isRefused = execution.fingerprint !== fingerprint;
    const client: Client = {
      leave,
      answer: undefined,
      expected: () =>
        isRefused ? 'invalidRequest' : execution.end && `${execution.number} ${execution.end}`,
      cutOff: false,
    };
    this.clients.push(client);
    answered.then(
      ({ value }) => {
        client.answer = `${value.number} ${value.text}`;
      },
      (error: unknown) => {
        client.answer = describe(error, execution);
      },
    );
    // Nobody asks in vain once the former execution is known to be over.
    if (before && this.#isLongOver(before)) expect(execution).not.toBe(before);
  }

  end(name: string, how: End): void {
    const execution = this.#latest.get(name);
    if (!execution || execution.end !== undefined) return;
    execution.end = how;
    execution.endedAt = this.#home.time;
    const { number, settle } = execution;
    if (how === 'value') settle.resolve({ text: how, number });
    else settle.reject(new CodeLandError(how, `${number}`));
  }

  leave(client: number): void {
    this.clients[client % Math.max(1, this.clients.length)]?.leave.abort('left');
  }

  /** Kills the server; what it had begun never ends. */
  async crash(): Promise<void> {
    await setImmediate();
    for (const client of this.clients) client.cutOff ||= client.answer === undefined;
    for (const execution of this.#latest.values()) {
      if (execution.end !== undefined) continue;
      execution.end = 'crashed';
      execution.endedAt = this.#home.time;
    }
    this.#home.startAnother();
  }

  async wait(hours: number): Promise<void> {
    await setImmediate();
    this.#home.time += hours * HOUR_MS;
  }

  /** Ends what is under way and looks at all answers. */
  async check(): Promise<void> {
    for (const name of this.#latest.keys()) this.end(name, 'value');
    await setImmediate();
    for (const { answer, expected, leave, cutOff } of this.clients) {
      if (cutOff) continue;
      if (leave.signal.aborted && answer === 'left') continue;
      expect(answer).toBe(expected());
    }
  }

  #isOver({ end, endedAt }: Execution): boolean {
    if (end === undefined) return false;
    return (end !== 'crashed' && mayBeTriedAgain(end)) || this.#home.time >= endedAt + KEPT_MS;
  }

  /** Not in the turn in which it ended: it may be noted a little later. */
  #isLongOver(execution: Execution): boolean {
    return this.#isOver(execution) && this.#home.time > execution.endedAt;
  }
}

function describe(error: unknown, { number, end }: Execution): string {
  if (!(error instanceof CodeLandError)) return String(error);
  if (error.name === 'invalidRequest') return error.name;
  if (error.message === `${number}`) return `${number} ${error.name}`;
  const how =
    /^the server (ended|failed) while this request was under way; (?:a run on a runner that stays goes on: GET its runs; )?it is not run again$/.exec(
      error.message,
    );
  if (end === 'crashed' && how?.[1] === 'ended') return `${number} crashed`;
  if (end === 'internal' && how?.[1] === 'failed') return `${number} internal`;
  return `unexpected: ${error.message}`;
}

test('whatever happens in whatever order, a key is executed once and everybody gets its answer', async () => {
  await using home = await IdempotencyHome.create();
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const model = new Model(home, round++);
      for (const step of steps) {
        switch (step.do) {
          case 'ask':
            model.ask(step.key, step.fingerprint);
            break;
          case 'end':
            model.end(step.key, step.how);
            break;
          case 'leave':
            model.leave(step.client);
            break;
          case 'crash':
            await model.crash();
            break;
          case 'wait':
            await model.wait(step.hours);
            break;
          case 'turn':
            for (let turn = 0; turn < step.turns; turn++) await Promise.resolve();
            break;
        }
      }
      await model.check();
    }),
    { numRuns: 500 },
  );
  expect(home.faults).toEqual([]);
});
