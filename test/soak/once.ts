/** What clients do with throw-away runners: good programs in every language, and programs that misbehave on purpose. */
import { sleep } from '../../src/lib/deadline.ts';
import type { Load, Operation } from './load.ts';

const RUN = '/api/v1/runner/run';

/** Programs that print a word, which nobody else's program prints, and a sum. */
const LANGUAGES: Readonly<Record<string, (word: string, n: number) => string>> = {
  javascript: (word, n) =>
    `const squares = Array.from({ length: ${n} }, (_, i) => i * i);
     console.log('${word}', squares.reduce((a, b) => a + b, 0));`,
  typescript: (word, n) =>
    `type Sum = { readonly word: string; readonly sum: number };
     let sum = 0; for (let i = 0; i < ${n}; i += 1) sum += i * i;
     const found: Sum = { word: '${word}', sum }; console.log(found.word, found.sum);`,
  python: (word, n) => `print("${word}", sum(i * i for i in range(${n})))`,
  bash: (word, n) => `s=0; for ((i = 0; i < ${n}; i++)); do ((s += i * i)); done; echo ${word} $s`,
};

const sumOfSquares = (n: number): number => ((n - 1) * n * (2 * n - 1)) / 6;

const programs = Object.entries(LANGUAGES).map(
  ([language, text]): Operation => ({
    kind: `once.${language}`,
    weight: 10,
    run: async (load) => {
      const [word, n] = [load.random.word(), load.random.integer(10, 2000)];
      const body = { language, code: text(word, n) };
      const stdout = `${word} ${sumOfSquares(n)}\n`;
      await load.expect(
        { status: 200, stdout, stderr: '', exitCode: 0 },
        `${RUN}?wait=60`,
        { body },
        `once.${language}`,
      );
    },
  }),
);

type Misdeed = {
  readonly kind: string;
  readonly language: string;
  readonly code: string;
  readonly seconds: number;
  readonly answer: Readonly<Record<string, unknown>>;
};

const MISDEEDS: readonly Misdeed[] = [
  { kind: 'prints', language: 'bash', code: 'yes', seconds: 2, answer: { status: 498, truncated: true } },
  {
    kind: 'forks',
    language: 'bash',
    code: 'f() { f | f & }; f; wait; sleep 60',
    seconds: 3,
    answer: { status: 498, name: 'runnerTimedOut' },
  },
  {
    kind: 'eats-memory',
    language: 'python',
    code: 'data = []\nwhile True: data.append(bytearray(8 << 20))',
    seconds: 60,
    answer: { status: 200, exitCode: null, signal: 'SIGKILL', outOfMemory: true },
  },
  {
    kind: 'fills-disk',
    language: 'bash',
    code: 'dd if=/dev/zero of=fill bs=1M 2>&1 | grep -o "No space left on device"',
    seconds: 60,
    answer: { status: 200, stdout: 'No space left on device\n' },
  },
  {
    kind: 'hangs',
    language: 'bash',
    code: 'exec >&- 2>&-; sleep 60',
    seconds: 1,
    answer: { status: 498, stdout: '' },
  },
  {
    kind: 'crashes',
    language: 'bash',
    code: 'echo before; kill -SEGV $$',
    seconds: 60,
    answer: { status: 200, exitCode: null, signal: 'SIGSEGV', stdout: 'before\n' },
  },
];

const misdeeds = MISDEEDS.map(
  ({ kind, language, code, seconds, answer }): Operation => ({
    kind: `hostile.${kind}`,
    weight: 2,
    run: async (load) => {
      await load.expect(answer, `${RUN}?wait=60&time=${seconds}`, { body: { language, code } });
    },
  }),
);

/** A client that leaves while its program runs, or while it waits for a guest. */
const disconnect: Operation = {
  kind: 'disconnect',
  weight: 6,
  run: async (load) => {
    const leave = new AbortController();
    const body = { language: 'bash', code: 'sleep 30' };
    const answer = load.send(`${RUN}?wait=60`, { body, signal: leave.signal }).then(
      () => 'an answer',
      () => 'none',
    );
    await sleep(load.random.integer(0, 1500));
    leave.abort();
    load.check((await answer) === 'none', 'a program that sleeps for 30 s was answered at once');
  },
};

/** Twins at once, or one after the other: one run, and one answer for both. */
const retry: Operation = {
  kind: 'idempotent',
  weight: 4,
  run: async (load) => {
    const word = load.random.word();
    const call = {
      body: { language: 'bash', code: `echo ${word} $(cat /proc/sys/kernel/random/uuid)` },
      headers: { 'idempotency-key': `soak-${word}` },
    };
    const send = (): ReturnType<Load['send']> => load.expect({ status: 200 }, `${RUN}?wait=60`, call);
    const first = send();
    if (load.random.next() < 0.5) await first;
    const answers = await Promise.all([first, send()]);
    load.kept.push({ seconds: load.seconds, value: 1 });
    const [one, other] = answers.map(({ body }) => body['stdout']);
    load.check(
      one === other && String(one).startsWith(`${word} `),
      `twins got ${String(one)} and ${String(other)}`,
    );
    load.check(
      answers.some(({ headers }) => headers.get('idempotent-replayed') === 'true'),
      'neither of two twins is said to be a replay',
    );
  },
};

export const onceOperations: readonly Operation[] = [...programs, ...misdeeds, disconnect, retry];
