/** Keys made and revoked by the command that an operator uses, in a process of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRecord } from './http-client.ts';
import type { TestHome } from './test-home.ts';

export type NewKey = { readonly id: string; readonly key: string };

const SCRIPT = join(import.meta.dirname, '../../scripts/keys');

/** Runs `scripts/keys` on this data folder. */
export async function keysCommand(home: TestHome, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(SCRIPT, args, {
    env: { ...process.env, CODELAND_HOME: home.path },
  });
  return stdout;
}

/** Makes a key. `limits` are flags of the command, as `--concurrent-runners`, `2`. */
export async function createKey(home: TestHome, name: string, ...limits: readonly string[]): Promise<NewKey> {
  const answer: unknown = JSON.parse(await keysCommand(home, 'create', '--name', name, '--json', ...limits));
  if (!isRecord(answer) || typeof answer['id'] !== 'string' || typeof answer['key'] !== 'string') {
    throw new Error(
      `scripts/keys create answered something else: ${JSON.stringify(Object.keys(Object(answer)))}`,
    );
  }
  return { id: answer['id'], key: answer['key'] };
}

export const revokeKey = (home: TestHome, id: string): Promise<string> => keysCommand(home, 'revoke', id);
