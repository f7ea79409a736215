import { describe, expect, test } from 'bun:test';
import { type Config, ConfigError, readConfig } from '../../src/config.ts';
import { thrown } from '../support/failure.ts';

const MIB = 2 ** 20;

describe('the defaults', () => {
  const config = readConfig({});

  test('are those of the manual', () => {
    expect(config).toEqual({
      home: expect.stringMatching(/^\/.*codeland$/),
      host: '127.0.0.1',
      port: 8420,
      key: undefined,
      auth: 'keys',
      metrics: 'loopback',
      logLevel: 'info',
      idempotencyHours: 24,
      accelerator: 'auto',
      warmUp: 'full',
      pool: {
        target: 4,
        maxGuests: 20,
        refillWorkers: 2,
        memoryReserveBytes: 512 * MIB,
        queueLimit: 100,
      },
      limits: {
        defaultSeconds: 60,
        maxSeconds: 300,
        bodyBytes: 4 * MIB,
        outputBytes: MIB,
        defaultWaitSeconds: 0,
        maxWaitSeconds: 60,
        idleSeconds: 900,
        maxAgeSeconds: 86_400,
        runsPerRunner: 8,
      },
      egress: { isOn: false, resolvers: undefined },
      onStop: 'end',
      rebake: 'off',
      checkHours: 24,
      postMortem: { minutes: 0, most: 4 },
    });
  });

  test('stand for what is empty or blank', () => {
    expect(
      readConfig({ CODELAND_PORT: '', CODELAND_HOST: '  ', CODELAND_KEY: '', CODELAND_HOME: ' ' }),
    ).toEqual(config);
  });

  test('do not depend on other variables', () => {
    expect(readConfig({ PORT: '1', HOST: 'x', KEY: 'x' })).toEqual(config);
  });
});

describe('a variable sets', () => {
  const cases: readonly (readonly [string, string, (config: Config) => unknown, unknown])[] = [
    ['CODELAND_HOME', '/srv/codeland', ({ home }) => home, '/srv/codeland'],
    ['CODELAND_HOST', '0.0.0.0', ({ host }) => host, '0.0.0.0'],
    ['CODELAND_PORT', '0', ({ port }) => port, 0],
    ['CODELAND_PORT', ' 65535 ', ({ port }) => port, 65_535],
    ['CODELAND_KEY', 'sixteen-letters!', ({ key }) => key, 'sixteen-letters!'],
    ['CODELAND_KEY', 'x'.repeat(256), ({ key }) => key, 'x'.repeat(256)],
    ['CODELAND_ACCELERATOR', 'kvm', ({ accelerator }) => accelerator, 'kvm'],
    ['CODELAND_ACCELERATOR', 'tcg', ({ accelerator }) => accelerator, 'tcg'],
    ['CODELAND_ACCELERATOR', 'auto', ({ accelerator }) => accelerator, 'auto'],
    ['CODELAND_POOL_SIZE', '7', ({ pool }) => [pool.target, pool.maxGuests], [7, 23]],
    ['CODELAND_MAX_GUESTS', '4', ({ pool }) => pool.maxGuests, 4],
    ['CODELAND_REFILL_WORKERS', '1', ({ pool }) => pool.refillWorkers, 1],
    ['CODELAND_MEMORY_RESERVE_MIB', '0', ({ pool }) => pool.memoryReserveBytes, 0],
    ['CODELAND_MEMORY_RESERVE_MIB', '3', ({ pool }) => pool.memoryReserveBytes, 3 * MIB],
    ['CODELAND_MAX_SECONDS', '90', ({ limits }) => [limits.defaultSeconds, limits.maxSeconds], [60, 90]],
    ['CODELAND_MAX_SECONDS', '5', ({ limits }) => [limits.defaultSeconds, limits.maxSeconds], [5, 5]],
    ['CODELAND_BODY_LIMIT_BYTES', '1024', ({ limits }) => limits.bodyBytes, 1024],
    ['CODELAND_OUTPUT_LIMIT_BYTES', '2048', ({ limits }) => limits.outputBytes, 2048],
    ['CODELAND_AUTH', 'none', ({ auth }) => auth, 'none'],
    ['CODELAND_METRICS', 'open', ({ metrics }) => metrics, 'open'],
    ['CODELAND_LOG_LEVEL', 'warn', ({ logLevel }) => logLevel, 'warn'],
    ['CODELAND_IDEMPOTENCY_HOURS', '1', ({ idempotencyHours }) => idempotencyHours, 1],
    ['CODELAND_QUEUE_LIMIT', '0', ({ pool }) => pool.queueLimit, 0],
    ['CODELAND_WAIT_SECONDS', '5', ({ limits }) => limits.defaultWaitSeconds, 5],
    ['CODELAND_MAX_WAIT_SECONDS', '5', ({ limits }) => limits.maxWaitSeconds, 5],
    ['CODELAND_IDLE_SECONDS', '5', ({ limits }) => limits.idleSeconds, 5],
    ['CODELAND_MAX_AGE_SECONDS', '5', ({ limits }) => limits.maxAgeSeconds, 5],
    ['CODELAND_RUNS_PER_RUNNER', '1', ({ limits }) => limits.runsPerRunner, 1],
    ['CODELAND_EGRESS_RESOLVERS', '9.9.9.9', ({ egress }) => egress.resolvers, ['9.9.9.9']],
    [
      'CODELAND_EGRESS_RESOLVERS',
      '9.9.9.9 , 10.0.0.2',
      ({ egress }) => egress.resolvers,
      ['9.9.9.9', '10.0.0.2'],
    ],
  ];

  test.each(cases)('%s=%s', (name, value, pick, expected) => {
    expect(pick(readConfig({ [name]: value }))).toEqual(expected);
  });
});

