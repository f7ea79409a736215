/** The service's settings: read from the environment once, checked, and then only passed on. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isUsableNameServer } from './network/name-servers.ts';

export type Config = {
  /** Data folder: image, templates, guests' sockets, key. */
  readonly home: string;
  readonly host: string;
  readonly port: number;
  /** Bearer key given by the operator; without one, a generated key is kept in the data folder. */
  readonly key: string | undefined;
  /** Whether requests need a key. Without keys the server listens on loopback only. */
  readonly auth: 'keys' | 'none';
  /** Who may read the metrics: processes on this machine, or anybody who reaches the port. */
  readonly metrics: 'loopback' | 'open';
  readonly logLevel: LogLevel;
  /** How long the answer under an `Idempotency-Key` is kept, hours. */
  readonly idempotencyHours: number;
  readonly accelerator: 'auto' | 'kvm' | 'tcg';
  readonly pool: PoolConfig;
  readonly limits: LimitsConfig;
  readonly egress: EgressConfig;
  /** What a stop does with the runners that stay: ends them, or leaves them to the next start. */
  readonly onStop: 'end' | 'keep';
  /** What a start does when no template fits this host: says why and ends, or bakes one. */
  readonly rebake: 'off' | 'auto';
  /** How often the files of image and template are checked, hours; 0: at the start only. */
  readonly checkHours: number;
  readonly postMortem: PostMortemConfig;
};

export type PostMortemConfig = {
  /** How long a guest whose run failed is kept for the operator, minutes; 0: not at all. */
  readonly minutes: number;
  /** Guests that are kept at once at most. */
  readonly most: number;
};

export type PoolConfig = {
  /** Ready guests that the pool keeps. */
  readonly target: number;
  /** Guests at most: ready, being restored, and in use together. */
  readonly maxGuests: number;
  /** Restores under way at once. */
  readonly refillWorkers: number;
  /** Host memory that must stay available for a restore to begin, bytes. */
  readonly memoryReserveBytes: number;
  /** Requests that may wait for a guest at once. */
  readonly queueLimit: number;
};

export type LimitsConfig = {
  /** Default and longest run time, whole seconds. */
  readonly defaultSeconds: number;
  readonly maxSeconds: number;
  readonly bodyBytes: number;
  readonly outputBytes: number;
  /** How long a request waits for a guest when it does not say, and at most, whole seconds. */
  readonly defaultWaitSeconds: number;
  readonly maxWaitSeconds: number;
  /** A persistent runner's life without a run, and in all, whole seconds: the default, and the most one may ask. */
  readonly idleSeconds: number;
  readonly maxAgeSeconds: number;
  /** Runs under way on one persistent runner at most. */
  readonly runsPerRunner: number;
};

export type EgressConfig = {
  /** Whether a guest may be given a way out, where its key's policy says so. */
  readonly isOn: boolean;
  /** IPv4 addresses of the name servers that guests' questions go to; undefined: those of this host. */
  readonly resolvers: readonly string[] | undefined;
};

/** A timer of this runtime holds 2³¹ ms at most, which is a little more. */
const LONGEST_TIMER_SECONDS = 2_000_000;

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A setting that cannot be used. Names the variable and what it may be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings.
 * @param uid Who runs this.
 * @throws {ConfigError} For a value of the wrong form.
 */
