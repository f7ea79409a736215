/** A runner that stays, until this is disposed of. */
import type { Client } from 'codeland/client';
import { attempt } from './attempt.ts';

/** What is written to it as files: path → content. */
type Files = Record<string, string>;

export class Workshop implements AsyncDisposable {
  readonly name: string;
  readonly #runner: ReturnType<Client['api']['v1']['runner']>;
  readonly #runs: ReturnType<Client['api']['v1']['runner']['run']>;

  private constructor({ api }: Client, name: string) {
    this.name = name;
    this.#runner = api.v1.runner({ runner: name });
    this.#runs = api.v1.runner.run({ runner: name });
  }

  /** @throws {Error} When there is no runner to be had. */
  static async open(client: Client): Promise<Workshop> {
    const { data, error } = await attempt((headers) =>
      client.api.v1.runner.new.post({ idleSeconds: 60 }, { query: { wait: 30 }, headers }),
    );
    if (error !== null) throw new Error(`no workshop: ${error.value.message}`);
    return new Workshop(client, data.runner);
  }

  /**
   * Runs a shell command where the files of earlier ones are.
   * @returns What it printed.
   * @throws {Error} When it fails.
   */
  async run(command: string, files: Files = {}): Promise<string> {
    const { data, error } = await attempt((headers) =>
      this.#runs.post({ language: 'bash', code: command, files }, { query: { time: 20 }, headers }),
    );
    if (error !== null) throw new Error(`${command}: ${error.value.message}`);
    if (data.exitCode !== 0) throw new Error(`${command}: ${data.stderr || `exit status ${data.exitCode}`}`);
    return data.stdout;
  }

  /** Memory in use, as `44.23 MiB`; null when it is not known. */
  async memory(): Promise<string | null> {
    const { data, error } = await this.#runner.get();
    if (error !== null) throw new Error(error.value.message);
    return data.memory;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { error } = await this.#runner.delete();
    // It may have ended by itself.
    if (error !== null && error.status !== 404) throw new Error(error.value.message);
  }
}
