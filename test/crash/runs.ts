/** The runs that the API tells of, with all they printed. */
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

/** How long an answer waits for a run that is under way, whole seconds. */
const WAIT_SECONDS = 5;
const DEADLINE_MS = 60_000;

/** Waits until none is under way. @throws {Error} When one does not end, or an answer has another form. */
export async function readRuns(lab: CrashLab, runner: string): Promise<RunRecord[]> {
  const { status, body } = await lab.request(`/api/v1/runner/${runner}/runs`);
  const { runs } = body;
  if (status !== 200 || !Array.isArray(runs)) throw new Error(`no runs: ${status} ${JSON.stringify(body)}`);
  const records: RunRecord[] = [];
  for (const run of runs.filter(isRecord)) records.push(await readRun(lab, runner, String(run['id'])));
  return records;
}

/** Reads what it printed piece by piece, each from where the one before ended. */
async function readRun(lab: CrashLab, runner: string, id: string): Promise<RunRecord> {
  const deadline = performance.now() + DEADLINE_MS;
  const pieces: Buffer[] = [];
  for (let from = 0; ; ) {
    const path = `/api/v1/runner/${runner}/runs/${id}?from=${from}&wait=${WAIT_SECONDS}`;
    const { status, body } = await lab.request(path);
    const { state, next, output, exitCode, truncated } = body;
    if (status !== 200 || typeof next !== 'number' || typeof output !== 'string') {
      throw new Error(`no run: ${status} ${JSON.stringify(body).slice(0, 500)}`);
    }
    pieces.push(Buffer.from(output, 'base64'));
    const isWhole = next === from;
    from = next;
    if (state !== 'running' && isWhole) {
      return {
        id,
        state: String(state),
        exitCode,
        output: Buffer.concat(pieces).toString(),
        isTruncated: truncated === true,
      };
    }
    if (performance.now() > deadline) throw new Error(`${id} of ${runner} does not end`);
  }
}
