/** Warms a guest that others are forked from. */
import type { Guest } from '../guest/guest.ts';
import { makeReady, type ReadinessTerms, SeenDraws, walk } from '../guest/ready.ts';

/** How often it walks what each guest does. */
const ROUNDS = 2;

/**
 * Its CPU stands still before and after. What it drew is nobody's: each fork draws anew.
 * @throws As {@link makeReady}.
 */
export async function warmParent(guest: Guest, terms: ReadinessTerms): Promise<void> {
  const ready = () => makeReady(guest, { ...terms, seenDraws: new SeenDraws() });
  await ready();
  await guest.resume();
  // As the programs of users run, from their start to their end.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, program] of terms.warmUps.entries()) await walk(guest, index, program, true);
  }
  await guest.pause();
  // What waits for a program is new by now.
  for (let round = 0; round < ROUNDS; round += 1) await ready();
}
