/** The interpreters of this host that programs are run with natively. */
import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { bareEnvironment, findProgram } from '../../src/lib/child-environment.ts';
import type { BenchLanguage } from '../comparator.ts';

const execute = promisify(execFile);

export type InterpreterName = 'node' | 'bun' | 'python3' | 'bash';

export type Interpreter = {
  readonly name: InterpreterName;
  /** The program itself, never what a version manager puts in its place, which takes longer than many a program. */
  readonly path: string;
  /** As it says of itself. */
  readonly version: string;
  /** Has it run its next argument. */
  readonly flag: '-e' | '-c';
  readonly languages: readonly BenchLanguage[];
};

type Description = Pick<Interpreter, 'flag' | 'languages'> & {
  /** Where it is asked for; a name is looked for in the path. */
  readonly candidates: readonly string[];
  /** Prints where the program is, and its version. */
  readonly question: string;
};

const PRINT_ITSELF = 'console.log(process.execPath + "\\n" + (process.versions.bun ?? process.version))';

const DESCRIPTIONS: Readonly<Record<InterpreterName, Description>> = {
  node: { flag: '-e', languages: ['javascript'], candidates: ['node'], question: PRINT_ITSELF },
  // The very one that the project runs on, and this process.
  bun: {
    flag: '-e',
    languages: ['javascript', 'typescript'],
    candidates: [process.execPath],
    question: PRINT_ITSELF,
  },
  python3: {
    flag: '-c',
    languages: ['python'],
    // Debian's own is what the guests have too.
    candidates: ['/usr/bin/python3', 'python3'],
    question: 'import sys; print(sys.executable); print(sys.version.split()[0])',
  },
  bash: {
    flag: '-c',
    languages: ['bash'],
    candidates: ['bash'],
    // Its own variable has the name it was called by.
    question: 'readlink "/proc/$$/exe"; echo "$BASH_VERSION"',
  },
};

/** The interpreter of this name, or undefined when it is not installed. */
export async function findInterpreter(name: InterpreterName): Promise<Interpreter | undefined> {
  const { flag, languages, candidates, question } = DESCRIPTIONS[name];
  for (const candidate of candidates) {
    const found = await findProgram(candidate);
    if (found === undefined) continue;
    const { stdout } = await execute(found, [flag, question], { env: bareEnvironment() });
    const [path = found, version = ''] = stdout.trim().split('\n');
    return { name, path: await realpath(path), version, flag, languages };
  }
  return undefined;
}
