/** A server's control socket whose answers a test writes. */
import { controlSocket } from '../../src/control/server.ts';

export type Script = Readonly<Record<string, (body: unknown, signal: AbortSignal) => unknown>>;

/** What a server answers to `GET /status` in which somebody has these runners. */
export const status = (current: string, guests: Readonly<Record<string, readonly string[]>> = {}) => ({
  current,
  canary: null,
  pool: {},
  guests: Object.entries(guests).map(([template, inUse]) => ({ template, ready: 0, inUse })),
});

/** A refusal as the server words it. */
export class Refusal {
  readonly body: { readonly name: string; readonly message: string };

  constructor(message: string) {
    this.body = { name: 'refused', message };
  }
}

export class ScriptedControl implements AsyncDisposable {
  /** What was asked, in order, as `GET /status`. */
  readonly asked: string[] = [];
  readonly #server: Bun.Server<undefined>;

  /** @param script Answers by what is asked, as `POST /rollout`. */
  constructor(home: string, script: Script) {
    this.#server = Bun.serve({
      unix: controlSocket(home),
      fetch: async (request) => {
        const asked = `${request.method} ${new URL(request.url).pathname}`;
        this.asked.push(asked);
        const text = await request.text();
        const answer = await script[asked]?.(text === '' ? undefined : JSON.parse(text), request.signal);
        if (answer instanceof Refusal) return Response.json(answer.body, { status: 409 });
        return Response.json(answer ?? {});
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop(true);
  }
}
