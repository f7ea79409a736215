/** One program from its start to its exit report. */
import { join } from 'node:path';
import type { ExitReport, RunRequest } from '../../src/protocol/messages.ts';
import type { Language } from '../languages/language.ts';
import { Capture } from './capture.ts';
import { defaultEnvironment, launcherOrder } from './environment.ts';
import type { Link } from './link.ts';
import { BACKLOG_BYTES, type RunListener, type RunOutcome } from './listener.ts';
import { type Loop, now, type Timer } from './loop.ts';
import { Output } from './output.ts';
import type { Settings } from './settings.ts';
import type { Spare } from './spare.ts';
import { writePrivate } from './workspace.ts';

/** Longest reason for a refusal that the host takes. */
export const MESSAGE_CHARACTERS = 1024;

export type RunContext = { readonly settings: Settings; readonly loop: Loop; readonly link: Link };

/** What a run is started with. */
export type RunParts = {
  readonly request: RunRequest;
  readonly language: Language;
  /** The program's text: relative to the working directory, or absolute. */
  readonly path: string;
  readonly spare: Spare;
  /** When the request came, on the loop's clock. */
  readonly arrived: number;
  readonly listener: RunListener;
};

export class Run implements Disposable {
  readonly request: RunRequest;
  readonly spare: Spare;
  readonly language: Language;
  readonly #path: string;
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
  #outcome: RunOutcome | undefined;

  /** @throws {WorkspaceError} When there is no room for its input. */
  constructor(parts: RunParts, { settings, loop, link }: RunContext) {
    const { request, language, path, spare, arrived, listener } = parts;
    this.request = request;
    this.spare = spare;
    this.language = language;
    this.#path = path;
    this.#settings = settings;
    this.#loop = loop;
    this.#link = link;
    this.#arrived = arrived;
    this.#output = new Output(request.id, request.outputLimitBytes, (frame) => listener.output(frame));
    this.#deadline = { at: arrived + request.timeLimitMs, onTime: () => this.#timeOut() };
    this.#stdin = request.stdin === '' ? null : join(spare.slot.directory, 'stdin');
    if (this.#stdin !== null) writePrivate(this.#stdin, request.stdin);
    if (spare.kind === 'launcher') writePrivate(this.#orderPath, this.#launcherOrder());
    loop.addTimer(this.#deadline);
    spare.onChange = () => this.#onSpareChange();
    this.#onSpareChange();
  }

  /** How it ended, or why it did not begin; undefined until then. */
  get outcome(): RunOutcome | undefined {
    return this.#outcome;
  }

  /** Whether it was to be killed, because somebody asked for it or its time was up. */
  get isKilled(): boolean {
    return this.#killed;
  }

  /** Kills every process of the run. */
  kill(): void {
    // A process that is starting may not be in its control group yet: it is killed once it waits.
    this.#killed = true;
    this.spare.slot.cgroup.kill();
  }

  /** Nothing waits for the host any more. */
  goOn(): void {
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
    else if (state === 'ended' && !this.#outcome) {
      if (this.#capture || this.#killed) this.#end(status ?? { code: null, signal: 'SIGKILL' });
      else this.#refuse();
    }
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
    } else {
      spare.order({ do: 'go', args: request.args, env: request.env, stdin: this.#stdin });
    }
    // That the process closes its ends is no news that would be worth an interruption.
    spare.endConversation();
  }

  get #orderPath(): string {
    return join(this.spare.slot.directory, 'order');
  }

  /** What `guest/launcher.sh` reads. */
  #launcherOrder(): string {
    const { request } = this;
    const { fileName, command: usual } = this.language;
    const command = [...usual.map((word) => (word === fileName ? this.#path : word)), ...request.args];
    const { exports, command: full } = launcherOrder(
      command,
      request.env,
      defaultEnvironment(this.#settings),
    );
    const words = [this.#stdin ?? '/dev/null', String(exports.length), ...exports, ...full];
    return words.map((word) => `${word}\0`).join('');
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

  /** Its interpreter ended before it waited: the program's own files or processes kept it from starting. */
  #refuse(): void {
    const message = `the interpreter did not start: ${this.spare.complaint()}`.slice(0, MESSAGE_CHARACTERS);
    this.#outcome = { type: 'refused', id: this.request.id, message };
    this[Symbol.dispose]();
  }

  #end({ code, signal }: Pick<ExitReport, 'code' | 'signal'>): void {
    const wallMs = now() - this.#arrived;
    this.#capture?.drain();
    this.#output.flush();
    const { cgroup } = this.spare.slot;
    this.#outcome = {
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
