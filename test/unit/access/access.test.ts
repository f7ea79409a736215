import { describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { KeyAccess, openAccess } from '../../../src/access/access.ts';
import { addKey, newSecret } from '../../../src/access/key.ts';
import { type KeyLimits, NO_LIMITS } from '../../../src/access/principal.ts';
import { RateLimitError } from '../../../src/access/rate.ts';
import { type NetworkPolicy, NO_NETWORK } from '../../../src/network/policy.ts';
import { CodeLandError, TooManyRequestsError } from '../../../src/runner/errors.ts';
import { Database } from '../../../src/store/database.ts';
import { KeyTable } from '../../../src/store/keys.ts';
import { BunProgram } from '../../support/bun-program.ts';
import { thrown } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const EGRESS: NetworkPolicy = {
  mode: 'egress',
  allow: [{ cidr: '203.0.113.0/24', ports: { first: 443, last: 443 } }],
  deny: [{ cidr: '203.0.113.7/32', ports: null }],
  kibPerSecond: 512,
  connections: 8,
};
const NOON = Date.parse('2026-03-01T12:00:00Z');

class TestAccess implements AsyncDisposable {
  readonly folder: TempFolder;
  readonly database: Database;
  readonly keys: KeyTable;
  readonly faults: unknown[] = [];
  time = NOON;

  private constructor(folder: TempFolder) {
    this.folder = folder;
    this.database = Database.open(folder.path);
    this.keys = new KeyTable(this.database);
  }

  static async create(): Promise<TestAccess> {
    return new TestAccess(await TempFolder.create());
  }

  open(environmentKey?: string): KeyAccess {
    const onFault = (error: unknown) => this.faults.push(error);
    return new KeyAccess({ database: this.database, environmentKey, onFault, now: () => this.time });
  }

  /** A key's secret. */
  add(name: string, limits: Partial<KeyLimits> = {}, network?: NetworkPolicy): string {
    const secret = newSecret();
    addKey(this.keys, name, { ...NO_LIMITS, ...limits }, secret, network);
    return secret;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.database[Symbol.dispose]();
    await this.folder[Symbol.asyncDispose]();
    expect(this.faults).toEqual([]);
  }
}

/** The message of the refusal. */
function refusal(access: KeyAccess, authorization: string | null): string {
  const error = thrown(() => access.authenticate(authorization));
  if (error instanceof CodeLandError && error.name === 'unauthorized') return error.message;
  throw error;
}

describe('a request', () => {
  test.each(['Bearer', 'bearer', 'BEARER '])('with a key is from that key: %s', async (scheme) => {
    await using home = await TestAccess.create();
    using access = home.open();
    home.add('other');
    const limits = { ...NO_LIMITS, requestsPerMinute: 7, persistentRunners: false };
    const secret = home.add('mine', limits, EGRESS);
    const principal = access.authenticate(`${scheme} ${secret}`);
    expect(principal).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f]{12}$/),
      name: 'mine',
      limits,
      network: EGRESS,
    });
    expect(access.authenticate(`Bearer ${secret}`)).toEqual(principal);
  });

  test('without a key, or with another, is refused', async () => {
    await using home = await TestAccess.create();
    using access = home.open('operators-own-key');
    const secret = home.add('mine');
    for (const none of [null, '', 'Bearer', 'Bearer ', secret, `Basic ${secret}`, `Bearer ${secret} x`]) {
      expect(refusal(access, none)).toBe('send the header "Authorization: Bearer <key>"');
    }
    const others = [newSecret(), secret.slice(0, -1), `${secret}x`, secret.toUpperCase(), 'operators-own-ke'];
    for (const other of others) expect(refusal(access, `Bearer ${other}`)).toBe('the key is not known');
    // What is kept of a key is not one.
    const digest = createHash('sha256').update(secret).digest();
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(refusal(access, `Bearer ${digest.toString(encoding)}`)).toBe('the key is not known');
    }
  });

  test('with the key of the environment is from the operator, who has no limits and no network', async () => {
    await using home = await TestAccess.create();
    using access = home.open('operators-own-key');
    const principal = access.authenticate('Bearer operators-own-key');
    expect(principal).toEqual({
      id: 'environment',
      name: 'environment',
      limits: NO_LIMITS,
      network: NO_NETWORK,
    });
    expect(access.admit(principal)).toBeNull();
    access.charge('environment', 1e12);
    access.requireCpu(principal);
    expect(home.keys.list()).toEqual([]);
    using without = home.open();
    expect(refusal(without, 'Bearer operators-own-key')).toBe('the key is not known');
  });

  test('to a server without keys is local, whatever it carries', () => {
    for (const authorization of [null, 'Bearer x', 'nonsense']) {
      expect(openAccess.authenticate(authorization)).toMatchObject({ id: 'local', network: NO_NETWORK });
    }
    const principal = openAccess.authenticate(null);
    expect(openAccess.admit(principal)).toBeNull();
    openAccess.charge(principal.id, 1e12);
    openAccess.requireCpu(principal);
  });
});

