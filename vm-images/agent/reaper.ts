/** Waits for the agent's children: those it started and the orphans that the kernel gave to it. */
import { closeSync } from 'node:fs';
import { libc } from './libc.ts';
import { type Loop, POLLIN, type Watch } from './loop.ts';
import { type ExitStatus, exitStatus } from './wait-status.ts';

const ANY_CHILD = -1;
const WNOHANG = 1;

type Child = { readonly onExit: (status: ExitStatus) => void; readonly watch: Watch };

export class Reaper {
  readonly #loop: Loop;
  readonly #children = new Map<number, Child>();
  readonly #status = new Int32Array(1);

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  /** Wakes the loop at the end of child `pid`; {@link reap} then calls `onExit`. */
  expect(pid: number, onExit: (status: ExitStatus) => void): void {
    const fd = libc.pidfd_open(pid, 0);
    if (fd < 0) {
      // It has ended and been waited for already, which only a program that kills all it can may cause.
      onExit({ code: null, signal: 'SIGKILL' });
      return;
    }
    const watch: Watch = { fd, events: POLLIN, onReady: () => {} };
    this.#loop.watch(watch);
    this.#children.set(pid, { onExit, watch });
  }

  /** Takes notice of every child that has ended. To be called after each turn of the loop. */
  reap(): void {
    for (;;) {
      const pid = libc.waitpid(ANY_CHILD, this.#status, WNOHANG);
      if (pid <= 0) return;
      const child = this.#children.get(pid);
      if (!child) continue;
      this.#children.delete(pid);
      this.#loop.unwatch(child.watch);
      closeSync(child.watch.fd);
      child.onExit(exitStatus(this.#status[0] ?? 0));
    }
  }
}
