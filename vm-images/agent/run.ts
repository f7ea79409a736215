/** One program from its start to its exit report. */

import { join } from 'node:path';
import type { ExitReport, RunRequest } from '../../src/protocol/messages.ts';
import type { Language } from '../languages/language.ts';
import { Capture } from './capture.ts';
import { BUN_ENTRY, defaultEnvironment, type Environment, launcherOrder } from './environment.ts';
import type { Link } from './link.ts';
import { type Loop, now, type Timer } from './loop.ts';
import { Output } from './output.ts';
import type { Settings } from './settings.ts';
import type { Spare } from './spare.ts';
import { WorkspaceError, writeFiles, writePrivate } from './workspace.ts';

/** While more output than this waits for the host, the program waits as well. Bytes. */
const BACKLOG_BYTES = 1024 * 1024;

export type RunContext = { readonly settings: Settings; readonly loop: Loop; readonly link: Link };

export class Run implements Disposable {
  readonly request: RunRequest;
  readonly spare: Spare;
  readonly language: Language;
  readonly #settings: Settings;
  readonly #loop: Loop;
  readonly #link: Link;
  readonly #output: Output;
  readonly #arrived: number;
  readonly #deadline: Timer;
  readonly #stdin: string | null;
  #capture: Capture | undefined;
  #killed = false;
  #timedOut = false;
  #report: ExitReport | undefined;

  /**
   * @param arrived When the request came, on the loop's clock.
   * @throws {WorkspaceError} When there is no room for its input.
   */
  constructor(
    request: RunRequest,
    language: Language,
    spare: Spare,
    arrived: number,
    { settings, loop, link }: RunContext,
  ) {
    this.request = request;
    this.spare = spare;
    this.language = language;
    this.#settings = settings;
    this.#loop = loop;
    this.#link = link;
    this.#arrived = arrived;
    this.#output = new Output(request.id, request.outputLimitBytes, (frame) => link.queue(frame));
    this.#deadline = { at: arrived + request.timeLimitMs, onTime: () => this.#timeOut() };
    this.#stdin = request.stdin === '' ? null : join(spare.slot.directory, 'stdin');
    if (this.#stdin !== null) writePrivate(this.#stdin, request.stdin);
    if (spare.kind === 'launcher') writePrivate(this.#orderPath, this.#launcherOrder());
    loop.addTimer(this.#deadline);
    spare.onChange = () => this.#onSpareChange();
    this.#onSpareChange();
  }

  /** How it ended; undefined while it runs. */
  get report(): ExitReport | undefined {
    return this.#report;
  }

  /** Kills every process of the run. */
  kill(): void {
    // A process that is starting may not be in its control group yet: it is killed once it waits.
    this.#killed = true;
    this.spare.slot.cgroup.kill();
  }

  /** The host has taken output. */
  resume(): void {
    this.#capture?.hold(false);
  }

  [Symbol.dispose](): void {
    this.#loop.removeTimer(this.#deadline);
    this.#capture?.[Symbol.dispose]();
    this.spare.onChange = () => {};
  }

  #onSpareChange(): void {
    const { state, status } = this.spare;
    if (state === 'waiting' && this.#killed) this.kill();
    else if (state === 'waiting' && !this.#capture) this.#go();
    else if (state === 'ended' && !this.#report) this.#end(status ?? { code: null, signal: 'SIGKILL' });
  }

  #go(): void {
    const { request, spare } = this;
    spare.cpuMicrosBefore = spare.slot.cgroup.cpuMicros();
    this.#capture = new Capture(this.#loop, spare.slot.stdout.reader.fd, spare.slot.stderr.reader.fd, {
      onChunk: (stream, chunk) => this.#output.add(stream, chunk),
      onPause: () => this.#forward(),
    });
    if (spare.kind === 'launcher') {
      spare.orderLine(this.#orderPath);
      return;
    }
    try {
      if (spare.kind === 'bun') this.#redirectEntry();
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      // Earlier programs have left no room at all: this one cannot be started.
      this.kill();
      return;
    }
    const env: Environment = { ...defaultEnvironment(this.#settings), ...request.env };
    spare.order({ do: 'go', args: request.args, env, stdin: this.#stdin });
  }

  get #orderPath(): string {
    return join(this.spare.slot.directory, 'order');
  }

  /** What `guest/launcher.sh` reads. */
  #launcherOrder(): string {
    const { request } = this;
    const command = [...this.language.command, ...request.args];
    const { exports, command: full } = launcherOrder(
      command,
      request.env,
      defaultEnvironment(this.#settings),
    );
    const words = [this.#stdin ?? '/dev/null', String(exports.length), ...exports, ...full];
    return words.map((word) => `${word}\0`).join('');
  }

  /** A waiting Bun runs `main.js`; for a program of another name that is a step which leaves no trace. */
  #redirectEntry(): void {
    const { fileName } = this.language;
    if (fileName === BUN_ENTRY) return;
    const main = JSON.stringify(join(this.#settings.home, fileName));
    const code =
      `(await import('node:fs')).unlinkSync(Bun.main);` +
      `Bun.main=${main};process.argv[1]=${main};await import(${main});`;
    writeFiles(this.#settings, [[BUN_ENTRY, code]]);
  }

  #timeOut(): void {
    this.#timedOut = true;
    this.kill();
  }

  #forward(): void {
    this.#output.flush();
    this.#link.flush();
    if (this.#link.queuedBytes > BACKLOG_BYTES) this.#capture?.hold(true);
  }

  #end({ code, signal }: Pick<ExitReport, 'code' | 'signal'>): void {
    const wallMs = now() - this.#arrived;
    this.#capture?.drain();
    this.#output.flush();
    const { cgroup } = this.spare.slot;
    this.#report = {
      type: 'exit',
      id: this.request.id,
      code,
      signal,
      timedOut: this.#timedOut,
      truncated: this.#output.truncated,
      outOfMemory: cgroup.memoryKills() > 0,
      wallMs,
      cpuMs: (cgroup.cpuMicros() - this.spare.cpuMicrosBefore) / 1000,
      peakMemoryBytes: cgroup.peakMemoryBytes(),
    };
    this[Symbol.dispose]();
  }
}
