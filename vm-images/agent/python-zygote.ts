/** The Python process that forks waiting ones; see `guest/python-zygote/sitecustomize.py`. */
import { join } from 'node:path';
import type { Engine } from './engine.ts';
import { defaultEnvironment } from './environment.ts';
import { LineReader } from './line-reader.ts';
import { POLLIN, type Watch } from './loop.ts';
import { createPipe, type PipeEnd, setNonBlocking, writeLine } from './pipe.ts';
import type { Settings } from './settings.ts';
import type { Spare } from './spare.ts';
import { spawnProcess } from './spawn.ts';

type Zygote = Disposable & { readonly orders: PipeEnd };

export class PythonZygote {
  readonly #settings: Settings;
  readonly #engine: Engine;
  readonly #noInput: number;
  /** Those whose process id it has not told yet, in the order in which it was asked for them. */
  readonly #expected: Spare[] = [];
  /** Undefined once it has ended. */
  #zygote: Zygote | undefined;

  constructor(settings: Settings, engine: Engine, noInput: number) {
    this.#settings = settings;
    this.#engine = engine;
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
    this.#engine.reaper.expect(pid, () => this.#ended());
    own.use(this.#listen(answers.reader));
    const kept = own.move();
    return { orders: orders.writer, [Symbol.dispose]: () => kept.dispose() };
  }

  /**
   * Has the process of `spare` forked; starts the zygote again if it has ended.
   * @throws {SystemCallError} When there is no room to start it.
   */
  fork(spare: Spare): void {
    const { cgroup, stdout, stderr, orders, answers } = spare.slot;
    this.#zygote ??= this.#start();
    const fds = [stdout.writer.fd, stderr.writer.fd, orders.reader.fd, answers.writer.fd];
    this.#expected.push(spare);
    writeLine(this.#zygote.orders, JSON.stringify([cgroup.joinFile, ...fds]));
  }

  /** A process that ends before it waits is known by its id alone. */
  #listen(answers: PipeEnd): Disposable {
    setNonBlocking(answers);
    const lines = new LineReader(answers.fd);
    const { loop } = this.#engine;
    const read = () => {
      const found = lines.read();
      if (found === undefined) loop.unwatch(watch);
      for (const [word, pid] of (found ?? []).map((line) => line.split(' ')))
        if (word === 'forked') this.#expected.shift()?.started(Number(pid));
    };
    const watch: Watch = { fd: answers.fd, events: POLLIN, onReady: read };
    loop.watch(watch);
    return { [Symbol.dispose]: () => loop.unwatch(watch) };
  }

  #ended(): void {
    this.#zygote?.[Symbol.dispose]();
    this.#zygote = undefined;
    for (const spare of this.#expected.splice(0)) spare.failed();
  }
}
