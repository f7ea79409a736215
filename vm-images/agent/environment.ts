/** The environment of programs, and which programs a waiting interpreter cannot run as if started for them. */
import { normalize } from 'node:path';
import type { RunRequest } from '../../src/protocol/messages.ts';
import type { Language } from '../languages/language.ts';
import type { Settings } from './settings.ts';

/** The program that a waiting Bun was started with. */
export const BUN_ENTRY = 'main.js';

export type Environment = Readonly<Record<string, string>>;

/** What every program finds in its environment besides what its run asks for. */
export function defaultEnvironment({ user, home }: Settings): Environment {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: home,
    USER: user.name,
    LOGNAME: user.name,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  };
}

/** Variables that interpreters read only while they start. */
const READ_AT_START = /^(?:BUN_|NODE_|JSC_|PYTHON|LD_|MALLOC_|GLIBC_|LC_|LANG|FORCE_COLOR$|NO_COLOR$|DEBUG$)/;

/** Files that Bun reads only while it starts. */
const READ_BY_BUN_AT_START = /^(?:\.env.*|bunfig\.toml|package\.json|[jt]sconfig\.json|node_modules\/.*)$/;

/**
 * Whether a program must have an interpreter of its own, started for it, to behave as it should.
 * @param isEntryFree Whether a waiting Bun can be led from its entry to a program of another name.
 */
export function needsFreshInterpreter(
  request: RunRequest,
  language: Language,
  isEntryFree: () => boolean,
): boolean {
  if (language.zygote === 'launcher') return false;
  if (Object.keys(request.env).some((name) => READ_AT_START.test(name))) return true;
  if (language.zygote === 'python') return false;
  const files = Object.keys(request.files).map((path) => normalize(path));
  if (files.some((path) => READ_BY_BUN_AT_START.test(path))) return true;
  return language.fileName !== BUN_ENTRY && (files.includes(BUN_ENTRY) || !isEntryFree());
}

/** Names that a shell can assign and that are not the shell's own. */
const ASSIGNABLE =
  /^(?!(?:BASH|SHELLOPTS$|UID$|EUID$|PPID$|IFS$|PS4$|ENV$|CDPATH$|POSIXLY_CORRECT$))[A-Za-z_][A-Za-z0-9_]*$/;

/** What the launcher is to export on top of `defaults`, and the command that then has the environment of a run. */
export function launcherOrder(
  command: readonly string[],
  env: Environment,
  defaults: Environment,
): { exports: readonly string[]; command: readonly string[] } {
  const pairs = Object.entries(env);
  if (pairs.every(([name]) => ASSIGNABLE.test(name)))
    return { exports: pairs.map(([name, value]) => `${name}=${value}`), command };
  const all = Object.entries({ ...defaults, ...env }).map(([name, value]) => `${name}=${value}`);
  return { exports: [], command: ['/usr/bin/env', '-i', ...all, ...command] };
}
