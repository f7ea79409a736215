/** What a test run says of its failures, kept to be said once more at its end: whoever reads only the end of a log sees why. */
import { stripVTControlCharacters } from 'node:util';

/** Lines of one failure that are kept: the last ones, next to its verdict. */
const KEPT_LINES = 100;
const VERDICT = /^\((pass|fail|skip|todo)\) /;
/** Failures are listed below it, which is no news. */
const SUMMARY = /^\d+ tests? failed:/;

export class Failures {
  /** Since the last verdict. */
  #lines: string[] = [];
  #rest = '';
  #isOver = false;
  readonly #found: string[] = [];

  /** @param text The next of what `bun test` prints, however it is cut. */
  read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line);
  }

  /** One text for each failure: all that was printed since the verdict before. */
  get found(): readonly string[] {
    return this.#found;
  }

  #readLine(line: string): void {
    const plain = stripVTControlCharacters(line);
    this.#isOver ||= SUMMARY.test(plain);
    if (this.#isOver) return;
    this.#lines.push(line);
    const [, verdict] = VERDICT.exec(plain) ?? [];
    if (verdict === 'fail') this.#found.push(this.#lines.slice(-KEPT_LINES).join('\n'));
    if (verdict || this.#lines.length > 10 * KEPT_LINES) this.#lines = [];
  }
}
