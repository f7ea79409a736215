/** Whether a template really gives guests: several clones, every language in each, no two alike. */
import { join } from 'node:path';
import { languages } from '../../vm-images/languages/mod.ts';
import type { Guest } from '../guest/guest.ts';
import type { Hosting } from '../guest/hosting.ts';
import { makeReady, nowMicros, plainProgram } from '../guest/ready.ts';
import { restoreGuest } from '../guest/restore.ts';
import { within } from '../lib/deadline.ts';
import { TemplateError } from './manifest.ts';
import type { Template } from './template.ts';

/** Clones that a new template must give. Two show that they differ; the third that the first two left no mark. */
const CLONES = 3;
const CHECK_LIMIT_MS = 20_000;

/**
 * Restores clones one after the other and runs each language's check in each.
 * @throws {TemplateError} When a clone does not start, is not proved fresh, or prints something else.
 */
export async function verifyTemplate(
  template: Template,
  { guests, hosting, signal }: { guests: string; hosting: Hosting; signal: AbortSignal },
): Promise<void> {
  for (let clone = 1; clone <= CLONES; clone++) {
    const name = `verify-${clone}`;
    try {
      const folder = join(guests, `${name}-${process.pid}`);
      await using guest = await restoreGuest(template.restorePoint, hosting, { name, folder, signal });
      await makeReady(guest, template.readinessTerms);
      await guest.resume();
      await runChecks(guest);
    } catch (cause) {
      signal.throwIfAborted();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TemplateError(`the new template failed its verification (clone ${clone}): ${why}`, { cause });
    }
  }
}

async function runChecks(guest: Guest): Promise<void> {
  for (const [id, { name, check }] of languages.entries()) {
    let stdout = '';
    const decoder = new TextDecoder();
    const exit = guest.run(
      {
        type: 'run',
        id,
        warmUp: false,
        keep: false,
        nowMicros: nowMicros(),
        ...plainProgram(name, check.code),
        timeLimitMs: CHECK_LIMIT_MS,
        outputLimitBytes: 65_536,
      },
      (stream, chunk) => {
        stdout += stream === 'stdout' ? decoder.decode(chunk, { stream: true }) : '';
      },
    );
    const { code } = await within(CHECK_LIMIT_MS, `the ${name} check`, exit);
    if (code !== 0 || stdout !== check.stdout) {
      throw new TemplateError(`the ${name} check ended with ${code} and printed ${JSON.stringify(stdout)}`);
    }
  }
}
