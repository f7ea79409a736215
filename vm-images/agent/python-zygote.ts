/** The Python process that forks waiting ones; see `guest/python-zygote/sitecustomize.py`. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { defaultEnvironment } from './environment.ts';
import { createPipe, type PipeEnd } from './pipe.ts';
import type { Reaper } from './reaper.ts';
import type { Settings } from './settings.ts';
import type { Slot } from './slot.ts';
import { spawnProcess } from './spawn.ts';

type Zygote = Disposable & { readonly orders: PipeEnd };

export class PythonZygote {
  readonly #settings: Settings;
  readonly #reaper: Reaper;
  readonly #noInput: number;
  /** Undefined once it has ended. */
  #zygote: Zygote | undefined;

  constructor(settings: Settings, reaper: Reaper, noInput: number) {
    this.#settings = settings;
    this.#reaper = reaper;
    this.#noInput = noInput;
    this.#zygote = this.#start();
  }

  /** Starts the process. Its own output goes nowhere; it is a pipe, as it is for programs. */
  #start(): Zygote {
    using own = new DisposableStack();
    using passed = new DisposableStack();
    const pipe = (kept: 'reader' | 'writer') => {
      const ends = createPipe();
      own.use(ends[kept]);
      passed.use(ends[kept === 'reader' ? 'writer' : 'reader']);
      return ends;
    };
    const [output, orders, answers] = [pipe('reader'), pipe('writer'), pipe('reader')];
    const { files, user, home } = this.#settings;
    const env = {
      ...defaultEnvironment(this.#settings),
      PYTHONPATH: join(files, 'python-zygote'),
      CODELAND_UID: String(user.uid),
      CODELAND_GID: String(user.gid),
    };
    const descriptors = [
      this.#noInput,
      output.writer.fd,
      output.writer.fd,
      orders.reader.fd,
      answers.writer.fd,
    ];
    // It keeps root's rights, to put each fork into its control group; what it forks gives them up.
    const command = ['setpriv', '--no-new-privs', '--clear-groups', 'python3', 'main.py'];
    process.chdir(home);
    const pid = spawnProcess(command, env, descriptors);
    this.#reaper.expect(pid, () => {
      this.#zygote?.[Symbol.dispose]();
      this.#zygote = undefined;
    });
    const kept = own.move();
    return { orders: orders.writer, [Symbol.dispose]: () => kept.dispose() };
  }

  /**
   * Has a process forked that waits for a program in `slot`; starts the zygote again if it has ended.
   * @throws {SystemCallError} When there is no room to start it.
   */
  fork({ cgroup, stdout, stderr, orders, answers }: Slot): void {
    this.#zygote ??= this.#start();
    const fds = [stdout.writer.fd, stderr.writer.fd, orders.reader.fd, answers.writer.fd];
    writeSync(this.#zygote.orders.fd, `${JSON.stringify([cgroup.joinFile, ...fds])}\n`);
  }
}
