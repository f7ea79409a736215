/** Starts processes that wait for a program. */
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from './engine.ts';
import { BUN_ENTRY, defaultEnvironment } from './environment.ts';
import { PythonZygote } from './python-zygote.ts';
import type { Settings } from './settings.ts';
import { Slot } from './slot.ts';
import { Spare, type ZygoteKind } from './spare.ts';
import { spawnProcess } from './spawn.ts';
import { removeFile, writeFiles } from './workspace.ts';

export class Zygotes {
  readonly #settings: Settings;
  readonly #engine: Engine;
  readonly #python: PythonZygote | undefined;
  readonly #noInput = openSync('/dev/null', 'r');
  readonly #startingBuns = new Set<Spare>();
  #placeholder = false;
  #slots = 0;

  constructor(settings: Settings, engine: Engine, kinds: ReadonlySet<ZygoteKind>) {
    this.#settings = settings;
    this.#engine = engine;
    this.#python = kinds.has('python') ? new PythonZygote(settings, engine.reaper, this.#noInput) : undefined;
  }

  /**
   * Starts a process; it waits once its state says so.
   * @throws When its slot cannot be made or the process cannot be started.
   */
  start(kind: ZygoteKind): Spare {
    const slot = new Slot(this.#settings, ++this.#slots);
    const spare = new Spare(kind, slot, this.#engine, (started) => this.#settled(started));
    if (kind === 'bun') this.#startingBuns.add(spare);
    if (kind === 'python') this.#python?.fork(slot);
    else spare.started(this.#spawn(kind, slot));
    return spare;
  }

  /** Takes away what a spare needed only to start. */
  #settled(spare: Spare): void {
    this.#startingBuns.delete(spare);
    if (!this.#placeholder || this.#startingBuns.size > 0) return;
    removeFile(this.#settings, BUN_ENTRY);
    this.#placeholder = false;
  }

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
