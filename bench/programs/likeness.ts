/** How much of a program is in another one, whatever its layout and comments. */

/** Words in a row that are compared as one; fewer are in many programs by chance. */
const SHINGLE_WORDS = 8;

/** Names, numbers, and signs one by one, without comments. */
function wordsOf(code: string): string[] {
  const bare = code.replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)(?:\/\/|#).*$/gm, '$1');
  return bare.match(/[\p{L}_$][\p{L}\p{N}_$]*|\d[\d._]*|[^\s\p{L}\p{N}]/gu) ?? [];
}

function shinglesOf(code: string): Set<string> {
  const words = wordsOf(code);
  const starts = Math.max(1, words.length - SHINGLE_WORDS + 1);
  return new Set(Array.from({ length: starts }, (_, at) => words.slice(at, at + SHINGLE_WORDS).join(' ')));
}

/**
 * The share of a program that another one has too, by sequences of words (Broder, "On the resemblance and containment of
 * documents", 1997).
 * @returns From 0, nothing, to 1, all of it.
 */
export function containment(program: string, other: string): number {
  const [own, others] = [shinglesOf(program), shinglesOf(other)];
  return [...own].filter((shingle) => others.has(shingle)).length / own.size;
}