describe('a key', () => {
  test('that another process revokes is refused from the next request on', async () => {
    await using home = await TestAccess.create();
    using access = home.open();
    const secret = home.add('mine');
    const { id } = access.authenticate(`Bearer ${secret}`);
    await using child = new BunProgram(`
      const { Database } = await src('store/database.ts');
      const { KeyTable } = await src('store/keys.ts');
      using database = Database.open(${JSON.stringify(home.folder.path)});
      new KeyTable(database).revoke(${JSON.stringify(id)}, Date.now());`);
    expect(await child.ended()).toBe(0);
    expect(refusal(access, `Bearer ${secret}`)).toBe('the key has been revoked');
  });

  test('that another process makes is taken at once', async () => {
    await using home = await TestAccess.create();
    using access = home.open();
    await using child = new BunProgram(`
      const { Database } = await src('store/database.ts');
      const { KeyTable } = await src('store/keys.ts');
      const { addKey } = await src('access/key.ts');
      const { NO_LIMITS } = await src('access/principal.ts');
      using database = Database.open(${JSON.stringify(home.folder.path)});
      addKey(new KeyTable(database), 'theirs', NO_LIMITS, 'a-secret-of-another-process');`);
    expect(await child.ended()).toBe(0);
    expect(access.authenticate('Bearer a-secret-of-another-process').name).toBe('theirs');
  });

  test('is in no file of the data folder', async () => {
    await using home = await TestAccess.create();
    using access = home.open();
    const secret = home.add('mine');
    access.authenticate(`Bearer ${secret}`);
    for (const name of readdirSync(home.folder.path)) {
      expect(readFileSync(home.folder.file(name)).includes(secret)).toBe(false);
    }
  });

  test('shows when it was used last, once the counts are written', async () => {
    await using home = await TestAccess.create();
    const secret = home.add('mine');
    home.add('idle');
    {
      using access = home.open();
      access.authenticate(`Bearer ${secret}`);
      home.time += 5_000;
      access.authenticate(`Bearer ${secret}`);
    }
    const used = home.keys.list().map(({ name, lastUsedAt }) => [name, lastUsedAt] as const);
    expect(new Map(used)).toEqual(
      new Map([
        ['mine', NOON + 5_000],
        ['idle', null],
      ]),
    );
  });
});

