/** Real programs in each language, through the API. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '3' });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

type Case = {
  readonly name: string;
  readonly code: string;
  readonly stdout: string;
  readonly exitCode?: number;
  readonly stderr?: RegExp;
  readonly stdin?: string;
};

const JAVASCRIPT: readonly Case[] = [
  {
    name: 'recursion and closures',
    code: `
      const memo = new Map();
      const fib = (n) => n < 2n ? n : memo.get(n) ?? (memo.set(n, fib(n - 1n) + fib(n - 2n)), memo.get(n));
      const hanoi = (n, a, b, c) => n === 0 ? 0 : hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a);
      console.log(String(fib(90n)), hanoi(10, 'a', 'b', 'c'));`,
    stdout: '2880067194370816120 1023\n',
  },
  {
    name: 'JSON, regular expressions, Unicode',
    code: `
      const text = JSON.parse('{"text": "naïve café — 日本語 🦊"}').text;
      const words = [...text.matchAll(/[\\p{L}]+/gu)].map(([word]) => word);
      console.log(JSON.stringify({ words, length: [...text].length, upper: text.toUpperCase() }));`,
    stdout: '{"words":["naïve","café","日本語"],"length":18,"upper":"NAÏVE CAFÉ — 日本語 🦊"}\n',
  },
  {
    name: 'the standard library through require, and being the main module',
    code: `
      const { createHash } = require('node:crypto');
      const fs = require('fs'), path = require('path'), os = require('node:os');
      fs.writeFileSync('out.txt', 'written');
      console.log(createHash('sha256').update('x').digest('hex').slice(0, 8), fs.readFileSync('out.txt', 'utf8'));
      console.log(path.basename(__filename), require.main === module, fs.readdirSync('.').sort().join(), os.homedir());`,
    stdout: '2d711642 written\nmain.js true main.js,out.txt /home/runner\n',
  },
  {
    name: 'ES modules with top-level await, timers and streams',
    code: `
      import { setTimeout as sleep } from 'node:timers/promises';
      import { Readable } from 'node:stream';
      const order = [];
      await Promise.all([sleep(1000).then(() => order.push('late')), sleep(5).then(() => order.push('early'))]);
      for await (const part of Readable.from(['a', 'b'])) order.push(part);
      console.log(order.join(), import.meta.main, typeof require);`,
    stdout: 'early,late,a,b true function\n',
  },
  {
    name: 'child processes and standard input',
    code: `
      import { execFileSync, spawn } from 'node:child_process';
      console.log(execFileSync('sh', ['-c', 'echo $((6 * 7))']).toString().trim());
      const sort = spawn('sort', { stdio: ['pipe', 'inherit', 'inherit'] });
      for await (const chunk of process.stdin) sort.stdin.write(chunk);
      sort.stdin.end();
      await new Promise((resolve) => sort.on('close', resolve));`,
    stdin: 'pear\napple\n',
    stdout: '42\napple\npear\n',
  },
  {
    name: 'an error that nobody catches',
    code: "function broken() { throw new TypeError('no such thing'); }\nconsole.log('before');\nbroken();",
    stdout: 'before\n',
    stderr: /TypeError: no such thing[\s\S]*main\.js:1/,
    exitCode: 1,
  },
  {
    name: 'a rejection that nobody handles',
    code: "Promise.reject(new Error('unhandled')); setTimeout(() => console.log('not reached'), 5000);",
    stdout: '',
    stderr: /error: unhandled/,
    exitCode: 1,
  },
  {
    name: 'process.exit in the middle, after exit handlers',
    code: "process.on('exit', (code) => console.log('leaving', code)); console.log('a'); process.exit(3); console.log('b');",
    stdout: 'a\nleaving 3\n',
    exitCode: 3,
  },
];

const TYPESCRIPT: readonly Case[] = [
  {
    name: 'types, generics, enums and classes',
    code: `
      enum Color { Red = 'red', Blue = 'blue' }
      interface Shape { readonly area: number; color?: Color }
      class Square implements Shape {
        constructor(private readonly side: number, public color: Color = Color.Blue) {}
        get area(): number { return this.side ** 2; }
      }
      const largest = <T extends Shape>(shapes: readonly T[]): T | undefined =>
        shapes.toSorted((a, b) => b.area - a.area).at(0);
      const found = largest([new Square(2), new Square(3, Color.Red)]);
      console.log(found?.area satisfies number | undefined, found!.color as string);`,
    stdout: '9 red\n',
  },
  {
    name: 'top-level await, imports of types and of files',
    code: `
      import type { Stats } from 'node:fs';
      import { stat, writeFile } from 'node:fs/promises';
      await writeFile('helper.ts', 'export const twice = (n: number): number => n * 2;');
      const { twice } = await import('./helper.ts');
      const stats: Stats = await stat('helper.ts');
      console.log(twice(21), stats.isFile(), import.meta.main);`,
    stdout: '42 true true\n',
  },
  {
    name: 'an error with its place in the source',
    code: "type Id = string;\nconst fail = (id: Id): never => { throw new RangeError(`no x`); };\nfail('x');",
    stdout: '',
    stderr: /RangeError: no x[\s\S]*main\.ts:2/,
    exitCode: 1,
  },
];

const PYTHON: readonly Case[] = [
  {
    name: 'recursion, generators, comprehensions',
    code: `
from functools import lru_cache
@lru_cache(maxsize=None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
def permutations(items):
    if not items: yield []
    for i, item in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]): yield [item, *rest]
print(fib(90), sum(1 for _ in permutations([1, 2, 3, 4])), {n: n ** 2 for n in range(3)})`,
    stdout: '2880067194370816120 24 {0: 0, 1: 1, 2: 4}\n',
  },
  {
    name: 'the standard library, JSON, regular expressions, Unicode',
    code: `
import collections, dataclasses, datetime, decimal, json, re, statistics, unicodedata
@dataclasses.dataclass
class Point:
    x: int
    y: int = 2
text = json.loads('{"t": "naïve café 日本語 🦊"}')['t']
print(re.findall(r'\\w+', text), len(text), unicodedata.normalize('NFD', 'é').encode())
print(Point(1), collections.Counter('hello').most_common(1), statistics.median([3, 1, 2]))
print(decimal.Decimal('0.1') + decimal.Decimal('0.2'), datetime.date(2024, 2, 29).isoformat())`,
    stdout:
      "['naïve', 'café', '日本語'] 16 b'e\\xcc\\x81'\n" + "Point(x=1, y=2) [('l', 2)] 2\n0.3 2024-02-29\n",
  },
  {
    name: 'being the main module, with input, arguments and files',
    code: `
import os, sys
def main():
    name = input('name? ')
    with open('note.txt', 'w') as note: note.write(name)
    print(name.upper(), sys.stdin.read().split(), sys.argv, os.path.basename(__file__), sorted(os.listdir()))
if __name__ == '__main__': main()`,
    stdin: 'ada\nrest of it\n',
    stdout: "name? ADA ['rest', 'of', 'it'] ['main.py'] main.py ['main.py', 'note.txt']\n",
  },
  {
    name: 'async, threads and child processes',
    code: `
import asyncio, multiprocessing, subprocess, threading
def square(n): return n * n
async def slow(n):
    await asyncio.sleep(0.01 * n)
    return n
async def gather(): return await asyncio.gather(*(slow(n) for n in (3, 1, 2)))
if __name__ == '__main__':
    print(asyncio.run(gather()))
    done = []
    threads = [threading.Thread(target=done.append, args=(n,)) for n in range(3)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(sorted(done), subprocess.run(['echo', 'child'], capture_output=True, text=True).stdout.strip())
    with multiprocessing.Pool(2) as pool: print(pool.map(square, [1, 2, 3]))`,
    stdout: '[3, 1, 2]\n[0, 1, 2] child\n[1, 4, 9]\n',
  },
  {
    name: 'an error that nobody catches, as python3 itself shows it',
    code: "def broken():\n    raise ValueError('no such thing')\nprint('before')\nbroken()",
    stdout: 'before\n',
    stderr:
      /^Traceback \(most recent call last\):\n {2}File ".*main\.py", line 4, in <module>\n {4}broken\(\)\n {2}File ".*main\.py", line 2, in broken\n {4}raise ValueError\('no such thing'\)\nValueError: no such thing\n$/,
    exitCode: 1,
  },
  {
    name: 'sys.exit with a message, after atexit handlers',
    code: "import atexit, sys\natexit.register(print, 'leaving')\nsys.exit('sorry')",
    stdout: 'leaving\n',
    stderr: /^sorry\n$/,
    exitCode: 1,
  },
  {
    name: 'a syntax error',
    code: 'print("never")\nif True print(1)',
    stdout: '',
    stderr: /File ".*main\.py", line 2[\s\S]*SyntaxError/,
    exitCode: 1,
  },
];

const BASH: readonly Case[] = [
  {
    name: 'functions, recursion, arrays and arithmetic',
    code: `
fact() { (($1 < 2)) && echo 1 || echo $(($1 * $(fact $(($1 - 1))))); }
declare -A color=([sky]=blue [grass]=green)
names=(one "two words" three)
printf '%s|' "$(fact 10)" "\${color[sky]}" "\${#names[@]}" "\${names[1]}"; echo`,
    stdout: '3628800|blue|3|two words|\n',
  },
  {
    name: 'pipes, here documents, regular expressions and Unicode',
    code: `
sort <<'END' | sed -E 's/([a-zé]+) ([0-9]+)/\\2 \\1/' | awk '{ n += $1 } END { print NR, n }'
café 3
thé 4
END
[[ 'naïve 日本' =~ ([^ ]+)\\ (.+) ]] && echo "\${BASH_REMATCH[2]} \${#BASH_REMATCH[2]}"`,
    stdout: '2 7\n日本 2\n',
  },
  {
    name: 'standard input, redirection to /dev/stderr, traps and exit status',
    code: `
trap 'echo leaving' EXIT
while read -r line; do echo "got $line"; done
echo problem > /dev/stderr
exit 5`,
    stdin: 'a\nb\n',
    stdout: 'got a\ngot b\nleaving\n',
    stderr: /^problem\n$/,
    exitCode: 5,
  },
  {
    name: 'an unknown command',
    code: 'set -e\necho before\nno-such-command\necho after',
    stdout: 'before\n',
    stderr: /line 3: no-such-command: command not found/,
    exitCode: 127,
  },
];

describe.each([
  ['javascript', JAVASCRIPT],
  ['typescript', TYPESCRIPT],
  ['python', PYTHON],
  ['bash', BASH],
] as const)('%s', (language, cases) => {
  for (const { name, code, stdout, exitCode = 0, stderr = /^$/, stdin = '' } of cases) {
    it(name, async () => {
      const { status, body } = await service.run({ language, code, stdin });
      expect(status).toBe(200);
      expect(body).toMatchObject({ stdout, exitCode, signal: null, truncated: false });
      expect(String(body['stderr'])).toMatch(stderr);
    }, 60_000);
  }
});

describe('an alias', () => {
  it.each(['js', 'ts', 'py', 'python3', 'sh', 'Bash'])('%s names its language', async (language) => {
    const { status } = await service.run({ language, code: '' });
    expect(status).toBe(200);
  });
});
