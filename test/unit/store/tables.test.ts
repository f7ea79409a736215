import { describe, expect, test } from 'bun:test';
import { type NetworkPolicy, NO_NETWORK } from '../../../src/network/policy.ts';
import { Database } from '../../../src/store/database.ts';
import { StoreError } from '../../../src/store/errors.ts';
import { KeyTable, type NewKey } from '../../../src/store/keys.ts';
import { OutcomeTable } from '../../../src/store/outcomes.ts';
import { UsageTable } from '../../../src/store/usage.ts';
import { thrown } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

async function withDatabase(test: (database: Database) => void): Promise<void> {
  await using folder = await TempFolder.create();
  using database = Database.open(folder.path);
  test(database);
}

const EGRESS: NetworkPolicy = {
  mode: 'egress',
  allow: [
    { cidr: '0.0.0.0/0', ports: { first: 8000, last: 8999 } },
    { cidr: '10.1.2.3/32', ports: { first: 5432, last: 5432 } },
  ],
  deny: [{ cidr: '203.0.113.0/24', ports: null }],
  kibPerSecond: 512,
  connections: 8,
};

const newKey = (number: number, name = `key ${number}`): NewKey => ({
  id: `id-${number}`,
  name,
  digest: new Uint8Array(32).fill(number),
  limits: {
    requestsPerMinute: number,
    concurrentRunners: null,
    cpuSecondsPerDay: 600,
    persistentRunners: number % 2 === 0,
  },
  network: number % 2 === 0 ? NO_NETWORK : EGRESS,
  createdAt: 1_000 - number,
});

describe('keys', () => {
  test('come back as they were put in, oldest first', () =>
    withDatabase((database) => {
      const keys = new KeyTable(database);
      for (const number of [1, 2, 3]) keys.insert(newKey(number));
      const expected = [3, 2, 1].map((number) => ({ ...newKey(number), lastUsedAt: null, revokedAt: null }));
      expect(keys.list()).toEqual(expected);
      expect(keys.findByDigest(newKey(2).digest)).toEqual(expected[1]);
      expect(keys.findByDigest(new Uint8Array(32))).toBeUndefined();
      expect(keys.findByDigest(new Uint8Array(31).fill(2))).toBeUndefined();
    }));

  test('are unique by id and digest, and by name as long as they are not revoked', () =>
    withDatabase((database) => {
      const keys = new KeyTable(database);
      keys.insert(newKey(1));
      expect(thrown(() => keys.insert({ ...newKey(2), id: 'id-1' }))).toBeInstanceOf(Error);
      expect(thrown(() => keys.insert({ ...newKey(2), digest: newKey(1).digest }))).toBeInstanceOf(Error);
      expect(thrown(() => keys.insert(newKey(2, 'key 1')))).toBeInstanceOf(Error);
      keys.revoke('id-1', 5);
      keys.insert(newKey(2, 'key 1'));
      expect(keys.list()).toHaveLength(2);
    }));

  test('are revoked once, and keep the time', () =>
    withDatabase((database) => {
      const keys = new KeyTable(database);
      keys.insert(newKey(1));
      keys.insert(newKey(2));
      expect([keys.revoke('id-1', 5), keys.revoke('id-1', 6), keys.revoke('none', 7)]).toEqual([
        true,
        false,
        false,
      ]);
      expect(keys.list().map((key) => key.revokedAt)).toEqual([null, 5]);
    }));

  test('keep the latest use', () =>
    withDatabase((database) => {
      const keys = new KeyTable(database);
      keys.insert(newKey(1));
      for (const at of [7, 9, 8]) keys.touch('id-1', at);
      expect(keys.list()[0]?.lastUsedAt).toBe(9);
    }));

  test.each([
    ['a digest that is too short', "digest = x'00'"],
    ['a limit of nothing', 'requests_per_minute = 0'],
    ['a flag that is neither', 'persistent_runners = 2'],
    ['a network that is no JSON', `network = '{'`],
    ['a network of another mode', `network = '{"mode":"open"}'`],
    ['a network without a rate', `network = '{"mode":"egress","allow":[],"deny":[],"connections":1}'`],
    ['a rate of nothing', `network = json_set(network, '$.kibPerSecond', 0)`],
    ['a destination that is none', `network = json_set(network, '$.allow[0]', 'example.com')`],
    ['a rule for a destination', `network = json_set(network, '$.deny[0]', '10.0.0.0/8 } accept')`],
    ['a list that was forgotten', `network = json_remove(network, '$.deny')`],
    ['a list that is not known', `network = json_set(network, '$.only', json('[]'))`],
  ])('with %s are refused, not believed', (_, change) =>
    withDatabase((database) => {
      const keys = new KeyTable(database);
      keys.insert(newKey(1));
      database.prepare(`UPDATE keys SET ${change}`).run();
      const error = thrown(() => keys.list());
      expect(error).toBeInstanceOf(StoreError);
      expect(String(error)).toContain('a row of the table keys is damaged');
    }),
  );
});

