/** Every setting of the service, in the manual's order: what reads it, and what the manual and the sample say of it. */
import { isAbsolute } from 'node:path';
import { isUsableNameServer } from '../network/name-servers.ts';
import { choice, integer, type Setting, setting } from './setting.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** A timer of this runtime holds 2³¹ ms at most, which is a little more. */
const LONGEST_TIMER_SECONDS = 2_000_000;
const MOST_RESOLVERS = 8;

const place = {
  home: setting(
    'CODELAND_HOME',
    {
      form: 'an absolute path',
      fallback: undefined,
      example: '/var/lib/codeland',
      parse: (given) => (isAbsolute(given) ? given : undefined),
    },
    {
      what: 'The data folder: image, templates, guests’ sockets, database, keys.',
      defaultInWords: '`/var/lib/codeland`; `~/.local/share/codeland` without root',
    },
  ),
  host: setting(
    'CODELAND_HOST',
    {
      form: 'an address of this machine or a name for one',
      fallback: '127.0.0.1',
      example: '127.0.0.1',
      parse: (given) => given,
    },
    { what: 'The address to listen on. There is no TLS: let a reverse proxy do it.' },
  ),
  port: integer(
    'CODELAND_PORT',
    { min: 0, max: 65_535, fallback: 8420 },
    { what: 'The port to listen on. 0 takes a free one.' },
  ),
};

const access = {
  key: setting(
    'CODELAND_KEY',
    {
      form: '16 to 256 printable characters without blanks',
      fallback: undefined,
      example: 'at-least-sixteen-characters',
      parse: (given) => (/^[\x21-\x7e]{16,256}$/.test(given) ? given : undefined),
      isSecret: true,
    },
    {
      what: 'A bearer key of your own, without limits, beside those of `scripts/keys`. A file that has it must be readable by its owner alone.',
      defaultInWords: 'none',
    },
  ),
  auth: choice('CODELAND_AUTH', ['keys', 'none'], 'keys', {
    what: '`none`: requests need no key, and `CODELAND_HOST` must be a loopback address.',
  }),
  idempotencyHours: integer(
    'CODELAND_IDEMPOTENCY_HOURS',
    { min: 1, max: 24 * 30, fallback: 24 },
    { what: 'How long the answer under an `Idempotency-Key` is kept, hours.' },
  ),
};

const pool = {
  poolSize: integer(
    'CODELAND_POOL_SIZE',
    { min: 1, max: 1000, fallback: 4 },
    { what: 'Guests that are kept ready. Each costs about 30 MiB of memory of its own.' },
  ),
  maxGuests: integer(
    'CODELAND_MAX_GUESTS',
    { min: 1, max: 10_000, fallback: undefined, example: 20 },
    {
      what: 'Guests at most: ready, being restored and in use together. Not below `CODELAND_POOL_SIZE`.',
      defaultInWords: '`CODELAND_POOL_SIZE` + 16',
    },
  ),
  refillWorkers: integer(
    'CODELAND_REFILL_WORKERS',
    { min: 1, max: 64, fallback: 2 },
    { what: 'Restores under way at once.' },
  ),
  memoryReserveMib: integer(
    'CODELAND_MEMORY_RESERVE_MIB',
    { min: 0, max: 1 << 20, fallback: 512 },
    { what: 'Host memory that must stay available for a restore to begin, MiB.' },
  ),
  queueLimit: integer(
    'CODELAND_QUEUE_LIMIT',
    { min: 0, max: 10_000, fallback: 100 },
    { what: 'Requests that may wait for a guest at once; more are answered 503.' },
  ),
  waitSeconds: integer(
    'CODELAND_WAIT_SECONDS',
    { min: 0, max: 3600, fallback: 0 },
    {
      what: 'How long a request waits for a guest when it does not say, seconds. Not above `CODELAND_MAX_WAIT_SECONDS`.',
    },
  ),
  maxWaitSeconds: integer(
    'CODELAND_MAX_WAIT_SECONDS',
    { min: 0, max: 3600, fallback: 60 },
    { what: 'The longest wait that a request may ask for, seconds.' },
  ),
  accelerator: choice('CODELAND_ACCELERATOR', ['auto', 'kvm', 'tcg'], 'auto', {
    what: '`auto`: KVM where a probe guest boots with it, else emulation (`tcg`).',
  }),
  warmUp: choice('CODELAND_WARM_UP', ['full', 'short'], 'full', {
    what: 'Under emulation: `full` has the guest that others are forked from run a collection of programs behind each start, half a minute of a processor and 200 MiB, so that programs find most of what they use translated. `short` leaves that out, for servers that live for minutes.',
  }),
};

