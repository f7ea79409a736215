import { describe, expect, test } from 'bun:test';
import { sleep } from '../../../src/lib/deadline.ts';
import type { NetworkLog, RunnerFigures } from '../../../src/stats/sample.ts';
import { BASES, FIGURES, TestApi } from '../../support/test-api.ts';

const [{ create, runners }] = BASES;

const UNKNOWN: RunnerFigures = {
  balloon: null,
  guestMemoryBytes: null,
  guestKernelMemoryBytes: null,
  hostPssBytes: null,
  hostCpuMs: null,
  uptimeSeconds: null,
  processes: null,
  network: null,
  networkLog: null,
  sampledSecondsAgo: null,
};

/** What is told of the figures as they are. */
function statsOf({ networkLog: _log, ...stats }: RunnerFigures) {
  return stats;
}

const SUMMARY = {
  name: 'runner-1',
  inUse: false,
  state: 'READY',
  kind: 'ready',
  pid: '1000',
  ip: '172.16.0.1',
  link: 'net-runner-1',
  memory: '56.00 MiB',
  kmem: '8.00 MiB',
  tx: '1.00 KiB',
  rx: '2.00 KiB',
  total: '3.00 KiB',
};

const DETAIL = {
  ...SUMMARY,
  runner: 'runner-1',
  other_info: 'ready, READY, at 172.16.0.1, memory in use 56.00 MiB',
  createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  ageSeconds: expect.any(Number),
  idleSecondsLeft: null,
  ageSecondsLeft: null,
  runsUnderWay: 0,
  runsDone: 0,
  template: 'template-of-the-test',
  proof: {
    hostname: 'runner-1',
    machineId: '0'.repeat(32),
    mac: '52:54:00:10:00:01',
    address: '172.16.0.1',
    clockOffsetMs: 0,
    generators: ['kernel'],
  },
  history: [
    { state: 'RESTORING', at: expect.any(String) },
    { state: 'READY', at: expect.any(String) },
  ],
  stats: statsOf(FIGURES),
};

const NO_TRAFFIC = { mode: 'none', connections: [], names: [], isComplete: true };
const INFO = { ...DETAIL, network: { ...FIGURES.network, ...NO_TRAFFIC } };

const NO_SIZES = { memory: null, kmem: null, tx: null, rx: null, total: null };

describe('info', () => {
  test('has all that is known, for people and as numbers', async () => {
    await using api = new TestApi();
    await api.guest();
    expect((await api.request(`${runners}/runner-1`)).body).toEqual(INFO);
  });

  test('has null for each figure that is not', async () => {
    await using api = new TestApi();
    api.onSample = async () => UNKNOWN;
    await api.guest();
    expect((await api.request(`${runners}/runner-1`)).body).toEqual({
      ...INFO,
      ...NO_SIZES,
      other_info: 'ready, READY, at 172.16.0.1, memory in use unknown',
      stats: statsOf(UNKNOWN),
      network: {
        ...{ rxBytes: null, txBytes: null, rxPackets: null, txPackets: null, source: null },
        ...NO_TRAFFIC,
      },
    });
  });

  test('has the counters of a guest that counts in fractions', async () => {
    await using api = new TestApi();
    const network = { rxBytes: 0.5, txBytes: 1e15, rxPackets: 0, txPackets: 2.25, source: 'guest' } as const;
    api.onSample = async () => ({ ...FIGURES, network });
    await api.guest();
    const { status, body } = await api.request(`${runners}/runner-1`);
    expect([status, body]).toMatchObject([200, { network, stats: { network } }]);
  });

  test('of a runner that stays has the time that it has left', async () => {
    await using api = new TestApi();
    await api.guest();
    await api.post(create, '{}');
    const { body } = await api.request(`${runners}/runner-1`);
    expect(body).toMatchObject({ state: 'RUNNING', kind: 'persistent', inUse: true });
    const { idleSecondsLeft, ageSecondsLeft, history } = Object(body);
    expect(Math.ceil(idleSecondsLeft / 900)).toBe(1);
    expect(Math.ceil(ageSecondsLeft / 86_400)).toBe(1);
    expect(history.at(-1)).toEqual({ state: 'RUNNING', at: expect.any(String) });
  });

  test.each([
    'runner-2',
    '..',
    '%2e%2e',
    'runner-1%00',
    'RUNNER-1',
    'run',
    'new',
    '%F0%9F%90%8E',
    'x'.repeat(4_000),
  ])('is 404 where there is no such runner: %s', async (name) => {
    await using api = new TestApi();
    await api.guest();
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await api.request(`/codeland/run/a/../${name}`, { method });
      expect(status).toBe(404);
      expect(body).toMatchObject({ name: expect.stringMatching(/^(runnerNotFound|notFound)$/) });
    }
  });
});