export function readConfig(environment: Environment, uid = process.getuid?.()): Config {
  const text = (name: string) => environment[name]?.trim() || undefined;
  const integer = (name: string, fallback: number, min: number, max: number) => {
    const given = text(name);
    if (given === undefined) return fallback;
    const value = Number(given);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new ConfigError(`${name} is "${given}"; it must be a whole number from ${min} to ${max}`);
  };
  const oneOf = <const T extends readonly string[]>(
    name: string,
    fallback: T[number],
    known: T,
  ): T[number] => {
    const given = text(name);
    const found = given === undefined ? fallback : known.find((value) => value === given);
    if (found !== undefined) return found;
    throw new ConfigError(`${name} is "${given}"; it must be one of ${known.join(', ')}`);
  };
  const host = text('CODELAND_HOST') ?? '127.0.0.1';
  const auth = oneOf('CODELAND_AUTH', 'keys', ['keys', 'none']);
  if (auth === 'none' && !isLoopback(host)) {
    throw new ConfigError(
      `CODELAND_AUTH is "none", so CODELAND_HOST must be a loopback address, not "${host}"`,
    );
  }
  const maxWaitSeconds = integer('CODELAND_MAX_WAIT_SECONDS', 60, 0, 3600);
  const maxSeconds = integer('CODELAND_MAX_SECONDS', 300, 1, 86_400);
  const target = integer('CODELAND_POOL_SIZE', 4, 1, 1000);
  return {
    home: readHome(text('CODELAND_HOME'), uid),
    host,
    port: integer('CODELAND_PORT', 8420, 0, 65_535),
    key: readKey(text('CODELAND_KEY')),
    auth,
    metrics: oneOf('CODELAND_METRICS', 'loopback', ['loopback', 'open']),
    logLevel: oneOf('CODELAND_LOG_LEVEL', 'info', LOG_LEVELS),
    idempotencyHours: integer('CODELAND_IDEMPOTENCY_HOURS', 24, 1, 24 * 30),
    accelerator: oneOf('CODELAND_ACCELERATOR', 'auto', ['auto', 'kvm', 'tcg']),
    pool: {
      target,
      maxGuests: integer('CODELAND_MAX_GUESTS', target + 16, target, 10_000),
      refillWorkers: integer('CODELAND_REFILL_WORKERS', 2, 1, 64),
      memoryReserveBytes: integer('CODELAND_MEMORY_RESERVE_MIB', 512, 0, 1 << 20) * 2 ** 20,
      queueLimit: integer('CODELAND_QUEUE_LIMIT', 100, 0, 10_000),
    },
    limits: {
      defaultSeconds: Math.min(60, maxSeconds),
      maxSeconds,
      bodyBytes: integer('CODELAND_BODY_LIMIT_BYTES', 4 << 20, 1024, 32 << 20),
      outputBytes: integer('CODELAND_OUTPUT_LIMIT_BYTES', 1 << 20, 1024, 64 << 20),
      defaultWaitSeconds: integer('CODELAND_WAIT_SECONDS', 0, 0, maxWaitSeconds),
      maxWaitSeconds,
      idleSeconds: integer('CODELAND_IDLE_SECONDS', 900, 1, LONGEST_TIMER_SECONDS),
      maxAgeSeconds: integer('CODELAND_MAX_AGE_SECONDS', 86_400, 1, LONGEST_TIMER_SECONDS),
      runsPerRunner: integer('CODELAND_RUNS_PER_RUNNER', 8, 1, 64),
    },
    egress: {
      isOn: readEgress(oneOf('CODELAND_EGRESS', 'off', ['off', 'on']), uid),
      resolvers: readResolvers(text('CODELAND_EGRESS_RESOLVERS')),
    },
    onStop: oneOf('CODELAND_ON_STOP', 'end', ['end', 'keep']),
    rebake: oneOf('CODELAND_REBAKE', 'off', ['off', 'auto']),
    checkHours: integer('CODELAND_CHECK_HOURS', 24, 0, 24 * 30),
    postMortem: {
      minutes: integer('CODELAND_KEEP_FAILED_MINUTES', 0, 0, 24 * 60),
      most: integer('CODELAND_KEEP_FAILED_MOST', 4, 1, 100),
    },
  };
}

function readHome(given: string | undefined, uid: number | undefined): string {
  if (given === undefined) {
    return uid === 0 ? '/var/lib/codeland' : join(homedir(), '.local/share/codeland');
  }
  if (isAbsolute(given)) return given;
  throw new ConfigError(`CODELAND_HOME is "${given}"; it must be an absolute path`);
}

const SHORTEST_KEY = 16;

function readKey(given: string | undefined): string | undefined {
  if (given === undefined || /^[\x21-\x7e]{16,256}$/.test(given)) return given;
  throw new ConfigError(`CODELAND_KEY must have ${SHORTEST_KEY} to 256 printable characters without blanks`);
}

function readEgress(given: 'off' | 'on', uid: number | undefined): boolean {
  if (given === 'off' || uid === 0) return given === 'on';
  throw new ConfigError('CODELAND_EGRESS is "on", which only root can do: run as root, or leave it off');
}

const MOST_RESOLVERS = 8;

function readResolvers(given: string | undefined): readonly string[] | undefined {
  const addresses = given?.split(',').map((address) => address.trim());
  if (
    addresses === undefined ||
    (addresses.length <= MOST_RESOLVERS && addresses.every(isUsableNameServer))
  ) {
    return addresses;
  }
  throw new ConfigError(
    `CODELAND_EGRESS_RESOLVERS is "${given}"; it must be 1 to ${MOST_RESOLVERS} IPv4 addresses outside this host, with commas between them`,
  );
}

/** Whether only processes on this machine reach a server that listens on this address. */
const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
