import { describe, expect, it } from 'bun:test';
import { Failures } from '../../../scripts/lib/failures.ts';

const BAD = [
  'error: expect(received).toBe(expected)',
  '      at bad (bad.test.ts:3:1)',
  '(fail) group > bad [1.00ms]',
];

function read(pieces: readonly string[]): readonly string[] {
  const failures = new Failures();
  for (const piece of pieces) failures.read(piece);
  return failures.found;
}

describe('failures of a test run', () => {
  const log = `a.test.ts:\n(pass) good [0.10ms]\n${BAD.join('\n')}\n(pass) another\n\n1 tests failed:\n${BAD[2]}\n`;

  it('are what was printed since the verdict before', () => {
    expect(read([log])).toEqual([BAD.join('\n')]);
  });

  it('are found however the output is cut', () => {
    expect(read(Array.from(log))).toEqual([BAD.join('\n')]);
  });

  it('are found in colour', () => {
    const text = `\u001b[31m(fail)\u001b[0m bad\n`;
    expect(read([text])).toEqual([text.trimEnd()]);
  });

  it('are kept with the last hundred lines before them', () => {
    const noise = Array.from({ length: 1050 }, (_, index) => `line ${index}`);
    const [found, ...more] = read([[...noise, '(fail) bad', ''].join('\n')]);
    expect(more).toEqual([]);
    expect(found?.split('\n').length).toBeLessThanOrEqual(100);
    expect(found).toEndWith('line 1049\n(fail) bad');
  });

  it('are none where all passed', () => {
    expect(read(['(pass) good\n(skip) later\nnothing (fail) here\n'])).toEqual([]);
  });
});