describe('the network of a runner that has one', () => {
  const SECRET = 'a-key-with-egress-0123456789';
  const headers = { authorization: `Bearer ${SECRET}` };
  const counters = { rxBytes: 9_000, txBytes: 700, rxPackets: 12, txPackets: 8, source: 'host' } as const;
  const log: NetworkLog = {
    connections: [
      {
        protocol: 'tcp',
        destination: '203.0.113.7',
        port: 443,
        verdict: 'allowed',
        sentBytes: 600,
        receivedBytes: 9_000,
      },
      {
        protocol: 'icmp',
        destination: '10.0.0.1',
        port: null,
        verdict: 'denied',
        sentBytes: 84,
        receivedBytes: 0,
      },
    ],
    names: [{ name: 'example.org', type: 'A', count: 2, verdict: 'answered' }],
    isComplete: true,
  };

  /** What is told of the runner, with what the host saw of it. */
  async function shown(networkLog: NetworkLog | null, path: string): Promise<unknown> {
    await using api = new TestApi();
    api.addKey(
      SECRET,
      {},
      {
        mode: 'egress',
        allow: [],
        deny: [],
        kibPerSecond: 512,
        connections: 8,
      },
    );
    api.onSample = async () => ({ ...FIGURES, network: counters, networkLog });
    await api.guest();
    expect((await api.post(create, '{}', headers)).status).toBe(200);
    const { status, body } = await api.request(path, { headers });
    expect(status).toBe(200);
    return body;
  }

  test.each(BASES)('has its counters, connections and names: document $document', async (base) => {
    const body = await shown(log, `${base.runners}/runner-1`);
    expect(Object(body).network).toEqual({ mode: 'egress', ...counters, ...log });
    expect(body).toMatchObject({ tx: '700.00 B', rx: '8.79 KiB', stats: { network: counters } });
    expect(Object(body).stats).not.toHaveProperty('networkLog');
  });

  test('has no lists when they are not known', async () => {
    expect(Object(await shown(null, `${runners}/runner-1`)).network).toEqual({
      mode: 'egress',
      ...counters,
      connections: null,
      names: null,
      isComplete: false,
    });
  });

  test('has lists of bounded length, and says so', async () => {
    const many = <T>(one: T) => Array<T>(1_500).fill(one);
    const [connection] = log.connections;
    const [name] = log.names;
    if (!connection || !name) throw new Error('the log is empty');
    for (const longer of [
      { ...log, connections: many(connection) },
      { ...log, names: many(name) },
    ]) {
      const { network } = Object(await shown(longer, `${runners}/runner-1`));
      expect(network.connections.length).toBe(Math.min(longer.connections.length, 1_024));
      expect(network.names.length).toBe(Math.min(longer.names.length, 256));
      expect(network.isComplete).toBe(false);
    }
  });

  test('is not told of in the list', async () => {
    const { runners: listed } = Object(await shown(log, `${runners}?detail`));
    expect(listed).toMatchObject([{ name: 'runner-1', stats: { network: counters } }]);
    expect(listed[0]).not.toHaveProperty('network');
    expect(JSON.stringify(listed)).not.toContain('203.0.113.7');
  });
});

