/** How `scripts/keys` is used, and what its options may be. */
import { parseArgs } from 'node:util';

export const HELP = `Makes, lists and revokes the keys of the API. What it changes counts at once, also while the server runs.

  scripts/keys create --name NAME [limits] [--json]
      Makes a key and shows its secret, this one time.
        --requests-per-minute N   requests in a minute at most
        --concurrent-runners N    runners at once at most
        --cpu-seconds-per-day N   CPU seconds of its runners in a day of UTC at most
        --once-only               may not make runners that outlive a request
  scripts/keys list [--json]
      Shows all keys, what they may do, and what they have used today. Secrets are not kept.
  scripts/keys revoke ID [--json]
      Makes a key invalid for good.

Exit status: 0 done, 1 not possible, 2 wrong usage.`;

/** Something about the command line. Names the option and what it may be. */
export class UsageError extends Error {}

const OPTIONS = {
  name: { type: 'string' },
  'requests-per-minute': { type: 'string' },
  'concurrent-runners': { type: 'string' },
  'cpu-seconds-per-day': { type: 'string' },
  'once-only': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type Options = ReturnType<typeof parse>['values'];

/** @throws {UsageError} */
export function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // What follows is about operands that begin with a dash.
    throw new UsageError(message.split(/\.?\s+To specify/)[0]?.replaceAll('\n', ' '));
  }
}

const RESERVED_NAMES = ['environment', 'local'];

/** @throws {UsageError} */
export function readName(given: string | undefined): string {
  if (given === undefined) throw new UsageError('--name is missing; it tells keys apart, as --name ci');
  if (!/^[\p{L}\p{N}](?:[\p{L}\p{N} ._@-]{0,62}[\p{L}\p{N}])?$/u.test(given)) {
    const form = '1 to 64 letters, digits, blanks and . _ @ - with a letter or digit at both ends';
    throw new UsageError(`--name is "${given}"; it must be ${form}`);
  }
  if (!RESERVED_NAMES.includes(given)) return given;
  throw new UsageError(
    `--name is "${given}", which is what the server calls others than its keys; give another`,
  );
}

const LARGEST_LIMIT = 1_000_000_000;

/** @throws {UsageError} */
export function readLimit(options: Options, flag: keyof Options): number | null {
  const given = options[flag];
  if (given === undefined) return null;
  const value = typeof given === 'string' && /^\d{1,10}$/.test(given) ? Number(given) : 0;
  if (value >= 1 && value <= LARGEST_LIMIT) return value;
  const form = `a whole number from 1 to ${LARGEST_LIMIT}`;
  throw new UsageError(`--${flag} is "${given}"; it must be ${form}, or left out for no limit`);
}
