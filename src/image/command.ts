/** Runs the build's helper programs. */
import { spawn } from 'node:child_process';
import { environmentWithoutSettings } from '../lib/child-environment.ts';
import { CommandFailedError } from './errors.ts';

const TAIL_CHARACTERS = 4000;

export type CommandOptions = {
  readonly cwd?: string;
  /** Added to this process's environment, of which the service's own settings are left out. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Is given each whole line of standard error. */
  readonly onLine?: (line: string) => void;
};

/**
 * Runs a program to its end and returns its standard output as text.
 * @throws {CommandFailedError} When it cannot start or exits with another status than 0; the message carries
 *   the end of its standard error.
 * @throws The signal's reason when `signal` aborts; the program is killed first.
 */
export async function runCommand(
  command: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<string> {
  options.signal?.throwIfAborted();
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: options.cwd,
    // LC_ALL: sort orders and messages must not depend on who builds.
    env: { ...environmentWithoutSettings(), LC_ALL: 'C.UTF-8', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  // The whole process group: mmdebstrap has children of its own, and they must not outlive a cancelled build.
  const kill = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  options.signal?.addEventListener('abort', kill, { once: true });
  try {
    return await outcome(command, child, options.onLine);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', kill);
  }
}

function outcome(
  command: readonly string[],
  child: ReturnType<typeof spawn>,
  onLine: ((line: string) => void) | undefined,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  let tail = '';
  let line = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARACTERS);
    const lines = (line + text).split('\n');
    line = lines.pop() ?? '';
    for (const whole of lines) onLine?.(whole);
  });
  child.on('error', (cause) => reject(new CommandFailedError(command, null, cause.message, { cause })));
  child.on('close', (status) => {
    if (status === 0) resolve(output);
    else reject(new CommandFailedError(command, status, tail.trim()));
  });
  return promise;
}