describe('the list', () => {
  test.each(['', '?detail=false', '?detail=0'])('shows what the documents print: %j', async (query) => {
    await using api = new TestApi();
    await api.guest();
    expect((await api.request(runners + query)).body).toMatchObject({ runners: [SUMMARY] });
    expect(Object((await api.request(runners + query)).body).runners).toEqual([SUMMARY]);
  });

  test.each(['?detail', '?detail=', '?detail=true', '?detail=1'])(
    'shows all that is known: %j',
    async (query) => {
      await using api = new TestApi();
      await api.guest();
      expect(Object((await api.request(runners + query)).body).runners).toEqual([DETAIL]);
    },
  );

  test.each(['?detail=yes', '?detail=2', '?detail&detail', '?details'])('is refused: %j', async (query) => {
    await using api = new TestApi();
    expect((await api.request(runners + query)).status).toBe(422);
  });

  test('asks so many at once, none for long, and gives null for one that hangs', async () => {
    await using api = new TestApi({ pool: { target: 40, maxGuests: 40, refillWorkers: 40 } });
    const asked: number[] = [];
    let asking = 0;
    let most = 0;
    api.onSample = async ({ name }, deadlineMs) => {
      asked.push(deadlineMs);
      asking += 1;
      most = Math.max(most, asking);
      await sleep(1);
      asking -= 1;
      return name === 'runner-7' ? UNKNOWN : FIGURES;
    };
    for (let made = 0; made < 40; made += 1) await api.guest();
    const { status, body } = await api.request(`${runners}?detail`);
    expect(status).toBe(200);
    const shown: { name: string; memory: string | null }[] = Object(body).runners;
    expect(shown).toHaveLength(40);
    expect(shown.filter(({ memory }) => memory === null).map(({ name }) => name)).toEqual(['runner-7']);
    expect(most).toBe(16);
    expect(asked.every((deadlineMs) => deadlineMs > 0 && deadlineMs <= 1_000)).toBe(true);
  });

  test('answers in a time of its own, however many hang', async () => {
    await using api = new TestApi({ pool: { target: 33, maxGuests: 33, refillWorkers: 33 } });
    const asked: number[] = [];
    api.onSample = async (_, deadlineMs) => {
      asked.push(deadlineMs);
      await sleep(deadlineMs + 5);
      return UNKNOWN;
    };
    for (let made = 0; made < 33; made += 1) await api.guest();
    const { body } = await api.request(runners);
    expect(Object(body).runners).toHaveLength(33);
    // Two rounds have used up the list's time.
    expect(asked).toHaveLength(33);
    expect(asked.at(-1)).toBe(0);
  });
});

describe('the worker', () => {
  test.each(['/api/v1/worker', '/codeland/worker'])('tells of host, pool and queue: %s', async (path) => {
    await using api = new TestApi();
    await api.guest();
    await api.post(create, '{}');
    const size = expect.stringMatching(/^\d+\.\d\d ([KMGT]i)?B$/);
    const number = expect.any(Number);
    const { status, body } = await api.request(path);
    expect(status).toBe(200);
    expect(body).toEqual({
      memory: {
        total: size,
        available: size,
        used: size,
        percent: number,
        totalBytes: number,
        availableBytes: number,
        usedBytes: number,
      },
      disk: { total: size, free: size, totalBytes: number, freeBytes: number },
      load: { one: number, five: number, fifteen: number },
      cpus: number,
      template: 'template-of-the-test',
      pool: { target: 1, ready: 0, restoring: 1, leased: 1, retiring: 0, failed: 0 },
      queue: { length: 0, limit: 10, waits: { count: 0, meanMs: null, p95Ms: null, maxMs: null } },
      refill: { meanRestoreMs: number, perSecond: number },
      lastErrors: [],
    });
  });

  test('tells of what failed last', async () => {
    await using api = new TestApi();
    api.pool.start();
    await api.template.fail(new Error('no state'));
    const { body } = await api.request('/api/v1/worker');
    expect(body).toMatchObject({
      pool: { failed: 1 },
      lastErrors: [{ at: expect.stringMatching(/Z$/), message: expect.stringContaining('no state') }],
    });
  });

  test('needs a key', async () => {
    await using api = new TestApi();
    expect((await fetch(api.url('/codeland/worker'))).status).toBe(401);
  });
});
