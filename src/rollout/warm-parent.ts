/** Warms a guest that others are forked from. */
import type { ForkServer } from '../guest/fork/fork-server.ts';
import type { Guest } from '../guest/guest.ts';
import {
  makeReady,
  nowMicros,
  plainProgram,
  type Readiness,
  type ReadinessTerms,
  SeenDraws,
  walk,
} from '../guest/ready.ts';
import { watchBalloon } from '../guest/stats.ts';
import { within } from '../lib/deadline.ts';
import type { CorpusProgram } from '../template/warm-ups.ts';

/** How often it is taken through the warm-ups once the corpus has run. */
const WARM_UPS = 2;
/**
 * And through the proof alone: the JavaScript of the agent and of the interpreters is compiled anew, and so translated anew,
 * as it gets hotter. Code translated in each: 1284, 203, 180, 1575, 2119, 403, 559, 65 blocks.
 */
const PROOFS = 4;
const NO_ADDRESS = { mac: '52:54:00:ff:ff:ff', address: '0.0.0.0', prefixLength: 0 };
/** On a busy machine a program may take twenty times what it takes on a quiet one, ms. */
const PROGRAM_LIMIT_MS = 60_000;
const GRACE_MS = 10_000;
const OUTPUT_BYTES = 1 << 20;
const NOTHING = { language: 'bash', code: ':' };

/**
 * Takes it through what each guest does before it is ready, and the warm-ups: from then on it can be forked.
 * @throws As {@link makeReady}.
 */
export const warmUp = (server: ForkServer, terms: ReadinessTerms): Promise<Readiness> =>
  server.hold(async (guest) => {
    // What it drew is nobody's: each fork draws anew.
    const readiness = await makeReady(guest, { ...terms, seenDraws: new SeenDraws() });
    // QEMU asks a fork's guest at once only where the watch was not on before.
    await watchBalloon(guest.qmp, 0);
    return readiness;
  });

/**
 * Has it run programs as those of users are run, from their start to their end. How they end is of no interest. Forks that
 * are wanted meanwhile are made between two of them.
 * @throws {AgentLinkError | QmpDisconnectedError | DeadlineError} When the guest is lost or too slow.
 */
export async function runCorpus(
  server: ForkServer,
  corpus: readonly CorpusProgram[],
  terms: ReadinessTerms,
): Promise<Readiness> {
  for (const [id, program] of corpus.entries()) await server.hold((guest) => runOne(guest, id, program));
  // What waits for a program is new by now.
  for (let round = 0; round < WARM_UPS; round += 1) await warmUp(server, terms);
  for (let round = 0; round < PROOFS; round += 1) {
    await warmUp(server, { ...terms, warmUps: [], network: NO_ADDRESS });
    await warmUp(server, { ...terms, warmUps: [] });
  }
  await server.hold(async (guest) => {
    await guest.resume();
    await walk(guest, corpus.length, NOTHING);
    await guest.pause();
  });
  // Its forks lose none when they get theirs.
  return warmUp(server, { ...terms, warmUps: [], network: NO_ADDRESS });
}

async function runOne(
  guest: Guest,
  id: number,
  { language, code, stdin = '' }: CorpusProgram,
): Promise<void> {
  await guest.resume();
  const run = guest.run(
    {
      type: 'run',
      id,
      warmUp: false,
      keep: false,
      nowMicros: nowMicros(),
      ...plainProgram(language, code),
      stdin,
      timeLimitMs: PROGRAM_LIMIT_MS,
      outputLimitBytes: OUTPUT_BYTES,
    },
    () => {},
  );
  await within(PROGRAM_LIMIT_MS + GRACE_MS, 'a program of the corpus', run);
  // The agent cleans up after a warm-up: nothing of the program is left to those who are forked next.
  await walk(guest, id, NOTHING);
  await guest.pause();
}
