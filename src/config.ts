/** The service's settings: read from the environment once, checked, and then only passed on. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export type Config = {
  /** Data folder: image, templates, guests' sockets, key. */
  readonly home: string;
  readonly host: string;
  readonly port: number;
  /** Bearer key given by the operator; without one, a generated key is kept in the data folder. */
  readonly key: string | undefined;
  readonly accelerator: 'auto' | 'kvm' | 'tcg';
  readonly pool: PoolConfig;
  readonly limits: LimitsConfig;
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
};

export type LimitsConfig = {
  /** Default and longest run time, whole seconds. */
  readonly defaultSeconds: number;
  readonly maxSeconds: number;
  readonly bodyBytes: number;
  readonly outputBytes: number;
};

/** A setting that cannot be used. Names the variable and what it may be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings.
 * @throws {ConfigError} For a value of the wrong form.
 */
export function readConfig(environment: Environment): Config {
  const text = (name: string) => environment[name]?.trim() || undefined;
  const integer = (name: string, fallback: number, min: number, max: number) => {
    const given = text(name);
    if (given === undefined) return fallback;
    const value = Number(given);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new ConfigError(`${name} is "${given}"; it must be a whole number from ${min} to ${max}`);
  };
  const maxSeconds = integer('CODELAND_MAX_SECONDS', 300, 1, 86_400);
  const target = integer('CODELAND_POOL_SIZE', 4, 1, 1000);
  return {
    home: readHome(text('CODELAND_HOME')),
    host: text('CODELAND_HOST') ?? '127.0.0.1',
    port: integer('CODELAND_PORT', 8420, 0, 65_535),
    key: readKey(text('CODELAND_KEY')),
    accelerator: readAccelerator(text('CODELAND_ACCELERATOR')),
    pool: {
      target,
      maxGuests: integer('CODELAND_MAX_GUESTS', target + 16, target, 10_000),
      refillWorkers: integer('CODELAND_REFILL_WORKERS', 2, 1, 64),
      memoryReserveBytes: integer('CODELAND_MEMORY_RESERVE_MIB', 512, 0, 1 << 20) * 2 ** 20,
    },
    limits: {
      defaultSeconds: Math.min(60, maxSeconds),
      maxSeconds,
      bodyBytes: integer('CODELAND_BODY_LIMIT_BYTES', 4 << 20, 1024, 32 << 20),
      outputBytes: integer('CODELAND_OUTPUT_LIMIT_BYTES', 1 << 20, 1024, 64 << 20),
    },
  };
}

function readHome(given: string | undefined): string {
  if (given === undefined) {
    return process.getuid?.() === 0 ? '/var/lib/codeland' : join(homedir(), '.local/share/codeland');
  }
  if (isAbsolute(given)) return given;
  throw new ConfigError(`CODELAND_HOME is "${given}"; it must be an absolute path`);
}

const SHORTEST_KEY = 16;

function readKey(given: string | undefined): string | undefined {
  if (given === undefined || /^[\x21-\x7e]{16,256}$/.test(given)) return given;
  throw new ConfigError(`CODELAND_KEY must have ${SHORTEST_KEY} to 256 printable characters without blanks`);
}

function readAccelerator(given: string | undefined): Config['accelerator'] {
  if (given === undefined) return 'auto';
  if (given === 'auto' || given === 'kvm' || given === 'tcg') return given;
  throw new ConfigError(`CODELAND_ACCELERATOR is "${given}"; it must be auto, kvm or tcg`);
}
