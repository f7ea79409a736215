/**
 * The full language run: what programs in each language can count on, beyond that they start. A language's own `check`
 * is run in each clone; this once.
 */
import type { Program } from '../protocol/messages.ts';

export type Trial = {
  /** What is tried, for an error. */
  readonly what: string;
  readonly program: Program;
  readonly timeLimitMs: number;
  readonly expected: {
    /** Null where the program is killed. */
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: RegExp;
    readonly timedOut: boolean;
  };
};

const LIMIT_MS = 20_000;
/** Of a program that does not end. */
const SHORT_LIMIT_MS = 1_000;

type Programs = {
  /** Reads its input, its first argument, `COLOR` and a file, prints them, says `trouble`, ends with 3. */
  readonly exchange: string;
  /** Prints `before` and then fails. */
  readonly failure: readonly [code: string, stderr: RegExp];
  /** Does not end. */
  readonly endless: string;
};

const JAVASCRIPT: Programs = {
  exchange: `
const { readFileSync } = require('node:fs');
const parts = [readFileSync(0, 'utf8'), process.argv[2], process.env.COLOR, readFileSync('data/in.txt', 'utf8')];
console.log(parts.join('|'));
console.error('trouble');
process.exit(3);`,
  failure: ["console.log('before');\nthrow new TypeError('no such thing');", /TypeError: no such thing/],
  endless: 'for (;;);',
};

const PROGRAMS: Readonly<Record<string, Programs>> = {
  javascript: JAVASCRIPT,
  typescript: {
    exchange: `
import { readFileSync } from 'node:fs';
enum Status { Trouble = 3 }
const read = (path: string | number): string => readFileSync(path, 'utf8');
const parts: readonly (string | undefined)[] = [read(0), process.argv[2], process.env['COLOR'], read('data/in.txt')];
console.log(parts.join('|'));
console.error('trouble');
process.exit(Status.Trouble);`,
    failure: [
      "console.log('before');\nthrow new TypeError('no such thing' satisfies string);",
      /TypeError: no such/,
    ],
    endless: 'for (;;) 0 as number;',
  },
  python: {
    exchange: `
import os, sys
with open('data/in.txt') as file:
    print(sys.stdin.read(), sys.argv[1], os.environ['COLOR'], file.read(), sep='|')
print('trouble', file=sys.stderr)
sys.exit(3)`,
    failure: ["print('before')\nraise ValueError('no such thing')", /ValueError: no such thing/],
    endless: 'while True: pass',
  },
  bash: {
    exchange: `
echo "$(cat)|$1|$COLOR|$(cat data/in.txt)"
echo trouble >&2
exit 3`,
    failure: ['set -u\necho before\necho "$nothing"', /nothing: unbound variable/],
    endless: 'while :; do :; done',
  },
};

/** What is tried of a language; nothing of one that is not known here, which its own check covers. */
export function trialsOf(language: string): readonly Trial[] {
  const programs = PROGRAMS[language];
  if (!programs) return [];
  const {
    exchange,
    failure: [failing, stderr],
    endless,
  } = programs;
  const plain = { language, stdin: '', args: [], env: {}, files: {} };
  return [
    {
      what: 'input, arguments, environment, files, exit code',
      program: {
        language,
        code: exchange,
        stdin: 'naïve 日本語',
        args: ['a b'],
        env: { COLOR: 'blue' },
        files: { 'data/in.txt': 'from a file' },
      },
      timeLimitMs: LIMIT_MS,
      expected: {
        code: 3,
        stdout: 'naïve 日本語|a b|blue|from a file\n',
        stderr: /^trouble\n$/,
        timedOut: false,
      },
    },
    {
      what: 'an error that nobody catches',
      program: { ...plain, code: failing },
      timeLimitMs: LIMIT_MS,
      expected: { code: 1, stdout: 'before\n', stderr, timedOut: false },
    },
    {
      what: 'a program that does not end',
      program: { ...plain, code: endless },
      timeLimitMs: SHORT_LIMIT_MS,
      expected: { code: null, stdout: '', stderr: /^$/, timedOut: true },
    },
  ];
}
