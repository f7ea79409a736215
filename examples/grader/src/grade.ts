/** Runs one solution on one case, and says what became of it. */
import type { Client, Data } from 'codeland/client';
import { attempt } from './attempt.ts';
import type { Case, Solution } from './exercise.ts';

/** Longest time for one case, and for a runner to be free, whole seconds. */
const TIME = 5;
const WAIT = 30;

export type Receipt = Data<Client['codeland']['run']['post']>['receipt'];

export type Verdict =
  | { readonly verdict: 'passed'; readonly receipt: Receipt }
  | { readonly verdict: 'failed'; readonly why: string; readonly receipt?: Receipt };

/** @throws {Error} When the server cannot grade at all; the solution is not to blame. */
export async function grade(
  { codeland }: Client,
  solution: Solution,
  { input, output }: Case,
): Promise<Verdict> {
  const { language, code } = solution;
  const { data, error } = await attempt((headers) =>
    codeland.run.post({ language, code, stdin: input }, { query: { time: TIME, wait: WAIT }, headers }),
  );
  if (error === null) {
    const { stdout, stderr, exitCode, receipt } = data;
    if (exitCode !== 0) return { verdict: 'failed', why: lastLine(stderr) ?? 'it was killed', receipt };
    if (stdout.trim() === output) return { verdict: 'passed', receipt };
    return { verdict: 'failed', why: `printed ${show(stdout)}, not ${show(output)}`, receipt };
  }
  switch (error.status) {
    case 498: {
      const { stdout, receipt } = error.value;
      return { verdict: 'failed', why: `took longer than ${TIME} s; it printed ${show(stdout)}`, receipt };
    }
    case 400:
      return { verdict: 'failed', why: 'brought its machine down' };
    case 413:
    case 422:
      return { verdict: 'failed', why: `is not to be run: ${error.value.message}` };
    case 401:
    case 429:
    case 500:
    case 503:
      throw new Error(`${error.value.name}: ${error.value.message}`);
    default:
      // Nothing is left, as far as the server's types go; what stands before the server may answer otherwise.
      error satisfies never;
      throw new Error(`an answer that is not the server's: ${JSON.stringify(error)}`);
  }
}

const show = (text: string) => JSON.stringify(text.trim());
const lastLine = (text: string) => text.trim().split('\n').at(-1);
