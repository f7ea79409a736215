/** What runners wrote down, in order, as text. */
import type { Journal } from '../../src/runner/journal.ts';

export type FakeJournal = Journal & { readonly lines: string[] };

export function fakeJournal(): FakeJournal {
  const lines: string[] = [];
  return {
    lines,
    made: ({ name, owner }) => lines.push(`made ${name} of ${owner}`),
    gone: (name) => lines.push(`gone ${name}`),
    charged: (name, cpuMs) => lines.push(`charged ${name} ${cpuMs}`),
    began: (name, { number }) => lines.push(`began ${name} ${number}`),
    ended: (name, run, { outcome }) => lines.push(`ended ${name} ${run} ${JSON.stringify(outcome)}`),
    dropped: (name, run) => lines.push(`dropped ${name} ${run}`),
  };
}
