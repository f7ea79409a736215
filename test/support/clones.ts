/** Clones of the shared template, for tests of what a restore gives. */
import { join } from 'node:path';
import type { Guest } from '../../src/guest/guest.ts';
import { type Hosting, openHosting } from '../../src/guest/hosting.ts';
import { makeReady, nowMicros, plainProgram, type Readiness } from '../../src/guest/ready.ts';
import { restoreGuest } from '../../src/guest/restore.ts';
import { groupName } from '../../src/host/cgroups/cgroups.ts';
import { openInstalled, type Present } from '../../src/installed.ts';
import type { ExitReport } from '../../src/protocol/messages.ts';
import type { Template } from '../../src/template/template.ts';
import { TestHome } from './test-home.ts';

export type Printed = { readonly exit: ExitReport; readonly stdout: string; readonly stderr: string };

/** An opened template and a folder for its clones. */
export class Clones implements AsyncDisposable {
  readonly home: TestHome;
  readonly present: Present;
  readonly template: Template;
  readonly hosting: Hosting;
  #next = 1;

  private constructor(home: TestHome, present: Present, template: Template, hosting: Hosting) {
    this.home = home;
    this.hosting = hosting;
    this.present = present;
    this.template = template;
  }

  static async open(): Promise<Clones> {
    const home = await TestHome.create();
    const { present, template } = await openInstalled(home.config());
    const name = await groupName(home.path);
    const hosting = await openHosting(template.restorePoint, { name, reserveBytes: 0 });
    return new Clones(home, present, template, hosting);
  }

  /** A clone that has passed its restore proof, its CPU stopped. */
  async ready(): Promise<Readiness & { guest: Guest }> {
    const guest = await this.restored();
    try {
      return { guest, ...(await makeReady(guest, this.template.readinessTerms)) };
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
      folder: join(this.home.path, 'guests', name),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hosting[Symbol.asyncDispose]();
    await this.template[Symbol.asyncDispose]();
    await this.home[Symbol.asyncDispose]();
  }
}

let nextRun = 100;

/** Runs a program on a guest, which is resumed for it. */
export async function run(guest: Guest, language: string, code: string): Promise<Printed> {
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
