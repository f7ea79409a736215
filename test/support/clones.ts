/** Clones of the shared template, for tests of what a restore gives. */
import { join } from 'node:path';
import { ForkServer } from '../../src/guest/fork/fork-server.ts';
import { buildForkLibrary } from '../../src/guest/fork/library.ts';
import type { Guest } from '../../src/guest/guest.ts';
import { type Hosting, openHosting } from '../../src/guest/hosting.ts';
import {
  makeReady,
  nowMicros,
  plainProgram,
  type Readiness,
  type ReadinessTerms,
} from '../../src/guest/ready.ts';
import { restoreGuest } from '../../src/guest/restore.ts';
import { groupName } from '../../src/host/cgroups/cgroups.ts';
import { openInstalled, type Present } from '../../src/installed.ts';
import type { ExitReport } from '../../src/protocol/messages.ts';
import { warmUp } from '../../src/rollout/warm-parent.ts';
import type { Template } from '../../src/template/template.ts';
import { SHARED_HOME, TestHome } from './test-home.ts';

export type Printed = { readonly exit: ExitReport; readonly stdout: string; readonly stderr: string };

/** An opened template and a folder for its clones. */
export class Clones implements AsyncDisposable {
  readonly home: TestHome;
  readonly present: Present;
  readonly template: Template;
  readonly hosting: Hosting;
  readonly #library: string;
  #parent: Promise<ForkServer> | undefined;
  #next = 1;

  private constructor(
    home: TestHome,
    present: Present,
    template: Template,
    hosting: Hosting,
    library: string,
  ) {
    this.home = home;
    this.#library = library;
    this.hosting = hosting;
    this.present = present;
    this.template = template;
  }

  static async open(): Promise<Clones> {
    const home = await TestHome.create();
    const { present, template } = await openInstalled(home.config());
    const name = await groupName(home.path);
    const forkLibrary = await buildForkLibrary(SHARED_HOME);
    const hosting = await openHosting(template.restorePoint, { name, reserveBytes: 0, forkLibrary });
    return new Clones(home, present, template, hosting, forkLibrary);
  }

  /** A clone that has passed its restore proof, its CPU stopped. */
  async ready(): Promise<Readiness & { guest: Guest }> {
    return this.#ready(await this.restored(), this.template.readinessTerms);
  }

  /** As {@link ready}, of a fork, which comes as warm as its parent is. */
  async readyFork(): Promise<Readiness & { guest: Guest }> {
    return this.#ready(await this.forked(), { ...this.template.readinessTerms, warmUps: [] });
  }

  async #ready(guest: Guest, terms: ReadinessTerms): Promise<Readiness & { guest: Guest }> {
    try {
      return { guest, ...(await makeReady(guest, terms)) };
    } catch (error) {
      await guest[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A clone as it comes from the restore, its CPU stopped. */
  restored(hosting: Hosting = this.hosting): Promise<Guest> {
    const name = `clone-${this.#next++}`;
    return restoreGuest(this.template.restorePoint, hosting, {
      name,
      folder: this.#folder(name),
    });
  }

  /** A fork of a guest that has passed its restore proof, its CPU stopped. */
  async forked(): Promise<Guest> {
    const name = `fork-${this.#next++}`;
    const parent = await this.parent();
    return parent.fork({ name, folder: this.#folder(name) });
  }

  /** The guest that is forked. */
  parent(): Promise<ForkServer> {
    this.#parent ??= this.#startParent();
    return this.#parent;
  }

  async #startParent(): Promise<ForkServer> {
    const name = `parent-${this.#next++}`;
    const library = this.#library;
    const { restorePoint, readinessTerms } = this.template;
    const parent = await ForkServer.start(restorePoint, this.hosting, {
      name,
      folder: this.#folder(name),
      library,
    });
    await warmUp(parent, readinessTerms);
    await parent.settle();
    return parent;
  }

  #folder(name: string): string {
    return join(this.home.path, 'guests', name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#parent)?.[Symbol.asyncDispose]();
    await this.hosting[Symbol.asyncDispose]();
    await this.template[Symbol.asyncDispose]();
    await this.home[Symbol.asyncDispose]();
  }
}

let nextRun = 100;

/** Runs a program on a guest, which is resumed for it. */
export async function run(
  guest: Pick<Guest, 'run' | 'resume'>,
  language: string,
  code: string,
): Promise<Printed> {
  const printed = { stdout: '', stderr: '' };
  const decoder = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const exit = guest.run(
    {
      type: 'run',
      id: nextRun++,
      warmUp: false,
      keep: false,
      nowMicros: nowMicros(),
      ...plainProgram(language, code),
      timeLimitMs: 60_000,
      outputLimitBytes: 1 << 20,
    },
    (stream, chunk) => {
      printed[stream] += decoder[stream].decode(chunk, { stream: true });
    },
  );
  await guest.resume();
  return { exit: await exit, ...printed };
}
