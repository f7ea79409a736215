/** The Python process that forks waiting ones; see `guest/python-zygote/sitecustomize.py`. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { defaultEnvironment } from './environment.ts';
import { createPipe } from './pipe.ts';
import type { Reaper } from './reaper.ts';
import type { Settings } from './settings.ts';
import type { Slot } from './slot.ts';
import { spawnProcess } from './spawn.ts';

export class PythonZygote {
  readonly #orders = createPipe();
  #ended = false;

  /** Starts the process. Its own output goes nowhere; it is a pipe, as it is for programs. */
  constructor(settings: Settings, reaper: Reaper, noInput: number) {
    const [output, answers] = [createPipe(), createPipe()];
    const { files, user, home } = settings;
    const env = {
      ...defaultEnvironment(settings),
      PYTHONPATH: join(files, 'python-zygote'),
      CODELAND_UID: String(user.uid),
      CODELAND_GID: String(user.gid),
    };
    const descriptors = [
      noInput,
      output.writer.fd,
      output.writer.fd,
      this.#orders.reader.fd,
      answers.writer.fd,
    ];
    // It keeps root's rights, to put each fork into its control group; what it forks gives them up.
    const command = ['setpriv', '--no-new-privs', '--clear-groups', 'python3', 'main.py'];
    process.chdir(home);
    const pid = spawnProcess(command, env, descriptors);
    reaper.expect(pid, () => {
      this.#ended = true;
    });
    this.#orders.reader[Symbol.dispose]();
    output.writer[Symbol.dispose]();
    answers.writer[Symbol.dispose]();
  }

  /** Has a process forked that waits for a program in `slot`. @throws When the zygote has ended. */
  fork({ cgroup, stdout, stderr, orders, answers }: Slot): void {
    if (this.#ended) throw new Error('the Python zygote has ended');
    const fds = [stdout.writer.fd, stderr.writer.fd, orders.reader.fd, answers.writer.fd];
    writeSync(this.#orders.writer.fd, `${JSON.stringify([cgroup.joinFile, ...fds])}\n`);
  }
}
