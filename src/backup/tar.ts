/** tar(1), which every Debian has. */
import { spawn } from 'node:child_process';
import { bareEnvironment } from '../lib/child-environment.ts';
import { BackupError } from './manifest.ts';

/** What is kept of its messages, characters. */
const TAIL = 2_000;

/** @throws {BackupError} When it fails; with what it says. */
export async function tar(args: readonly string[], signal?: AbortSignal): Promise<void> {
  const child = spawn('tar', args, {
    env: bareEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(signal && { signal }),
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-TAIL);
  });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject);
  child.on('close', resolve);
  const status = await promise;
  if (status !== 0) throw new BackupError(said.trim() || `tar ended with status ${status}`);
}
