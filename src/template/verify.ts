/** Whether a template really gives guests: several clones, every language in each, no two alike. */
import { join } from 'node:path';
import { languages } from '../../vm-images/languages/mod.ts';
import type { Guest } from '../guest/guest.ts';
import { makeReady, nowMicros, plainProgram } from '../guest/ready.ts';
import { restoreGuest } from '../guest/restore.ts';
import { within } from '../lib/deadline.ts';
import type { Template } from './template.ts';
import { type Trial, trialsOf } from './trials.ts';
import type { Workshop } from './workshop.ts';

const CHECK_LIMIT_MS = 20_000;
/** What an answer may take beyond a program's own limit, ms. */
const GRACE_MS = 10_000;
const OUTPUT_BYTES = 65_536;

/** A template does not give the guests that it should. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
}

/** How much is tried. */
export type Thoroughness = {
  readonly restores: number;
  /** Whether the first clone takes the full language run. */
  readonly isFull: boolean;
};

/** What a template must pass. Two clones show that they differ; the third that the first two left no mark. */
export const LEAST: Thoroughness = { restores: 3, isFull: false };

export type VerifyRequest = Thoroughness & {
  readonly workshop: Workshop;
  readonly onProgress?: ((what: string) => void) | undefined;
  readonly signal: AbortSignal;
};

/**
 * Restores clones one after the other and runs each language's check in each.
 * @throws {VerificationError} When a clone does not start, is not proved fresh, or prints something else.
 */
export async function verifyTemplate(template: Template, request: VerifyRequest): Promise<void> {
  const { workshop, restores, isFull, onProgress, signal } = request;
  await using hosting = await workshop.hosting(template.restorePoint);
  for (let clone = 1; clone <= restores; clone++) {
    const name = `verify-${clone}`;
    const programs = languages.flatMap(({ name, check }) => [
      asTrial(name, check),
      ...(isFull && clone === 1 ? trialsOf(name) : []),
    ]);
    onProgress?.(`restore ${clone} of ${restores}, ${programs.length} programs`);
    try {
      const folder = join(workshop.guests, name);
      await using guest = await restoreGuest(template.restorePoint, hosting, { name, folder, signal });
      await makeReady(guest, template.readinessTerms);
      await guest.resume();
      for (const [id, program] of programs.entries()) await tryProgram(guest, id, program, signal);
    } catch (cause) {
      signal.throwIfAborted();
      const why = cause instanceof Error ? cause.message : String(cause);
      const { id } = template.manifest;
      throw new VerificationError(`template ${id} failed its verification (restore ${clone}): ${why}`, {
        cause,
      });
    }
  }
}

const asTrial = (language: string, { code, stdout }: { code: string; stdout: string }): Trial => ({
  what: 'check',
  program: plainProgram(language, code),
  timeLimitMs: CHECK_LIMIT_MS,
  expected: { code: 0, stdout, stderr: /^/, timedOut: false },
});

async function tryProgram(guest: Guest, id: number, trial: Trial, signal: AbortSignal): Promise<void> {
  const { what, program, timeLimitMs, expected } = trial;
  const printed = { stdout: '', stderr: '' };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const exit = guest.run(
    {
      type: 'run',
      id,
      warmUp: false,
      keep: false,
      nowMicros: nowMicros(),
      ...program,
      timeLimitMs,
      outputLimitBytes: OUTPUT_BYTES,
    },
    (stream, chunk) => {
      printed[stream] += decoders[stream].decode(chunk, { stream: true });
    },
  );
  const subject = `the ${program.language} program (${what})`;
  const { code, signal: killed, timedOut } = await within(timeLimitMs + GRACE_MS, subject, exit, signal);
  const isAsExpected =
    code === expected.code &&
    timedOut === expected.timedOut &&
    printed.stdout === expected.stdout &&
    expected.stderr.test(printed.stderr);
  if (!isAsExpected) {
    throw new VerificationError(
      `${subject} ended with ${code ?? killed} and printed ${JSON.stringify(printed)}`,
    );
  }
}
