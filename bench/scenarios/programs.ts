/** Richer programs that no warm-up of a guest has, each beside the same program on this host's own interpreter. */
import { type Bench, find, startServer } from '../lib/bench.ts';
import { checkOutput } from '../lib/client.ts';
import { HELLO_OUTPUT, hello } from '../lib/hello.ts';
import { type Measured, measure, type Side } from '../lib/rounds.ts';
import { readUnseen, type UnseenProgram } from '../programs/programs.ts';

const POOL = 4;

/** What runs a language on this host. */
const NATIVE = { javascript: 'node', typescript: 'bun', python: 'python3', bash: 'bash' } as const;

export type ProgramsResult = {
  readonly rounds: number;
  readonly programs: readonly Pick<UnseenProgram, 'name' | 'language'>[];
  /** Sides are a program's name, the same with {@link NATIVE_SUFFIX}, and `node` for its hello world. */
  readonly measured: Measured;
};

export const NATIVE_SUFFIX = ' native';

export async function programs(bench: Bench): Promise<ProgramsResult> {
  const { isQuick, random, signal, onError } = bench;
  const unseen = await readUnseen();
  await using server = await startServer(bench, POOL);
  const idle = () => server.untilIdle(signal);
  const sides = unseen.flatMap((program): Side[] => {
    const { name, stdout, language } = program;
    const ours: Side = {
      id: name,
      prepare: idle,
      run: async () => (await server.client.run(program, stdout)).ms,
    };
    const native = find(bench, NATIVE[language]);
    if (!native?.languages.includes(language)) return [ours];
    const run = async () => {
      const began = performance.now();
      const printed = await native.run(program);
      const took = performance.now() - began;
      checkOutput(printed, stdout, `${name} on ${native.id}`);
      return took;
    };
    return [ours, { id: `${name}${NATIVE_SUFFIX}`, prepare: idle, run }];
  });
  const node = find(bench, 'node');
  if (node) {
    const run = async () => {
      const began = performance.now();
      const printed = await node.run(hello('javascript'));
      const took = performance.now() - began;
      checkOutput(printed, HELLO_OUTPUT, node.id);
      return took;
    };
    sides.push({ id: 'node', prepare: idle, run });
  }
  const rounds = isQuick ? 1 : 8;
  const measured = await measure({ rounds, sides, random, signal, onError });
  return { rounds, programs: unseen.map(({ name, language }) => ({ name, language })), measured };
}