describe('limits', () => {
  test('on requests are told with each, and kept apart by key', async () => {
    await using home = await TestAccess.create();
    using access = home.open();
    const [first, second] = ['first', 'second'].map((name) =>
      access.authenticate(`Bearer ${home.add(name, { requestsPerMinute: 2 })}`),
    );
    if (!first || !second) throw new Error('no principals');
    expect(access.admit(first)).toEqual({ limit: 2, remaining: 1, resetSeconds: 60 });
    expect(access.admit(first)?.remaining).toBe(0);
    const error = thrown(() => access.admit(first));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(access.admit(second)?.remaining).toBe(1);
  });

  test('on CPU time end at midnight of UTC', async () => {
    await using home = await TestAccess.create();
    using access = home.open();
    const principal = access.authenticate(`Bearer ${home.add('mine', { cpuSecondsPerDay: 10 })}`);
    access.charge(principal.id, 9_999);
    access.requireCpu(principal);
    access.charge(principal.id, 1);
    const error = thrown(() => access.requireCpu(principal));
    expect(error).toBeInstanceOf(TooManyRequestsError);
    expect(error).toMatchObject({ name: 'tooManyRequests', retryAfterSeconds: 12 * 3600 });
    home.time = Date.parse('2026-03-01T23:59:59.999Z');
    expect(thrown(() => access.requireCpu(principal))).toMatchObject({ retryAfterSeconds: 1 });
    home.time += 1;
    access.requireCpu(principal);
  });

  test('on CPU time count what was used before a restart, and what others use not', async () => {
    await using home = await TestAccess.create();
    const secret = home.add('mine', { cpuSecondsPerDay: 10 });
    {
      using access = home.open();
      const principal = access.authenticate(`Bearer ${secret}`);
      access.charge(principal.id, 4_000);
      access.charge(principal.id, 5_000);
      access.charge('another', 1e9);
    }
    using access = home.open();
    const principal = access.authenticate(`Bearer ${secret}`);
    access.requireCpu(principal);
    access.charge(principal.id, 1_000);
    expect(thrown(() => access.requireCpu(principal))).toBeInstanceOf(TooManyRequestsError);
  });

  test('on CPU time leave nothing of former days', async () => {
    await using home = await TestAccess.create();
    for (const day of ['2026-03-01', '2026-03-02', '2026-03-03']) {
      home.time = Date.parse(`${day}T12:00:00Z`);
      using access = home.open();
      access.charge('someone', 1);
    }
    const days = home.database
      .prepare('SELECT day FROM usage')
      .all()
      .map((row) => row['day']);
    expect(days).toEqual(['2026-03-03']);
  });

  test('on CPU time take no nonsense', async () => {
    await using home = await TestAccess.create();
    using access = home.open();
    const principal = access.authenticate(`Bearer ${home.add('mine', { cpuSecondsPerDay: 1 })}`);
    for (const nonsense of [Number.NaN, -1e9, 0]) access.charge(principal.id, nonsense);
    access.charge(principal.id, 1_000);
    expect(thrown(() => access.requireCpu(principal))).toBeInstanceOf(TooManyRequestsError);
  });
});

test('a killed server has its counts of a few seconds before', async () => {
  await using home = await TestAccess.create();
  await using child = new BunProgram(`
    const { Database } = await src('store/database.ts');
    const { KeyAccess } = await src('access/access.ts');
    const { UsageTable } = await src('store/usage.ts');
    const { dayOf } = await src('access/ledger.ts');
    const database = Database.open(${JSON.stringify(home.folder.path)});
    const access = new KeyAccess({ database, environmentKey: undefined, onFault: console.error });
    const usage = new UsageTable(database);
    access.charge('someone', 1234);
    const timer = setInterval(() => {
      if (usage.read('someone', dayOf(Date.now())) > 0) console.log('written');
    }, 50);`);
  await child.prints('written');
  await child.kill();
  const row = home.database.prepare('SELECT owner, cpu_ms FROM usage').get();
  expect({ ...row }).toEqual({ owner: 'someone', cpu_ms: 1234 });
});

test('counts that cannot be written are reported, and written later', async () => {
  await using folder = await TempFolder.create();
  using database = Database.open(folder.path);
  const faults: unknown[] = [];
  const access = new KeyAccess({ database, environmentKey: undefined, onFault: (e) => faults.push(e) });
  database.prepare('ALTER TABLE usage RENAME TO away').run();
  access.charge('someone', 5);
  access[Symbol.dispose]();
  expect(faults).toHaveLength(1);
  database.prepare('ALTER TABLE away RENAME TO usage').run();
  for (let i = 0; i < 2; i++) access[Symbol.dispose]();
  expect(faults).toHaveLength(1);
  expect(database.prepare('SELECT cpu_ms FROM usage').get()?.['cpu_ms']).toBe(5);
});
