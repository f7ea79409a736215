/** A client of QEMU's guest agent: a JSON object on a line each way, one command at a time. */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { sleep, within } from '../../src/lib/deadline.ts';

/** From qga/qapi-schema.json of QEMU 7.2. */
const Started = Type.Object({ pid: Type.Integer() });
const Status = Type.Object({
  exited: Type.Boolean(),
  exitcode: Type.Optional(Type.Integer()),
  signal: Type.Optional(Type.Integer()),
  'out-data': Type.Optional(Type.String()),
  'err-data': Type.Optional(Type.String()),
});
const Reply = Type.Object({
  return: Type.Optional(Type.Unknown()),
  error: Type.Optional(Type.Object({ desc: Type.String() })),
});

/** An agent that has just found its host waits for up to 0.1 s before it looks again, ms. */
const ANSWER_DEADLINE_MS = 60_000;

const text = (base64 = '') => Buffer.from(base64, 'base64').toString();

export class QgaClient implements Disposable {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = createInterface(socket)[Symbol.asyncIterator]();
  }

  /**
   * Connects, and waits until the agent answers, whose CPU must run.
   * @throws {DeadlineError} When it does not.
   */
  static async connect(path: string): Promise<QgaClient> {
    const socket = connect({ path });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('connect', resolve);
    // Later ones end the lines, which is an error of who waits for one.
    socket.on('error', reject);
    await promise;
    const client = new QgaClient(socket);
    try {
      await client.#execute('guest-ping');
      return client;
    } catch (error) {
      client[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Runs a program to its end as the agent's clients do: by asking again and again how it is. The first command is
   * written before this returns.
   * @param pollMs How long to wait before each question.
   * @returns What it printed to stdout.
   * @throws {Error} When it does not end well.
   */
  async run(path: string, args: readonly string[], pollMs: number): Promise<string> {
    const command = { path, arg: args, 'capture-output': true };
    const { pid } = checked(Started, await this.#execute('guest-exec', command));
    for (;;) {
      await sleep(pollMs);
      const status = checked(Status, await this.#execute('guest-exec-status', { pid }));
      if (!status.exited) continue;
      if (status.exitcode === 0) return text(status['out-data']);
      const how = status.exitcode ?? `signal ${status.signal}`;
      throw new Error(`${path} ended with ${how}: ${text(status['err-data'])}`);
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  async #execute(command: string, given: object = {}): Promise<unknown> {
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: given })}\n`);
    const line = await within(ANSWER_DEADLINE_MS, `QEMU's guest agent to answer`, this.#lines.next());
    if (line.done) throw new Error(`QEMU's guest agent is gone`);
    const { return: result, error } = checked(Reply, JSON.parse(line.value));
    if (error) throw new Error(`${command}: ${error.desc}`);
    return result;
  }
}

function checked<T extends typeof Started | typeof Status | typeof Reply>(
  form: T,
  value: unknown,
): Static<T> {
  if (Value.Check(form, value)) return value;
  throw new Error(`QEMU's guest agent answered in an unknown way`);
}
