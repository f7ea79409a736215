/** What clients know of one persistent runner, whatever became of its servers. */
import { type Attempt, TRAIL, wordOf } from './attempt.ts';
import type { CrashLab } from './lab.ts';
import { type RunRecord, readRuns } from './runs.ts';

/** So many runs that were answered last are told of after a restart, whatever they and newer ones printed. */
const RECENT = 3;

export class RunnerBook {
  readonly name: string;
  readonly #pid: string;
  readonly #createdAt: string;
  /** What each run is, by the name it was given: as its answer said, or as it was found by its word. */
  readonly #runs = new Map<string, Attempt>();
  /** Names of those whose answers came since the last look, in this order. */
  #answered: string[] = [];
  /** Those whose answers never came. */
  #open: Attempt[] = [];
  /** Words that are in the trail for sure. */
  readonly #done = new Set<string>();

  constructor(name: string, info: Readonly<Record<string, unknown>>) {
    this.name = name;
    this.#pid = String(info['pid']);
    this.#createdAt = String(info['createdAt']);
  }

  answered(attempt: Attempt, run: string): void {
    this.#answered.push(run);
    this.#runs.set(run, attempt);
    this.#done.add(attempt.word);
  }

  unanswered(attempt: Attempt): void {
    this.#open.push(attempt);
  }

  /** Waits for the runs that were under way, and looks whether all is as clients know it. @returns What is not. */
  async check(lab: CrashLab): Promise<string[]> {
    const { status, body } = await lab.request(`/api/v1/runner/${this.name}`);
    if (status !== 200) return [`${this.name} is lost: ${status} ${JSON.stringify(body)}`];
    const wrong: string[] = [];
    if (body['pid'] !== this.#pid) wrong.push(`${this.name} has another process`);
    if (body['createdAt'] !== this.#createdAt) {
      wrong.push(`${this.name} was made at ${String(body['createdAt'])}, not at ${this.#createdAt}`);
    }
    const records = await readRuns(lab, this.name);
    wrong.push(...this.#findOpen(records), ...this.#checkKept(records));
    for (const record of records) {
      const attempt = this.#runs.get(record.id);
      if (attempt) wrong.push(...differences(attempt, record));
    }
    wrong.push(...(await this.#checkTrail(lab)));
    this.#open = [];
    this.#answered = [];
    return wrong.map((each) => `${this.name}: ${each}`);
  }

  /** A run whose answer was lost is told of once, or it never began. */
  #findOpen(records: readonly RunRecord[]): string[] {
    return this.#open.flatMap((attempt) => {
      const { word } = attempt;
      const found = records.filter(({ output }) => wordOf(output) === word);
      for (const { id } of found) {
        this.#runs.set(id, attempt);
        this.#done.add(word);
      }
      return found.length > 1 ? [`run ${word} is told of ${found.length} times`] : [];
    });
  }

  /** Names are given once, and the latest runs are told of. */
  #checkKept(records: readonly RunRecord[]): string[] {
    const ids = records.map(({ id }) => id);
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
    // Newer ones push it out, and of those whose answers were lost there may be as many as are recent.
    const recent = this.#open.length === 0 ? this.#answered.slice(-RECENT) : this.#answered.slice(-1);
    return [
      ...twice.map((id) => `there is more than one ${id}`),
      ...recent.filter((id) => !ids.includes(id)).map((id) => `${id} was answered, and is forgotten`),
    ];
  }

  /** Each run that was answered or told of has left its word, once; one that is not told of never ran. */
  async #checkTrail(lab: CrashLab): Promise<string[]> {
    const code = `cat ${TRAIL} 2>/dev/null; true`;
    const { status, body } = await lab.request(`/api/v1/runner/run/${this.name}`, {
      body: { language: 'bash', code },
    });
    if (status !== 200) return [`a run answers ${status} ${JSON.stringify(body)}`];
    const found = String(body['stdout']).split('\n').slice(0, -1);
    return [
      ...found.filter((word, index) => found.indexOf(word) !== index).map((word) => `run ${word} ran twice`),
      ...[...this.#done].filter((word) => !found.includes(word)).map((word) => `run ${word} left no trace`),
      ...found
        .filter((word) => !this.#done.has(word))
        .map((word) => `run ${word} ran, and nothing tells of it`),
    ];
  }
}

/** A record is true, as far as it goes: output that is not all there any more is said to be cut. */
function differences({ word, exitCode, output }: Attempt, record: RunRecord): string[] {
  const { id, state } = record;
  if (state !== 'ended') return [`${id} (${word}) is ${state}`];
  const isTrue = record.isTruncated ? output.startsWith(record.output) : record.output === output;
  return [
    ...(record.exitCode === exitCode
      ? []
      : [`${id} (${word}) has status ${String(record.exitCode)}, not ${exitCode}`]),
    ...(isTrue
      ? []
      : [`${id} (${word}) is said to have printed ${quote(record.output)}, not ${quote(output)}`]),
  ];
}

const quote = (text: string): string =>
  text.length > 60
    ? `${JSON.stringify(text.slice(0, 30))}… (${text.length} characters)`
    : JSON.stringify(text);
