/** Which known word a misspelled one is likely to be. */

/** More edits than these, or than half the word's letters, are no slip. */
const MOST_EDITS = 3;

/** The known word that the fewest letters have to be changed, added or taken away for; undefined when none is near. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, edits: editDistance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits);
  return best && best.edits <= Math.min(MOST_EDITS, word.length / 2) ? best.candidate : undefined;
}

/** Levenshtein's distance, by one row of the table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const letter of from) {
    let left = (row[0] ?? 0) + 1;
    const next = [left];
    for (const [index, other] of Array.from(to).entries()) {
      const diagonal = row[index] ?? 0;
      const above = row[index + 1] ?? 0;
      left = letter === other ? diagonal : 1 + Math.min(diagonal, above, left);
      next.push(left);
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
