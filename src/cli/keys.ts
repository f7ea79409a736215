/** `scripts/keys`: makes, lists and revokes keys, also while the server runs. */
import { existsSync } from 'node:fs';
import { addKey, newSecret } from '../access/key.ts';
import { dayOf } from '../access/ledger.ts';
import { loadConfig } from '../config.ts';
import { shutOthersOut } from '../lib/posix.ts';
import { Database, databaseFile } from '../store/database.ts';
import { type KeyLimits, type KeyRecord, KeyTable } from '../store/keys.ts';
import { UsageTable } from '../store/usage.ts';
import { describeNetwork, jsonOfNetwork, readNetwork } from './keys-network.ts';
import { HELP, type Options, parse, readLimit, readName } from './keys-usage.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';

/** What was asked for cannot be done. */
class Refusal extends Error {}

type Command = {
  /** Options of this command besides `--json` and `--help`. */
  readonly options: readonly (keyof Options)[];
  readonly operands: readonly string[];
  /** May begin a data folder. */
  readonly isFirst?: boolean;
  /** Reads the command line. @returns What to do. @throws {UsageError} */
  readonly plan: (options: Options, operands: readonly string[]) => (database: Database) => void;
};

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  [
    'create',
    {
      options: [
        'name',
        'requests-per-minute',
        'concurrent-runners',
        'cpu-seconds-per-day',
        'once-only',
        'network',
        'allow',
        'deny',
        'kib-per-second',
        'connections',
      ],
      operands: [],
      isFirst: true,
      plan: create,
    },
  ],
  ['list', { options: [], operands: [], plan: list }],
  ['revoke', { options: [], operands: ['ID'], plan: revoke }],
]);

function main(args: string[]): 0 | 1 | 2 {
  try {
    const { values, positionals } = parse(args);
    const [name, ...operands] = positionals;
    if (values.help || name === 'help') {
      console.log(HELP);
      return 0;
    }
    const command = check(name, values, operands);
    const work = command.plan(values, operands);
    const { home } = loadConfig();
    if (!command.isFirst && !existsSync(databaseFile(home))) {
      const fix = 'CODELAND_HOME says where it is; scripts/up, or making a key, begins one';
      throw new Refusal(`there are no keys: ${home} is no data folder; ${fix}`);
    }
    using database = Database.open(home);
    work(database);
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    console.error(`codeland: ${error instanceof Error ? error.message : String(error)}`);
    if (isUsage) console.error('scripts/keys --help says how it is used');
    return isUsage ? 2 : 1;
  }
}

