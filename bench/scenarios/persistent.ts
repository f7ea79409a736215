/** Runs on a runner that stays: how soon they are answered, how many in a second, and how fast much data goes through. */
import { type Bench, startServer } from '../lib/bench.ts';
import { type Client, checkOutput } from '../lib/client.ts';
import { HELLO_OUTPUT, hello, LANGUAGES } from '../lib/hello.ts';
import { type Measured, measure, type Side } from '../lib/rounds.ts';

const POOL = 2;
const MEGABYTE = 1e6;
/** An answer keeps 64 MiB at most, so 100 MB come in two. */
const OUTPUT_LIMIT = 64 * 2 ** 20;
const OUTPUT_BYTES = 50 * MEGABYTE;
const OUTPUT_PROGRAM = `import sys
block = b'x' * ${MEGABYTE}
for _ in range(${OUTPUT_BYTES / MEGABYTE}):
    sys.stdout.buffer.write(block)
`;
const INPUT_PROGRAM = 'import sys; print(len(sys.stdin.read()))';

export type PersistentResult = {
  readonly rounds: number;
  /** Sides as {@link execSide} names them, `input` for a body of 1 MB, and `output` for 50 MB of output. */
  readonly measured: Measured;
  readonly outputBytes: number;
  /** Runs in a second by so many clients of one runner. */
  readonly throughput: readonly { readonly concurrency: number; readonly perSecond: number }[];
};

export const execSide = (language: (typeof LANGUAGES)[number]): string => `exec-${language}`;

export async function persistent(bench: Bench): Promise<PersistentResult> {
  const { isQuick, random, signal, onError } = bench;
  const settings = { CODELAND_OUTPUT_LIMIT_BYTES: String(OUTPUT_LIMIT) };
  await using server = await startServer(bench, POOL, settings);
  const { client } = server;
  const created = await client.send('POST', '/api/v1/runner/new', {});
  const path = `/api/v1/runner/run/${String(created.body['runner'])}`;
  const exec = LANGUAGES.map(
    (language): Side => ({
      id: execSide(language),
      run: async () => (await client.run(hello(language), HELLO_OUTPUT, { path })).ms,
    }),
  );
  const input: Side = { id: 'input', run: () => sendMuch(client, path) };
  const output: Side = { id: 'output', every: isQuick ? 5 : 10, run: () => printMuch(client, path) };
  // The first of each makes what later ones find: the interpreter's spares, threads, memory.
  await measure({ rounds: 1, sides: [...exec, input], random, signal, onError });
  const rounds = isQuick ? 10 : 100;
  const measured = await measure({ rounds, sides: [...exec, input, output], random, signal, onError });
  const throughput = [];
  for (const concurrency of [1, 4, 8]) {
    const perSecond = await countRuns(client, path, concurrency, isQuick ? 2 : 10, onError);
    throughput.push({ concurrency, perSecond });
  }
  return { rounds, measured, outputBytes: OUTPUT_BYTES, throughput };
}

async function sendMuch(client: Client, path: string): Promise<number> {
  const more = { stdin: 'x'.repeat(MEGABYTE) };
  const program = { language: 'python', code: INPUT_PROGRAM } as const;
  return (await client.run(program, `${MEGABYTE}\n`, { path, more })).ms;
}

async function printMuch(client: Client, path: string): Promise<number> {
  const { ms, body } = await client.send('POST', path, { language: 'python', code: OUTPUT_PROGRAM });
  const { stdout } = body;
  checkOutput(String(String(stdout).length), String(OUTPUT_BYTES), 'the length of 50 MB');
  return ms;
}

/** Runs of bash in a second: the language whose interpreter costs least, so that the path to it shows. */
async function countRuns(
  client: Client,
  path: string,
  concurrency: number,
  seconds: number,
  onError: Bench['onError'],
): Promise<number> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  let done = 0;
  const work = async () => {
    while (elapsed() < seconds) {
      await client.run(hello('bash'), HELLO_OUTPUT, { path });
      done += 1;
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: concurrency }, work));
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') onError(`${concurrency} clients of one runner`, outcome.reason);
  }
  return done / elapsed();
}
