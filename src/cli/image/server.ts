/** What the commands ask of the server that uses the data folder, if one runs. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ControlAnswerError, NoServerError } from '../../control/client.ts';
import { controlSocket } from '../../control/server.ts';
import { unlessAbsent } from '../dependants.ts';
import { RefusedError } from './context.ts';

export type RolloutTerms = {
  readonly template: string;
  /** New guests that are the new template's while it is tried, percent. */
  readonly sharePercent: number;
  /** Runs on them after which is decided, and when at the latest, seconds. */
  readonly runs: number;
  readonly seconds: number;
  /** How many may fail, percent. */
  readonly maxErrorPercent: number;
};

const Decided = Type.Object({
  outcome: Type.Union([Type.Literal('promoted'), Type.Literal('rolledBack')]),
  reason: Type.String(),
  figures: Type.Unknown(),
});

/**
 * Has the server restore from what is current now.
 * @returns Why it does not do so before its next start, if it does not; null when no server runs.
 */
export async function reload(home: string): Promise<{ readonly refusal: string | null } | null> {
  try {
    const answer = await unlessAbsent(home, call(home, 'POST', '/templates/reload', Type.Unknown()));
    return answer === undefined ? null : { refusal: null };
  } catch (error) {
    if (error instanceof ControlAnswerError) return { refusal: error.message };
    throw error;
  }
}

/**
 * Has the server try a template on a share of its guests, and go over to it when it does well.
 * @returns What was decided; null when no server runs.
 * @throws {RefusedError} When the server cannot do it; the message says why.
 * @throws The signal's reason when it is aborted; the server ends the trial then and stays with what it has.
 */
export async function rollOut(home: string, terms: RolloutTerms, signal: AbortSignal) {
  try {
    return (
      (await unlessAbsent(home, call(home, 'POST', '/rollout', Decided, { body: terms, signal }))) ?? null
    );
  } catch (error) {
    if (signal.aborted) {
      // When it has decided already, there is none to end.
      await call(home, 'DELETE', '/rollout', Type.Unknown()).catch(() => {});
      throw signal.reason;
    }
    if (!(error instanceof ControlAnswerError)) throw error;
    throw new RefusedError(`template ${terms.template} is baked, but not in use: ${error.message}`, {
      cause: error,
    });
  }
}

/** Bun gives up an answer after five minutes by itself; this option, which its types lack, keeps it from that. */
const PATIENT = { timeout: false };

async function call<T extends TSchema>(
  home: string,
  method: 'POST' | 'DELETE',
  path: string,
  form: T,
  { body, signal }: { body?: object; signal?: AbortSignal } = {},
): Promise<Static<T>> {
  const response = await fetch(`http://control${path}`, {
    method,
    unix: controlSocket(home),
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    ...(signal ? { signal } : {}),
    ...PATIENT,
  }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new NoServerError('no server uses this data folder', { cause });
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw failureOf(answer);
  return Value.Parse(form, answer);
}

function failureOf(answer: unknown): ControlAnswerError {
  const known = typeof answer === 'object' && answer !== null && 'name' in answer && 'message' in answer;
  return known
    ? new ControlAnswerError(String(answer.name), String(answer.message))
    : new ControlAnswerError('unknown', `the server answered ${JSON.stringify(answer)}`);
}