describe('usage', () => {
  test('adds up by owner and day, and forgets days', () =>
    withDatabase((database) => {
      const usage = new UsageTable(database);
      usage.add('a', '2026-03-01', 1.5);
      usage.add('a', '2026-03-01', 2);
      usage.add('a', '2026-03-02', 4);
      usage.add('b', '2026-03-01', 8);
      expect(usage.read('a', '2026-03-01')).toBe(3.5);
      expect(usage.read('nobody', '2026-03-01')).toBe(0);
      expect(usage.readAll('2026-03-01')).toEqual(
        new Map([
          ['a', 3.5],
          ['b', 8],
        ]),
      );
      usage.forgetBefore('2026-03-02');
      expect(usage.readAll('2026-03-01').size).toBe(0);
      expect(usage.read('a', '2026-03-02')).toBe(4);
    }));
});

describe('outcomes', () => {
  const key = { owner: 'o', key: 'k' };

  test('are under way until they end, and gone when they expire', () =>
    withDatabase((database) => {
      const outcomes = new OutcomeTable(database);
      expect(outcomes.find(key, 0)).toBeUndefined();
      outcomes.begin(key, 'print', 0);
      expect(outcomes.find(key, 1e15)).toEqual({ fingerprint: 'print', outcome: null });
      expect(thrown(() => outcomes.begin(key, 'print', 1e15))).toBeInstanceOf(Error);
      outcomes.finish(key, 'text', 4, 100);
      expect(outcomes.find(key, 99)).toEqual({ fingerprint: 'print', outcome: 'text' });
      expect(thrown(() => outcomes.begin(key, 'print', 99))).toBeInstanceOf(Error);
      expect(outcomes.find(key, 100)).toBeUndefined();
      outcomes.begin(key, 'other', 100);
      expect(outcomes.find(key, 100)).toEqual({ fingerprint: 'other', outcome: null });
    }));

  test('belong to their owner', () =>
    withDatabase((database) => {
      const outcomes = new OutcomeTable(database);
      outcomes.begin(key, 'print', 0);
      expect(outcomes.find({ ...key, owner: 'p' }, 0)).toBeUndefined();
      outcomes.begin({ ...key, owner: 'p' }, 'theirs', 0);
      outcomes.forget(key);
      expect(outcomes.find(key, 0)).toBeUndefined();
      expect(outcomes.find({ ...key, owner: 'p' }, 0)?.fingerprint).toBe('theirs');
    }));

  test('are counted through every change', () =>
    withDatabase((database) => {
      const outcomes = new OutcomeTable(database);
      const named = (name: string) => ({ owner: 'o', key: name });
      for (const name of ['a', 'b', 'c', 'd']) outcomes.begin(named(name), 'print', 0);
      expect(outcomes.totals('o')).toEqual({ rows: 4, bytes: 0 });
      outcomes.finish(named('a'), 'A', 10, 50);
      outcomes.finish(named('b'), 'B', 20, 60);
      outcomes.finish(named('c'), 'C', 30, 70);
      expect(outcomes.totals('o')).toEqual({ rows: 4, bytes: 60 });
      expect(outcomes.firstExpiry('o')).toBe(50);
      outcomes.shrink('o', 55, 'dropped');
      expect(outcomes.totals('o')).toEqual({ rows: 4, bytes: 50 });
      expect(['a', 'b'].map((name) => outcomes.find(named(name), 0)?.outcome)).toEqual(['dropped', 'B']);
      outcomes.settleAll('settled', 80);
      expect(['c', 'd'].map((name) => outcomes.find(named(name), 0)?.outcome)).toEqual(['C', 'settled']);
      expect([outcomes.sweep(70, 2, 'p'), outcomes.sweep(49, 2, 'o')]).toEqual([0, 0]);
      expect([outcomes.sweep(70, 2, 'o'), outcomes.sweep(70, 2), outcomes.sweep(70, 2)]).toEqual([2, 1, 0]);
      expect(outcomes.totals('o')).toEqual({ rows: 1, bytes: 0 });
      outcomes.forget(named('d'));
      expect(outcomes.totals('o')).toEqual({ rows: 0, bytes: 0 });
      expect(outcomes.firstExpiry('o')).toBeNull();
    }));
});
