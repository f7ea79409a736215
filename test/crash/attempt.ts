/** A run that a client asks for, and that leaves its mark: all that it comes to is known beforehand. */
import type { Random } from '../support/random.ts';

export type Attempt = {
  /** Nobody else's. */
  readonly word: string;
  readonly body: { readonly language: string; readonly code: string };
  readonly exitCode: number;
  /** Both streams. */
  readonly output: string;
};

/** The file on a persistent runner in which each run writes its word. */
export const TRAIL = 'trail';

/** How long a run takes at most, tenths of a second: as long as a server lives here. Most are far shorter. */
const LONGEST = 40;
/** Lines of a run that prints much: what the host and the agent hold of it is more than a socket does. */
const MANY_LINES = 40_000;

export function newAttempt(random: Random): Attempt {
  const word = random.word();
  const exitCode = random.pick([0, 0, 3, 42]);
  const tenths = Math.round(random.next() ** 3 * LONGEST);
  const lines = random.next() < 0.25 ? MANY_LINES : 0;
  const code = [
    `echo begin ${word}`,
    ...(lines > 0 ? [`seq ${lines}`] : []),
    `sleep ${tenths / 10}`,
    `echo ${word} >> ${TRAIL}`,
    `echo end ${word} >&2`,
    `exit ${exitCode}`,
  ].join('\n');
  const middle = Array.from({ length: lines }, (_, index) => `${index + 1}\n`).join('');
  const output = `begin ${word}\n${middle}end ${word}\n`;
  return { word, body: { language: 'bash', code }, exitCode, output };
}

/** The word of the run that printed this; undefined when it is no run of ours, or one that has not printed yet. */
export const wordOf = (output: string): string | undefined => /^begin (\w+)\n/.exec(output)?.[1];
