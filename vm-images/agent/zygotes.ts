/** Starts processes that wait for a program. */
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { defaultEnvironment } from './environment.ts';
import type { Loop } from './loop.ts';
import { PythonZygote } from './python-zygote.ts';
import type { Reaper } from './reaper.ts';
import type { Settings } from './settings.ts';
import { Slot } from './slot.ts';
import { Spare, type ZygoteKind } from './spare.ts';
import { spawnProcess } from './spawn.ts';
import { removeFile, writeFiles } from './workspace.ts';

/** The program that a waiting Bun was started with. */
export const BUN_ENTRY = 'main.js';

export class Zygotes {
  readonly #settings: Settings;
  readonly #loop: Loop;
  readonly #reaper: Reaper;
  readonly #python: PythonZygote | undefined;
  readonly #noInput = openSync('/dev/null', 'r');
  #slots = 0;

  constructor(settings: Settings, loop: Loop, reaper: Reaper, kinds: ReadonlySet<ZygoteKind>) {
    this.#settings = settings;
    this.#loop = loop;
    this.#reaper = reaper;
    this.#python = kinds.has('python') ? new PythonZygote(settings, loop, reaper, this.#noInput) : undefined;
  }

  /**
   * Starts a process; it waits once its state says so.
   * @throws When its slot cannot be made or the process cannot be started.
   */
  start(kind: ZygoteKind): Spare {
    const slot = new Slot(this.#settings, ++this.#slots);
    const spare = new Spare(kind, slot, this.#loop, this.#reaper);
    if (kind === 'python') this.#python?.fork(slot);
    else spare.started(this.#spawn(kind, slot));
    return spare;
  }

  /** To be called when a spare has started: what it needed only for that is taken away again. */
  settled(kind: ZygoteKind): void {
    if (kind === 'bun' && this.#placeholder) removeFile(this.#settings, BUN_ENTRY);
    if (kind === 'bun') this.#placeholder = false;
  }

  #placeholder = false;

  #spawn(kind: 'bun' | 'launcher', slot: Slot): number {
    const { files, user } = this.#settings;
    const setUp = [
      '/bin/sh',
      join(files, 'spare.sh'),
      slot.cgroup.joinFile,
      String(user.uid),
      String(user.gid),
    ];
    const environment = defaultEnvironment(this.#settings);
    const descriptors = slot.descriptors(this.#noInput);
    if (kind === 'launcher')
      return spawnProcess([...setUp, '/bin/bash', join(files, 'launcher.sh')], environment, descriptors);
    this.#makePlaceholder();
    const command = ['bun', '--preload', join(files, 'bun-zygote.ts'), join(this.#settings.home, BUN_ENTRY)];
    // A program's transpiled code must not be kept in the home folder.
    const env = { ...environment, BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0' };
    return spawnProcess([...setUp, ...command], env, descriptors);
  }

  /** Bun looks for the program's file while it starts and reads it only when it runs it. */
  #makePlaceholder(): void {
    if (existsSync(join(this.#settings.home, BUN_ENTRY))) return;
    writeFiles(this.#settings, [[BUN_ENTRY, '']]);
    this.#placeholder = true;
  }
}
