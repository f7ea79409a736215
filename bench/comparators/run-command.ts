/** One process from its start to its end, as a caller has to have it: its output whole, and how it ended. */
import { bareEnvironment } from '../../src/lib/child-environment.ts';

export type Ran = {
  readonly stdout: string;
  /** User and system CPU time as the kernel gives it to who waits for it (wait4(2)), ms. */
  readonly cpuMs: number | undefined;
};

export type RunCommandOptions = {
  readonly cwd: string;
  /** Kills it. */
  readonly signal: AbortSignal;
};

const MICROS_PER_MS = 1000;

/**
 * Runs a command, by `vfork` and with nothing between it and this process.
 * @throws {Error} When it cannot be started or does not end well, with what it wrote to stderr.
 */
export async function runCommand(
  command: readonly string[],
  { cwd, signal }: RunCommandOptions,
): Promise<Ran> {
  const child = Bun.spawn([...command], {
    cwd,
    env: bareEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr, status] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  signal.throwIfAborted();
  if (status !== 0) throw new Error(`${command[0]} ended with status ${status}: ${stderr.trim()}`);
  const micros = child.resourceUsage()?.cpuTime.total;
  return { stdout, cpuMs: micros === undefined ? undefined : Number(micros) / MICROS_PER_MS };
}