const limits = {
  maxSeconds: integer(
    'CODELAND_MAX_SECONDS',
    { min: 1, max: 86_400, fallback: 300 },
    { what: 'The longest `time` that a run may ask for, seconds. A run that does not say has 60, or this.' },
  ),
  bodyLimitBytes: integer(
    'CODELAND_BODY_LIMIT_BYTES',
    { min: 1024, max: 32 << 20, fallback: 4 << 20 },
    { what: 'The largest request body, bytes.', defaultInWords: '`4194304` (4 MiB)' },
  ),
  outputLimitBytes: integer(
    'CODELAND_OUTPUT_LIMIT_BYTES',
    { min: 1024, max: 64 << 20, fallback: 1 << 20 },
    {
      what: 'Output that is kept of a run, bytes. What comes after is dropped, and `truncated` is set.',
      defaultInWords: '`1048576` (1 MiB)',
    },
  ),
  idleSeconds: integer(
    'CODELAND_IDLE_SECONDS',
    { min: 1, max: LONGEST_TIMER_SECONDS, fallback: 900 },
    {
      what: 'How long a persistent runner lives without a run, seconds; also the most that one may ask for.',
    },
  ),
  maxAgeSeconds: integer(
    'CODELAND_MAX_AGE_SECONDS',
    { min: 1, max: LONGEST_TIMER_SECONDS, fallback: 86_400 },
    { what: 'How long a persistent runner lives in all, seconds; also the most that one may ask for.' },
  ),
  runsPerRunner: integer(
    'CODELAND_RUNS_PER_RUNNER',
    { min: 1, max: 64, fallback: 8 },
    { what: 'Runs under way on one persistent runner at most.' },
  ),
};

const egress = {
  egress: choice('CODELAND_EGRESS', ['off', 'on'], 'off', {
    what: '`on`: runners of keys with `--network egress` get a way out. Needs root; sets `ip_forward`.',
  }),
  egressResolvers: setting(
    'CODELAND_EGRESS_RESOLVERS',
    {
      form: `1 to ${MOST_RESOLVERS} IPv4 addresses outside this host, with commas between them`,
      fallback: undefined,
      example: '9.9.9.9,1.1.1.1',
      parse: parseResolvers,
    },
    { what: 'The name servers that guests’ questions go to.', defaultInWords: 'those of this host' },
  ),
};

const operation = {
  onStop: choice('CODELAND_ON_STOP', ['end', 'keep'], 'end', {
    what: 'What SIGTERM does with persistent runners: `end` ends them, `keep` leaves them to the next start. `scripts/down` and SIGINT end them always.',
  }),
  rebake: choice('CODELAND_REBAKE', ['off', 'auto'], 'off', {
    what: 'What a start does when no template fits this host, as after an upgrade of QEMU: `off` says why and ends, `auto` bakes one.',
  }),
  checkHours: integer(
    'CODELAND_CHECK_HOURS',
    { min: 0, max: 24 * 30, fallback: 24 },
    { what: 'How often the files of image and templates are checked, hours. 0: at the start only.' },
  ),
  keepFailedMinutes: integer(
    'CODELAND_KEEP_FAILED_MINUTES',
    { min: 0, max: 24 * 60, fallback: 0 },
    {
      what: 'How long the guest of a one-shot run that timed out, ran out of memory, was ended by a signal or was lost is kept for `scripts/kept`, minutes. 0: not at all. Each such guest counts among `CODELAND_MAX_GUESTS`, and root of this host can see the files of the run.',
    },
  ),
  keepFailedMost: integer(
    'CODELAND_KEEP_FAILED_MOST',
    { min: 1, max: 100, fallback: 4 },
    {
      what: 'Guests that are kept so at once at most; the oldest goes first. Where any is kept, `CODELAND_MAX_GUESTS` must not be below this and `CODELAND_POOL_SIZE` together.',
    },
  ),
  metrics: choice('CODELAND_METRICS', ['loopback', 'open'], 'loopback', {
    what: '`open`: `/metrics` is answered to everybody who reaches the port, not only to processes on this machine.',
  }),
  logLevel: choice('CODELAND_LOG_LEVEL', LOG_LEVELS, 'info', {
    what: 'The lowest level that the log shows.',
  }),
};

/** The manual's chapters. */
export const SECTIONS: readonly {
  readonly title: string;
  readonly settings: readonly Setting<unknown>[];
}[] = [
  { title: 'Place', settings: Object.values(place) },
  { title: 'Access', settings: Object.values(access) },
  { title: 'Guests', settings: Object.values(pool) },
  { title: 'Limits', settings: Object.values(limits) },
  { title: 'Network of guests', settings: Object.values(egress) },
  { title: 'Operation', settings: Object.values(operation) },
];

export const SETTINGS = { ...place, ...access, ...pool, ...limits, ...egress, ...operation };

/** Names of all settings. */
export const SETTING_NAMES: readonly string[] = Object.values(SETTINGS).map(({ name }) => name);

function parseResolvers(given: string): readonly string[] | undefined {
  const addresses = given.split(',').map((address) => address.trim());
  return addresses.length <= MOST_RESOLVERS && addresses.every(isUsableNameServer) ? addresses : undefined;
}
