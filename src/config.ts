/** The service's settings: read from the environment and a file once, checked, and then only passed on. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type Setting } from './config/setting.ts';
import { type LOG_LEVELS, SETTINGS } from './config/settings.ts';
import { type Environment, readSources } from './config/sources.ts';

export { ConfigError } from './config/setting.ts';

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
  /** Whether the guest that others are forked from runs the corpus, too. */
  readonly warmUp: 'full' | 'short';
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

export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * The settings of this process. Says on standard error what is likely a slip.
 * @throws {ConfigError} For a value or a settings file that cannot be used.
 */
export function loadConfig(environment: Environment = process.env): Config {
  const { values, places, warnings } = readSources(environment);
  for (const warning of warnings) console.error(`codeland: ${warning}`);
  try {
    return readConfig(values);
  } catch (error) {
    const place = error instanceof ConfigError && error.setting && places.get(error.setting);
    throw place ? new ConfigError(`${error.message} (${place})`, error.setting) : error;
  }
}

/**
 * Reads the settings.
 * @param uid Who runs this.
 * @throws {ConfigError} For a value of the wrong form.
 */
export function readConfig(environment: Environment, uid = process.getuid?.()): Config {
  const read = <T>({ name, read }: Setting<T>): T => read(environment[name]?.trim() || undefined);
  const host = read(SETTINGS.host);
  const auth = read(SETTINGS.auth);
  if (auth === 'none' && !isLoopback(host)) {
    throw new ConfigError(
      `CODELAND_AUTH is "none", so CODELAND_HOST must be a loopback address, not "${host}"`,
      SETTINGS.host.name,
    );
  }
  const target = read(SETTINGS.poolSize);
  const maxGuests = read(SETTINGS.maxGuests) ?? target + SPARE_GUESTS;
  atMost(SETTINGS.poolSize, target, SETTINGS.maxGuests, maxGuests);
  const postMortem = { minutes: read(SETTINGS.keepFailedMinutes), most: read(SETTINGS.keepFailedMost) };
  // What is kept must not take the room of the pool: then nothing would run any more.
  if (postMortem.minutes > 0) leaveRoom(postMortem.most, target, maxGuests);
  const maxWaitSeconds = read(SETTINGS.maxWaitSeconds);
  const defaultWaitSeconds = read(SETTINGS.waitSeconds);
  atMost(SETTINGS.waitSeconds, defaultWaitSeconds, SETTINGS.maxWaitSeconds, maxWaitSeconds);
  const maxSeconds = read(SETTINGS.maxSeconds);
  return {
    home: read(SETTINGS.home) ?? defaultHome(uid),
    host,
    port: read(SETTINGS.port),
    key: read(SETTINGS.key),
    auth,
    metrics: read(SETTINGS.metrics),
    logLevel: read(SETTINGS.logLevel),
    idempotencyHours: read(SETTINGS.idempotencyHours),
    accelerator: read(SETTINGS.accelerator),
    warmUp: read(SETTINGS.warmUp),
    pool: {
      target,
      maxGuests,
      refillWorkers: read(SETTINGS.refillWorkers),
      memoryReserveBytes: read(SETTINGS.memoryReserveMib) * 2 ** 20,
      queueLimit: read(SETTINGS.queueLimit),
    },
    limits: {
      defaultSeconds: Math.min(DEFAULT_SECONDS, maxSeconds),
      maxSeconds,
      bodyBytes: read(SETTINGS.bodyLimitBytes),
      outputBytes: read(SETTINGS.outputLimitBytes),
      defaultWaitSeconds,
      maxWaitSeconds,
      idleSeconds: read(SETTINGS.idleSeconds),
      maxAgeSeconds: read(SETTINGS.maxAgeSeconds),
      runsPerRunner: read(SETTINGS.runsPerRunner),
    },
    egress: {
      isOn: mayEgress(read(SETTINGS.egress), uid),
      resolvers: read(SETTINGS.egressResolvers),
    },
    onStop: read(SETTINGS.onStop),
    rebake: read(SETTINGS.rebake),
    checkHours: read(SETTINGS.checkHours),
    postMortem,
  };
}

/** Guests beyond the ready ones that there may be when nothing says so. */
const SPARE_GUESTS = 16;
/** Run time of a request that does not say, seconds. */
const DEFAULT_SECONDS = 60;

function atMost(lower: Setting<unknown>, low: number, upper: Setting<unknown>, high: number): void {
  if (low <= high) return;
  throw new ConfigError(
    `${lower.name} is ${low} and ${upper.name} is ${high}; ${lower.name} must not be above ${upper.name}`,
    lower.name,
  );
}

function leaveRoom(most: number, target: number, maxGuests: number): void {
  if (most + target <= maxGuests) return;
  const [kept, pool, all] = [SETTINGS.keepFailedMost, SETTINGS.poolSize, SETTINGS.maxGuests].map(
    ({ name }) => name,
  );
  const fix = `${all} is ${maxGuests} and must not be below both together`;
  throw new ConfigError(`${kept} is ${most} and ${pool} is ${target}; ${fix}`, kept);
}

const defaultHome = (uid: number | undefined) =>
  uid === 0 ? '/var/lib/codeland' : join(homedir(), '.local/share/codeland');

function mayEgress(given: 'off' | 'on', uid: number | undefined): boolean {
  if (given === 'off' || uid === 0) return given === 'on';
  throw new ConfigError(
    'CODELAND_EGRESS is "on", which only root can do: run as root, or leave it off',
    SETTINGS.egress.name,
  );
}

/** Whether only processes on this machine reach a server that listens on this address. */
const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
