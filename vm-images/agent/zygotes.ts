/** Starts processes that wait for a program. */
import { openSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from './engine.ts';
import { BUN_ENTRY, defaultEnvironment } from './environment.ts';
import type { ProgramFiles } from './program-files.ts';
import { PythonZygote } from './python-zygote.ts';
import type { Settings } from './settings.ts';
import { Slot } from './slot.ts';
import { Spare, type ZygoteKind } from './spare.ts';
import { spawnProcess } from './spawn.ts';

/** Besides a program's environment; `guest/bun-zygote.ts` keeps them from the program. */
const BUN_ENVIRONMENT = {
  // A program's transpiled code must not be kept in the home folder.
  BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0',
  // The machine has one processor: other threads take it from the program, and what changes between threads cost is
  // most of a short program's time under TCG (a JavaScript run of 62 ms took 41 without).
  BUN_JSC_useConcurrentJIT: '0',
  BUN_JSC_useConcurrentGC: '0',
  BUN_JSC_numberOfGCMarkers: '1',
};

export class Zygotes {
  readonly #settings: Settings;
  readonly #engine: Engine;
  readonly #python: PythonZygote | undefined;
  readonly #programs: ProgramFiles;
  readonly #noInput = openSync('/dev/null', 'r');
  #slots = 0;

  constructor(settings: Settings, engine: Engine, kinds: ReadonlySet<ZygoteKind>, programs: ProgramFiles) {
    this.#settings = settings;
    this.#programs = programs;
    this.#engine = engine;
    this.#python = kinds.has('python') ? new PythonZygote(settings, engine, this.#noInput) : undefined;
  }

  /**
   * Starts a process; it waits once its state says so.
   * @throws {WorkspaceError | SystemCallError} When there is no room for its slot or for the process.
   */
  start(kind: ZygoteKind): Spare {
    using started = new DisposableStack();
    const slot = started.use(new Slot(this.#settings, ++this.#slots));
    if (kind === 'bun') {
      this.#programs.holdEntry();
      started.defer(() => this.#programs.releaseEntry());
    }
    const onStarted = kind === 'bun' ? () => this.#programs.releaseEntry() : () => {};
    const pid = kind === 'python' ? undefined : this.#spawn(kind, slot);
    const spare = new Spare(kind, slot, this.#engine, onStarted);
    if (pid === undefined) this.#python?.fork(spare);
    else spare.started(pid);
    started.move();
    return spare;
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
    const command = ['bun', '--preload', join(files, 'bun-zygote.ts'), join(this.#settings.home, BUN_ENTRY)];
    const env = { ...environment, ...BUN_ENVIRONMENT };
    return spawnProcess([...setUp, ...command], env, descriptors);
  }
}
