/** The runs that the API tells of, with all they printed. */
import { sleep } from '../../src/lib/deadline.ts';
import { isRecord } from '../support/http-client.ts';
import type { CrashLab } from './lab.ts';

export type RunRecord = {
  readonly id: string;
  readonly state: string;
  readonly exitCode: unknown;
  readonly output: string;
  /** The output is not all that was printed. */
  readonly isTruncated: boolean;
};

const DEADLINE_MS = 60_000;
const POLL_MS = 100;

/**
 * Waits until none is under way, and only then reads: the end of one pushes the oldest out.
 * @throws {Error} When one does not end, or an answer has another form.
 */
export async function readRuns(lab: CrashLab, runner: string): Promise<RunRecord[]> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const runs = await listRuns(lab, runner);
    if (runs.every(({ state }) => state !== 'running')) {
      const records: RunRecord[] = [];
      for (const { id } of runs) records.push(await readRun(lab, runner, String(id)));
      return records;
    }
    if (performance.now() > deadline) throw new Error(`a run on ${runner} does not end`);
    await sleep(POLL_MS);
  }
}

async function listRuns(lab: CrashLab, runner: string): Promise<Readonly<Record<string, unknown>>[]> {
  const { status, body } = await lab.request(`/api/v1/runner/${runner}/runs`);
  const { runs } = body;
  if (status !== 200 || !Array.isArray(runs)) throw new Error(`no runs: ${status} ${JSON.stringify(body)}`);
  return runs.filter(isRecord);
}

/** Reads what it printed piece by piece, each from where the one before ended. */
async function readRun(lab: CrashLab, runner: string, id: string): Promise<RunRecord> {
  const pieces: Buffer[] = [];
  for (let from = 0; ; ) {
    const { status, body } = await lab.request(`/api/v1/runner/${runner}/runs/${id}?from=${from}`);
    const { state, next, output, exitCode, truncated } = body;
    if (status !== 200 || typeof next !== 'number' || typeof output !== 'string') {
      throw new Error(`no run: ${status} ${JSON.stringify(body).slice(0, 500)}`);
    }
    if (next === from) {
      const isTruncated = truncated === true;
      return { id, state: String(state), exitCode, output: Buffer.concat(pieces).toString(), isTruncated };
    }
    pieces.push(Buffer.from(output, 'base64'));
    from = next;
  }
}
