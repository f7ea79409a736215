/** What the commands ask of the server that uses the data folder, if one runs. */
import { answered, ControlAnswerError, controlClient } from '../../control/client.ts';
import type { RolloutBody } from '../../control/rollout.ts';
import { unlessAbsent } from '../../dependants.ts';
import type { RolloutResult } from '../../rollout/rollouts.ts';
import { RefusedError } from './context.ts';

/**
 * Has the server restore from what is current now.
 * @returns Why it does not do so before its next start, if it does not; null when no server runs.
 */
export async function reload(home: string): Promise<{ readonly refusal: string | null } | null> {
  try {
    const answer = await unlessAbsent(home, answered(controlClient(home).templates.reload.post()));
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
 * @throws The signal's reason when it is aborted; the server gives the trial up then and stays with what it has.
 */
export async function rollOut(
  home: string,
  order: RolloutBody,
  signal: AbortSignal,
): Promise<RolloutResult | null> {
  try {
    const decided = answered(controlClient(home).rollout.post(order, { fetch: { signal } }));
    return (await unlessAbsent(home, decided)) ?? null;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ControlAnswerError)) throw error;
    throw new RefusedError(`template ${order.template} is baked, but not in use: ${error.message}`, {
      cause: error,
    });
  }
}
