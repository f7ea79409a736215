/** A machine of a test's network, as far as its programs go; see `peer-program.ts`. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { NetworkNamespace } from '../../../src/lib/network-namespace.ts';

export type Command =
  | {
      readonly type: 'serve';
      readonly tcp: readonly number[];
      readonly udp: readonly { readonly address: string; readonly port: number }[];
    }
  /** What has come to the servers since this was last asked. */
  | { readonly type: 'arrivals' }
  | { readonly type: 'tcp' | 'udp'; readonly address: string; readonly port: number; readonly say: string }
  | { readonly type: 'hold'; readonly address: string; readonly port: number; readonly count: number }
  /** Says something over each connection that is held, and tells how many are answered. */
  | { readonly type: 'sayAgain' }
  /** Answers every question for an address with this one, on UDP port 53. */
  | { readonly type: 'names'; readonly address: string; readonly answer: string }
  | { readonly type: 'lookUp'; readonly server: string; readonly name: string };

/** `text`: what was answered, or why not: a system error's code, or `timeout`. */
export type Answer = { readonly ok: boolean; readonly text: string };

export class Peer implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  readonly #ended: Promise<unknown>;
  #next = 1;

  constructor(network: NetworkNamespace) {
    const program = join(import.meta.dirname, 'peer-program.ts');
    this.#child = spawn('nsenter', [`--net=${network.path}`, process.execPath, program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#ended = once(this.#child, 'close').then(() => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the machine is off'));
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const { id, answer }: { id: number; answer: Answer } = JSON.parse(line);
      this.#waiting.get(id)?.resolve(answer);
      this.#waiting.delete(id);
    });
  }

  #ask(command: Command): Promise<Answer> {
    const id = this.#next++;
    const answer = Promise.withResolvers<Answer>();
    this.#waiting.set(id, answer);
    this.#child.stdin.write(`${JSON.stringify({ id, command })}\n`);
    return answer.promise;
  }

  async serve(tcp: readonly number[], udp: readonly { address: string; port: number }[]): Promise<void> {
    const { ok, text } = await this.#ask({ type: 'serve', tcp, udp });
    if (!ok) throw new Error(text);
  }

  async serveNames(address: string, answer: string): Promise<void> {
    const { ok, text } = await this.#ask({ type: 'names', address, answer });
    if (!ok) throw new Error(text);
  }

  lookUp(server: string, name: string): Promise<Answer> {
    return this.#ask({ type: 'lookUp', server, name });
  }

  async arrivals(): Promise<string[]> {
    const { text } = await this.#ask({ type: 'arrivals' });
    return text === '' ? [] : text.split('\n');
  }

  tcp(address: string, port: number, say = 'hello'): Promise<Answer> {
    return this.#ask({ type: 'tcp', address, port, say });
  }

  udp(address: string, port: number, say = 'hello'): Promise<Answer> {
    return this.#ask({ type: 'udp', address, port, say });
  }

  async hold(address: string, port: number, count: number): Promise<number> {
    return Number((await this.#ask({ type: 'hold', address, port, count })).text);
  }

  async sayAgain(): Promise<number> {
    return Number((await this.#ask({ type: 'sayAgain' })).text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