function check(name: string | undefined, options: Options, operands: readonly string[]): Command {
  const known = [...COMMANDS.keys()].join(', ');
  if (name === undefined) throw new UsageError(`no command is given; there are ${known}`);
  const command = COMMANDS.get(name);
  if (!command) throw new UsageError(`there is no command "${name}"; there are ${known}`);
  const allowed: readonly string[] = [...command.options, 'json', 'help'];
  const stray = Object.keys(options).find((option) => !allowed.includes(option));
  if (stray !== undefined) throw new UsageError(`--${stray} is not an option of "${name}"`);
  const missing = command.operands[operands.length];
  if (missing !== undefined) throw new UsageError(`"${name}" needs ${missing}; "scripts/keys list" shows it`);
  const extra = operands[command.operands.length];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one operand too many for "${name}"`);
  return command;
}

function create(options: Options): (database: Database) => void {
  const name = readName(options.name);
  const limits: KeyLimits = {
    requestsPerMinute: readLimit(options, 'requests-per-minute'),
    concurrentRunners: readLimit(options, 'concurrent-runners'),
    cpuSecondsPerDay: readLimit(options, 'cpu-seconds-per-day'),
    persistentRunners: options['once-only'] !== true,
  };
  const network = readNetwork(options);
  return (database) => {
    const keys = new KeyTable(database);
    const secret = newSecret();
    const key = database.transaction(() => {
      const other = keys.list().find((key) => key.name === name && key.revokedAt === null);
      if (other) {
        const fix = `give another --name, or first revoke it: scripts/keys revoke ${other.id}`;
        throw new Refusal(`the key ${other.id} is named "${name}" already; ${fix}`);
      }
      return addKey(keys, name, limits, secret, network);
    });
    if (options.json) {
      printJson({
        id: key.id,
        name,
        key: secret,
        limits,
        network: jsonOfNetwork(network),
        createdAt: isoTime(key.createdAt),
      });
      return;
    }
    console.log(`${key.id} "${name}": ${describe(limits)}; ${describeNetwork(network)}

  ${secret}

Keep it now: it is not shown again, only its digest is kept. Requests carry it as a header:
  Authorization: Bearer ${secret}`);
  };
}

function list(options: Options): (database: Database) => void {
  return (database) => {
    const keys = new KeyTable(database).list();
    const usage = new UsageTable(database).readAll(dayOf(Date.now()));
    const cpuSeconds = ({ id }: KeyRecord) => (usage.get(id) ?? 0) / 1000;
    if (options.json) {
      printJson(
        keys.map((key) => ({
          id: key.id,
          name: key.name,
          limits: key.limits,
          network: jsonOfNetwork(key.network),
          cpuSecondsToday: cpuSeconds(key),
          createdAt: isoTime(key.createdAt),
          lastUsedAt: isoTime(key.lastUsedAt),
          revokedAt: isoTime(key.revokedAt),
        })),
      );
    } else if (keys.length === 0) {
      console.log('There are no keys. This makes one: scripts/keys create --name NAME');
    } else {
      console.log(
        table(
          [
            { heading: 'ID' },
            { heading: 'NAME' },
            { heading: 'REQ/MIN', isFigure: true },
            { heading: 'RUNNERS', isFigure: true },
            { heading: 'CPU S TODAY', isFigure: true },
            { heading: 'PERSISTENT' },
            { heading: 'NETWORK' },
            { heading: 'CREATED' },
            { heading: 'LAST USED' },
            { heading: 'REVOKED' },
          ],
          keys.map((key) => [
            key.id,
            key.name,
            limit(key.limits.requestsPerMinute),
            limit(key.limits.concurrentRunners),
            `${cpuSeconds(key).toFixed(1)} / ${limit(key.limits.cpuSecondsPerDay)}`,
            key.limits.persistentRunners ? 'yes' : 'no',
            key.network.mode,
            time(key.createdAt),
            time(key.lastUsedAt),
            time(key.revokedAt),
          ]),
        ),
      );
      for (const { id, network, revokedAt } of keys) {
        if (network.mode === 'egress' && revokedAt === null)
          console.log(`${id}: ${describeNetwork(network)}`);
      }
      console.log('Times and days are those of UTC; "-" is no limit, or never.');
    }
  };
}

function revoke(options: Options, [id = '']: readonly string[]): (database: Database) => void {
  return (database) => {
    const keys = new KeyTable(database);
    const isNew = keys.revoke(id, Date.now());
    const key = keys.list().find((key) => key.id === id);
    if (!key) {
      const named = keys.list().find((key) => key.name === id && key.revokedAt === null);
      const fix = named ? `the one of this name is ${named.id}` : '"scripts/keys list" shows them';
      throw new Refusal(`no key has the id "${id}"; ${fix}`);
    }
    if (options.json) printJson({ id, name: key.name, revokedAt: isoTime(key.revokedAt) });
    else if (isNew) console.log(`${id} "${key.name}" is revoked: requests with it are refused from now on`);
    else console.log(`${id} "${key.name}" has been revoked before, on ${time(key.revokedAt)} UTC`);
  };
}

function describe(limits: KeyLimits): string {
  const { requestsPerMinute, concurrentRunners, cpuSecondsPerDay, persistentRunners } = limits;
  const parts = [
    requestsPerMinute !== null && `requests a minute: ${requestsPerMinute}`,
    concurrentRunners !== null && `runners at once: ${concurrentRunners}`,
    cpuSecondsPerDay !== null && `CPU seconds a day: ${cpuSecondsPerDay}`,
    !persistentRunners && 'no persistent runners',
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'no limits' : parts.join(', ');
}

const limit = (value: number | null) => (value === null ? '-' : String(value));
const isoTime = (at: number | null) => (at === null ? null : new Date(at).toISOString());
const time = (at: number | null) => isoTime(at)?.slice(0, 16).replace('T', ' ') ?? '-';

function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

shutOthersOut();
process.exitCode = main(process.argv.slice(2));
