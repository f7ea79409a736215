import { describe, expect, spyOn, test } from 'bun:test';
import type { NetworkPolicy } from '../../../src/network/policy.ts';
import { BASES, TestApi, type TestApiOptions } from '../../support/test-api.ts';

const EGRESS: NetworkPolicy = {
  mode: 'egress',
  allow: [{ cidr: '203.0.113.0/24', ports: { first: 443, last: 443 } }],
  deny: [],
  kibPerSecond: 512,
  connections: 8,
};
const SECRET = 'a-key-with-egress-0123456789';
const withEgress = { authorization: `Bearer ${SECRET}` };

const asking = (network?: string) => JSON.stringify({ code: '1', ...(network && { network }) });

/** What the API asks the pool for. */
async function withPool(options: TestApiOptions = {}) {
  const api = new TestApi(options);
  api.addKey(SECRET, {}, EGRESS);
  await api.guest();
  const claims = spyOn(api.pool, 'claim');
  return {
    api,
    claimed: () => claims.mock.calls.map(([terms]) => Object(terms).network),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

const ROUTES = BASES.flatMap(({ run, create }) => [run, create]);

describe.each(ROUTES)('a fresh runner of %s', (path) => {
  test.each([
    ['has the network of its key when the request says nothing', undefined, EGRESS],
    ['has the network of its key when the request wants it', 'egress', EGRESS],
    ['has none when the request wants none', 'none', { mode: 'none' }],
  ])('%s', async (_, network, expected) => {
    await using own = await withPool();
    expect((await own.api.post(path, asking(network), withEgress)).status).toBe(200);
    expect(own.claimed()).toEqual([expected]);
  });

  test.each([undefined, 'none'])('of a key without a network has none, asked for: %p', async (network) => {
    await using own = await withPool();
    expect((await own.api.post(path, asking(network))).status).toBe(200);
    expect(own.claimed()).toEqual([{ mode: 'none' }]);
  });

  test('is refused a network that the key has not, and told who has one', async () => {
    await using own = await withPool();
    const { status, body } = await own.api.post(path, asking('egress'));
    expect([status, body]).toMatchObject([403, { name: 'forbidden' }]);
    expect(Object(body).message).toContain('--network egress (scripts/keys create)');
    expect(own.claimed()).toEqual([]);
  });

  test.each([undefined, 'egress'])(
    'is refused a network that the server has not, asked for: %p',
    async (network) => {
      await using own = await withPool({ offersEgress: false });
      const { status, body } = await own.api.post(path, asking(network), withEgress);
      expect([status, body]).toMatchObject([403, { name: 'forbidden' }]);
      expect(Object(body).message).toContain('CODELAND_EGRESS=on');
      expect(own.claimed()).toEqual([]);
      expect((await own.api.post(path, asking('none'), withEgress)).status).toBe(200);
    },
  );

  test.each(['"open"', 'null', 'true', '{"mode":"egress"}', '["egress"]'])(
    'has no other network: %s',
    async (network) => {
      await using own = await withPool();
      const { status, body } = await own.api.post(path, `{"code":"1","network":${network}}`, withEgress);
      expect([status, body]).toMatchObject([
        422,
        { details: [{ field: 'body.network', expected: 'one of "none", "egress"' }] },
      ]);
      expect(own.claimed()).toEqual([]);
    },
  );
});

test.each(BASES)('a runner that is there keeps its network: document $document', async ({ run, create }) => {
  await using own = await withPool({ offersEgress: false });
  const { body: made } = await own.api.post(create, asking('none'), withEgress);
  const path = `${run}/${Object(made).runner}`;
  const { status, body } = await own.api.post(path, asking('none'), withEgress);
  expect([status, body]).toMatchObject([422, { details: [{ field: 'body.network' }] }]);
  // The key's policy is not asked again.
  expect((await own.api.post(path, asking(), withEgress)).status).toBe(200);
});

test('an idempotency key belongs to the network that was asked for', async () => {
  await using own = await withPool();
  const headers = { ...withEgress, 'idempotency-key': 'once' };
  const path = BASES[0].run;
  expect((await own.api.post(path, asking('none'), headers)).status).toBe(200);
  const other = await own.api.post(path, asking('egress'), headers);
  expect([other.status, other.body]).toMatchObject([422, { details: [{ field: 'header.idempotency-key' }] }]);
  expect(own.claimed()).toEqual([{ mode: 'none' }]);
});

test('a request that was refused a network may come again under its idempotency key', async () => {
  await using own = await withPool();
  const headers = { 'idempotency-key': 'once' };
  const path = BASES[0].run;
  expect((await own.api.post(path, asking('egress'), headers)).status).toBe(403);
  expect((await own.api.post(path, asking('none'), headers)).status).toBe(200);
});
