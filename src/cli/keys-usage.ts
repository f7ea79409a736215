/** How `scripts/keys` is used, and what its options may be. */
import { parseCommandLine, UsageError } from './usage-error.ts';

export const HELP = `Makes, lists and revokes the keys of the API. What it changes counts at once, also while the server runs.

  scripts/keys create --name NAME [limits] [network] [--json]
      Makes a key and shows its secret, this one time.
        --requests-per-minute N   requests in a minute at most
        --concurrent-runners N    runners at once at most
        --cpu-seconds-per-day N   CPU seconds of its runners in a day of UTC at most
        --once-only               may not make runners that outlive a request
      Its runners have no network, unless the server has CODELAND_EGRESS=on and the key:
        --network egress          connections out by TCP and UDP, but never to the host, other guests, link-local,
                                  metadata and multicast addresses
        --allow CIDR[:PORTS]      reach this and whatever else is allowed, and nothing more; may be repeated;
                                  private ranges and TCP port 25 are reached only when they are named here
        --deny CIDR[:PORTS]       never reach this; may be repeated; wins over --allow
        --kib-per-second N        in each direction at most; default 10240
        --connections N           at once at most; default 64
      CIDR is IPv4, as 203.0.113.7 or 203.0.113.0/24; PORTS is 443 or 8000-8999.
  scripts/keys list [--json]
      Shows all keys, what they may do, and what they have used today. Secrets are not kept.
  scripts/keys revoke ID [--json]
      Makes a key invalid for good.

Exit status: 0 done, 1 not possible, 2 wrong usage.`;

const OPTIONS = {
  name: { type: 'string' },
  'requests-per-minute': { type: 'string' },
  'concurrent-runners': { type: 'string' },
  'cpu-seconds-per-day': { type: 'string' },
  'once-only': { type: 'boolean' },
  network: { type: 'string' },
  allow: { type: 'string', multiple: true },
  deny: { type: 'string', multiple: true },
  'kib-per-second': { type: 'string' },
  connections: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type Options = ReturnType<typeof parse>['values'];

/** @throws {UsageError} */
export const parse = (args: string[]) => parseCommandLine(args, OPTIONS);

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

type NumberFlag =
  | 'requests-per-minute'
  | 'concurrent-runners'
  | 'cpu-seconds-per-day'
  | 'kib-per-second'
  | 'connections';

/** @returns `null` for no limit. @throws {UsageError} */
export const readLimit = (options: Options, flag: NumberFlag): number | null =>
  readNumber(options, flag, LARGEST_LIMIT, ', or left out for no limit') ?? null;

/** A whole number from 1 on, if one is given. @throws {UsageError} */
export function readNumber(
  options: Options,
  flag: NumberFlag,
  largest: number,
  without = '',
): number | undefined {
  const given = options[flag];
  if (given === undefined) return undefined;
  const value = /^\d{1,10}$/.test(given) ? Number(given) : 0;
  if (value >= 1 && value <= largest) return value;
  throw new UsageError(`--${flag} is "${given}"; it must be a whole number from 1 to ${largest}${without}`);
}