describe('a value that cannot be used is refused by the name of its variable', () => {
  const integers: readonly (readonly [string, number, number])[] = [
    ['CODELAND_PORT', 0, 65_535],
    ['CODELAND_POOL_SIZE', 1, 1000],
    ['CODELAND_MAX_GUESTS', 4, 10_000],
    ['CODELAND_REFILL_WORKERS', 1, 64],
    ['CODELAND_MEMORY_RESERVE_MIB', 0, MIB],
    ['CODELAND_MAX_SECONDS', 1, 86_400],
    ['CODELAND_BODY_LIMIT_BYTES', 1024, 32 * MIB],
    ['CODELAND_OUTPUT_LIMIT_BYTES', 1024, 64 * MIB],
    ['CODELAND_IDEMPOTENCY_HOURS', 1, 720],
    ['CODELAND_QUEUE_LIMIT', 0, 10_000],
    ['CODELAND_WAIT_SECONDS', 0, 60],
    ['CODELAND_MAX_WAIT_SECONDS', 0, 3600],
    ['CODELAND_IDLE_SECONDS', 1, 2_000_000],
    ['CODELAND_MAX_AGE_SECONDS', 1, 2_000_000],
    ['CODELAND_RUNS_PER_RUNNER', 1, 64],
  ];

  test.each(integers)('%s must be from %d to %d', (name, min, max) => {
    for (const value of [min, max]) expect(() => readConfig({ [name]: String(value) })).not.toThrow();
    for (const value of [min - 1, max + 1, min + 0.5, 'x', 'NaN', 'Infinity', '1,5', '-']) {
      const error = thrown(() => readConfig({ [name]: String(value) }));
      expect(error).toBeInstanceOf(ConfigError);
      expect(error).toMatchObject({ message: expect.stringContaining(name) });
    }
  });

  test.each([
    ['CODELAND_HOME', 'relative/path'],
    ['CODELAND_HOME', '~/codeland'],
    ['CODELAND_KEY', 'x'.repeat(15)],
    ['CODELAND_KEY', 'x'.repeat(257)],
    ['CODELAND_KEY', 'a key with blanks in it'],
    ['CODELAND_KEY', 'sixteen-letters-ž'],
    ['CODELAND_ACCELERATOR', 'xen'],
    ['CODELAND_ACCELERATOR', 'KVM'],
    ['CODELAND_AUTH', 'off'],
    ['CODELAND_METRICS', 'everybody'],
    ['CODELAND_LOG_LEVEL', 'loud'],
    ['CODELAND_EGRESS', 'yes'],
    ['CODELAND_EGRESS_RESOLVERS', 'dns.example.org'],
    ['CODELAND_EGRESS_RESOLVERS', '9.9.9.9,'],
    ['CODELAND_EGRESS_RESOLVERS', '2001:db8::53'],
    ['CODELAND_EGRESS_RESOLVERS', '127.0.0.53'],
    ['CODELAND_EGRESS_RESOLVERS', Array(9).fill('9.9.9.9').join()],
  ])('%s=%s', (name, value) => {
    const error = thrown(() => readConfig({ [name]: value }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ message: expect.stringContaining(name) });
  });

  test('only root may give guests a way out', () => {
    expect(readConfig({ CODELAND_EGRESS: 'on' }, 0).egress.isOn).toBe(true);
    const error = thrown(() => readConfig({ CODELAND_EGRESS: 'on' }, 1000));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ message: expect.stringMatching(/CODELAND_EGRESS .* root/) });
    expect(readConfig({ CODELAND_EGRESS: 'off' }, 1000).egress.isOn).toBe(false);
  });

  test('a key is not shown', () => {
    const error = thrown(() => readConfig({ CODELAND_KEY: 'short-secret' }));
    expect(error).toMatchObject({ message: expect.not.stringContaining('short-secret') });
  });

  test('the pool may not be larger than the guests there may be', () => {
    const error = thrown(() => readConfig({ CODELAND_POOL_SIZE: '8', CODELAND_MAX_GUESTS: '7' }));
    expect(error).toMatchObject({ message: expect.stringContaining('CODELAND_MAX_GUESTS') });
  });

  test('guests that are kept leave the pool its room', () => {
    const tight = { CODELAND_POOL_SIZE: '8', CODELAND_MAX_GUESTS: '11' };
    const kept = { CODELAND_KEEP_FAILED_MINUTES: '1', CODELAND_KEEP_FAILED_MOST: '3' };
    expect(readConfig({ ...tight, ...kept }).postMortem).toEqual({ minutes: 1, most: 3 });
    const error = thrown(() => readConfig({ ...tight, ...kept, CODELAND_KEEP_FAILED_MOST: '4' }));
    expect(error).toMatchObject({ setting: 'CODELAND_KEEP_FAILED_MOST' });
    // Where none is kept there is nothing to leave room for.
    expect(() => readConfig({ ...tight, CODELAND_KEEP_FAILED_MOST: '4' })).not.toThrow();
  });

  test.each(['0.0.0.0', '192.0.2.1', '::', 'localhost.example'])(
    '%s may not be listened on without keys',
    (host) => {
      const error = thrown(() => readConfig({ CODELAND_AUTH: 'none', CODELAND_HOST: host }));
      expect(error).toMatchObject({ message: expect.stringContaining('CODELAND_HOST') });
    },
  );

  test.each(['localhost', '127.0.0.1', '127.9.8.7', '::1'])('%s may be listened on without keys', (host) => {
    expect(() => readConfig({ CODELAND_AUTH: 'none', CODELAND_HOST: host })).not.toThrow();
  });
});
