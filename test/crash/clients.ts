/** Clients that go on until the server is killed, and keep book of what they were told. */
import { sleep } from '../../src/lib/deadline.ts';
import type { Answer } from '../support/http-client.ts';
import type { Random } from '../support/random.ts';
import { type Attempt, newAttempt } from './attempt.ts';
import { type CrashLab, NoAnswer } from './lab.ts';
import { RunnerBook } from './runner-book.ts';

const BASE = '/api/v1/runner';
const RUN_HEADER = 'x-codeland-run';

/** Runs under way at once on each runner that stays. */
const RUNS_AT_ONCE = 2;
/** A refusal is asked again after so long, ms. */
const PAUSE_MS = 100;

/** A request with an idempotency key, to be sent again until there is an answer, and then once more. */
type Promised = { readonly key: string; readonly attempt: Attempt };

export class Clients {
  readonly #lab: CrashLab;
  readonly #random: Random;
  readonly #books = new Map<string, RunnerBook>();
  /** Runners whose deletion was answered. */
  readonly #deleted = new Set<string>();
  /** Runners whose deletion was asked for, without an answer. */
  readonly #doomed = new Set<string>();
  /** So many may have been made without an answer, since the last check. */
  #unnamed = 0;
  #promised: Promised[] = [];
  #wrong: string[] = [];

  constructor(lab: CrashLab, random: Random) {
    this.#lab = lab;
    this.#random = random;
  }

  /** Makes a runner that stays to the end. */
  async add(): Promise<void> {
    const name = await this.#create();
    const { body } = await this.#lab.request(`${BASE}/${name}`);
    this.#books.set(name, new RunnerBook(name, body));
  }

  /** Works until the server is killed. */
  async work(): Promise<void> {
    const books = [...this.#books.values()];
    await Promise.all([
      ...books.flatMap((book) =>
        Array.from({ length: RUNS_AT_ONCE }, () => this.#repeat(() => this.#runOn(book))),
      ),
      this.#repeat(() => this.#runOnce()),
      this.#repeat(() => this.#comeAndGo()),
    ]);
  }

  async #repeat(work: () => Promise<void>): Promise<void> {
    while (!this.#lab.isKilled) {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof NoAnswer)) this.#wrong.push(String(error));
      }
    }
  }

  async #runOn(book: RunnerBook): Promise<void> {
    const attempt = newAttempt(this.#random);
    let answer: Answer;
    try {
      answer = await this.#lab.request(`${BASE}/run/${book.name}`, { body: attempt.body });
    } catch (error) {
      book.unanswered(attempt);
      throw error;
    }
    this.#expect(attempt, answer);
    book.answered(attempt, answer.headers.get(RUN_HEADER) ?? '');
  }

  /** On a throw-away runner: with a key that promises one run, or without. */
  async #runOnce(): Promise<void> {
    const attempt = newAttempt(this.#random);
    const promised = { key: attempt.word, attempt };
    const isPromised = this.#random.next() < 0.5;
    if (isPromised) this.#promised.push(promised);
    const answer = await this.#send(attempt, isPromised ? promised.key : undefined);
    if (answer.status === 503) return sleep(PAUSE_MS);
    this.#expect(attempt, answer);
  }

  #send({ body }: Attempt, key: string | undefined): Promise<Answer> {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    return this.#lab.request(`${BASE}/run?wait=30`, { body, headers });
  }

  /** A runner that is made and deleted again. */
  async #comeAndGo(): Promise<void> {
    const name = await this.#create();
    this.#doomed.add(name);
    const { status, body } = await this.#lab.request(`${BASE}/${name}`, { method: 'DELETE' });
    if (status !== 200) throw new Error(`${name} was not deleted: ${status} ${JSON.stringify(body)}`);
    this.#doomed.delete(name);
    this.#deleted.add(name);
  }

  async #create(): Promise<string> {
    this.#unnamed += 1;
    for (;;) {
      const { status, body } = await this.#lab.request(`${BASE}/new?wait=30`, { body: {} });
      if (status === 503) await sleep(PAUSE_MS);
      else if (status !== 200) throw new Error(`no runner was made: ${status} ${JSON.stringify(body)}`);
      else {
        this.#unnamed -= 1;
        const name = String(body['runner']);
        if (this.#books.has(name) || this.#deleted.has(name)) this.#wrong.push(`${name} was made twice`);
        return name;
      }
    }
  }

  #expect({ word, exitCode, output }: Attempt, { status, body }: Answer): void {
    const { res } = body;
    const printed = Buffer.from(typeof res === 'string' ? res : '', 'base64').toString();
    // The API leaves out the last newline.
    if (status === 200 && body['exitCode'] === exitCode && `${printed}\n` === output) return;
    this.#wrong.push(`run ${word} answered ${status} ${JSON.stringify(body).slice(0, 500)}`);
  }

  /** After a restart: looks whether anything is lost, or there twice. @returns What is wrong. */
  async check(): Promise<string[]> {
    const wrong = this.#wrong;
    this.#wrong = [];
    wrong.push(...(await this.#checkList()), ...(await this.#checkPromised()));
    const checked = await Promise.all([...this.#books.values()].map((book) => book.check(this.#lab)));
    return [...wrong, ...checked.flat()];
  }

  /** Nobody's runners are ended here, as their owner would, who sees them in the list. */
  async #checkList(): Promise<string[]> {
    const wrong: string[] = [];
    const names = (await this.#lab.persistent()).map(({ name }) => String(name));
    const strange = names.filter((name) => !this.#books.has(name) && !this.#doomed.has(name));
    wrong.push(
      ...names.filter((name) => this.#deleted.has(name)).map((name) => `${name} was deleted, and is there`),
    );
    if (strange.length > this.#unnamed) wrong.push(`nobody asked for all of ${strange.join()}`);
    for (const name of names.filter((each) => !this.#books.has(each))) {
      const { status } = await this.#lab.request(`${BASE}/${name}`, { method: 'DELETE' });
      if (status !== 200) wrong.push(`${name} cannot be deleted: ${status}`);
      this.#deleted.add(name);
    }
    this.#doomed.clear();
    this.#unnamed = 0;
    return wrong;
  }

  /** A key is answered with its run's own answer, or with word that the run was lost; and then always the same. */
  async #checkPromised(): Promise<string[]> {
    const wrong: string[] = [];
    for (const { key, attempt } of this.#promised) {
      const [first, second] = [await this.#send(attempt, key), await this.#send(attempt, key)];
      if (first.status === 200) this.#expect(attempt, first);
      else if (first.status !== 400) wrong.push(`key ${key} answered ${first.status}`);
      const isSame = first.status === second.status && first.body['runner'] === second.body['runner'];
      if (!isSame) wrong.push(`key ${key} answered ${first.status}, then ${second.status}`);
    }
    this.#promised = [];
    return wrong;
  }
}
