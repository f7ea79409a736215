/** An exercise: cases that a program must pass, and what four people handed in. */

/** What a program reads from standard input, and what it must print. */
export type Case = { readonly input: string; readonly output: string };
export type Solution = { readonly author: string; readonly language: string; readonly code: string };

export const title = 'Print the sum of the numbers, one a line, that come in';

export const cases: readonly Case[] = [
  { input: '1\n2\n3\n', output: '6' },
  { input: '-5\n5\n', output: '0' },
];

export const solutions: readonly Solution[] = [
  {
    author: 'Ada',
    language: 'python',
    code: 'import sys\nprint(sum(int(line) for line in sys.stdin))',
  },
  {
    author: 'Brian',
    language: 'bash',
    code: 'sum=0\nwhile read -r number; do sum=$((sum + number)); done\necho "$sum"',
  },
  {
    // Adds only what is above zero.
    author: 'Chris',
    language: 'javascript',
    code: `import { readFileSync } from 'node:fs';
const numbers = readFileSync(0, 'utf8').trim().split('\\n').map(Number);
console.log(numbers.reduce((sum, number) => sum + Math.max(number, 0), 0));`,
  },
  {
    // Waits for an end that does not come.
    author: 'Dana',
    language: 'typescript',
    code: `let sum: number = 0;
console.log('adding');
while (sum >= 0) sum += 0;`,
  },
];
