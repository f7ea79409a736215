/** All that one waiting or running process tree has for itself: pipes, control group, a folder. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Cgroup } from './cgroup.ts';
import { createOutputPipe, createPipe, type Pipe, setNonBlocking } from './pipe.ts';
import type { Settings } from './settings.ts';

/** Room for output that is read a few milliseconds after it is written. */
const OUTPUT_PIPE_BYTES = 256 * 1024;

export class Slot implements Disposable {
  readonly directory: string;
  readonly cgroup: Cgroup;
  readonly stdout: Pipe;
  readonly stderr: Pipe;
  /** Agent to process. */
  readonly orders: Pipe;
  /** Process to agent. */
  readonly answers: Pipe;
  readonly #made: DisposableStack;

  /** @param id Unique while the agent runs. @throws When the kernel has no room for it. */
  constructor(settings: Settings, id: number) {
    const { uid, gid } = settings.user;
    using made = new DisposableStack();
    const pipe = (ends: Pipe) => {
      made.use(ends.reader);
      made.use(ends.writer);
      return ends;
    };
    this.directory = join(settings.runtime, String(id));
    mkdirSync(this.directory, { mode: 0o755, recursive: true });
    made.defer(() => rmSync(this.directory, { recursive: true, force: true }));
    this.cgroup = made.use(Cgroup.create(join(settings.cgroup, String(id)), settings.limits.run));
    this.stdout = pipe(createOutputPipe(uid, gid, OUTPUT_PIPE_BYTES));
    this.stderr = pipe(createOutputPipe(uid, gid, OUTPUT_PIPE_BYTES));
    this.orders = pipe(createPipe());
    this.answers = pipe(createPipe());
    setNonBlocking(this.answers.reader);
    this.#made = made.move();
  }

  /** Descriptors for the process, standard input first. */
  descriptors(stdin: number): readonly number[] {
    const { stdout, stderr, orders, answers } = this;
    return [stdin, stdout.writer.fd, stderr.writer.fd, orders.reader.fd, answers.writer.fd];
  }

  /**
   * Closes the process's ends of the conversation, which then ends with the process. Those of its output stay open: else
   * the kernel, which closes a process's descriptors before it has ended, would wake the agent for each of them.
   */
  closeProcessEnds(): void {
    for (const end of [this.orders.reader, this.answers.writer]) end[Symbol.dispose]();
  }

  /** Closes what the agent talked with the process through. */
  closeConversation(): void {
    for (const end of [this.orders.writer, this.answers.reader]) end[Symbol.dispose]();
  }

  /** To be called when no process is left in the control group. */
  [Symbol.dispose](): void {
    this.#made.dispose();
  }
}
