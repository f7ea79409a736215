/** The benchmark's own client: sends a program, checks the answer, and tells how long that took. */
import { isRecord } from '../../test/support/http-client.ts';
import type { BenchProgram } from '../comparator.ts';

/** What the server says of one request. */
export type Reply = {
  /** From before the request is sent until its answer is read, ms. */
  readonly ms: number;
  /** As the receipt has it, ms; 0 where the server does not say. */
  readonly queueMs: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** The header, where there is one. */
  readonly serverTiming: string;
};

/** An answer that is not what the program prints. */
class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';
}

/** Where a program is sent that gets a guest of its own. The longest wait that servers allow by default, s. */
export const RUN_ONCE = '/api/v1/runner/run?wait=60';

export class Client {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  }

  /**
   * Sends a request; connections are kept for the next one.
   * @throws {WrongAnswer} When the status is not 200 or the body is no object.
   */
  async send(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Reply> {
    const began = performance.now();
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: this.#headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    const ms = performance.now() - began;
    const said = `${method} ${path} answered ${response.status} ${text.slice(0, 300)}`;
    if (response.status !== 200) throw new WrongAnswer(said);
    const answer: unknown = JSON.parse(text);
    if (!isRecord(answer)) throw new WrongAnswer(said);
    const { receipt } = answer;
    const queueMs = isRecord(receipt) && typeof receipt['queueMs'] === 'number' ? receipt['queueMs'] : 0;
    return { ms, queueMs, body: answer, serverTiming: response.headers.get('server-timing') ?? '' };
  }

  /** The value of a metric without labels, as `/metrics` has it; NaN where it is not told. */
  async metric(name: string, signal: AbortSignal): Promise<number> {
    const response = await fetch(`${this.#url}/metrics`, { headers: this.#headers, signal });
    const text = await response.text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  /**
   * Runs a program.
   * @param stdout What it prints.
   * @param path Of a runner that stays; without, it gets one of its own.
   * @throws {WrongAnswer} When it printed something else.
   */
  async run(
    { language, code }: BenchProgram,
    stdout: string,
    { path = RUN_ONCE, more = {} }: { readonly path?: string; readonly more?: object } = {},
  ): Promise<Reply> {
    const reply = await this.send('POST', path, { language, code, ...more });
    checkOutput(reply.body['stdout'], stdout, `a program in ${language} over ${path}`);
    return reply;
  }
}

/** @throws {WrongAnswer} When it is not what was to be printed. */
export function checkOutput(printed: unknown, wanted: string, what: string): void {
  if (printed === wanted) return;
  const short = (text: unknown) => JSON.stringify(text)?.slice(0, 300);
  throw new WrongAnswer(`${what} was to print ${short(wanted)} and printed ${short(printed)}`);
}
