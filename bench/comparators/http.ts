/** The same HTTP server as ours with interpreters behind it, so that lifecycles are compared like with like. */
import { join } from 'node:path';
import { newSecret } from '../../src/access/key.ts';
import { bareEnvironment } from '../../src/lib/child-environment.ts';
import { within } from '../../src/lib/deadline.ts';
import type { HttpComparatorFactory } from '../comparator.ts';
import { bwrapNode } from './bwrap.ts';
import { nativeNode } from './native.ts';

/** What its interpreters are started behind. */
export type Sandbox = 'native' | 'bwrap';

/** In the server's environment. */
export const KEY_VARIABLE = 'BENCH_KEY';

const PROGRAM = join(import.meta.dirname, 'http-server.ts');
const START_DEADLINE_MS = 30_000;

const httpServer =
  (sandbox: Sandbox): HttpComparatorFactory =>
  async (context) => {
    const what = sandbox === 'bwrap' ? 'bwrap node -e' : 'node -e';
    const id = `http-${sandbox}`;
    const title = `\`${what}\` behind the same HTTP server`;
    const tried = await (sandbox === 'bwrap' ? bwrapNode : nativeNode)(context);
    if ('missing' in tried) return { id, title, missing: tried.missing };
    await tried[Symbol.asyncDispose]();
    const key = newSecret();
    const server = Bun.spawn([process.execPath, PROGRAM, sandbox], {
      env: { ...bareEnvironment(), [KEY_VARIABLE]: key },
      // It ends when its input does, which it does with this process too.
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await using stack = new AsyncDisposableStack();
    stack.defer(async () => {
      server.kill();
      await server.exited;
    });
    const url = await within(
      START_DEADLINE_MS,
      `the server of ${id} to listen`,
      line(server.stdout),
      context.signal,
    );
    const owned = stack.move();
    return { id, title, url, key, pid: server.pid, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  };

/** @throws {Error} When there is none. */
async function line(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error('the server ended before it listened');
}

export const httpNative = httpServer('native');
export const httpBwrap = httpServer('bwrap');
