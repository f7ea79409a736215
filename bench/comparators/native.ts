/**
 * Programs of this host's interpreters, each started for its run: what a service does that trusts those who send it
 * code. Nothing that a run does not need is in the way: the interpreter's own program, a bare environment, the code as
 * an argument, output over pipes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComparatorFactory } from '../comparator.ts';
import { findInterpreter, type InterpreterName } from './interpreters.ts';
import { runCommand } from './run-command.ts';

const native =
  (name: InterpreterName): ComparatorFactory =>
  async ({ scratch, signal }) => {
    const interpreter = await findInterpreter(name);
    if (!interpreter) return { id: name, title: `native ${name}`, missing: `${name} is not installed` };
    const { path, flag, version, languages } = interpreter;
    // Programs may write files.
    const cwd = await mkdtemp(join(scratch, `${name}-`));
    let cpuMs: number | undefined;
    return {
      id: name,
      title: `native \`${name} ${flag}\` (${version})`,
      languages,
      run: async ({ code }) => {
        const ran = await runCommand([path, flag, code], { cwd, signal });
        cpuMs = ran.cpuMs;
        return ran.stdout;
      },
      cpuMs: () => cpuMs,
      [Symbol.asyncDispose]: () => rm(cwd, { recursive: true, force: true }),
    };
  };

export const nativeNode = native('node');
export const nativeBun = native('bun');
export const nativePython = native('python3');
export const nativeBash = native('bash');
