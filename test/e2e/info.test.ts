/** What the API tells about a runner and about all of them, held against what the guest and the host say. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { BASES } from '../support/bases.ts';
import { isRecord } from '../support/http-client.ts';
import { guestFolders } from '../support/server-process.ts';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

let service: TestService;
let runner: string;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '1' });
  runner = await service.create();
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

const SIZE = /^\d+(\.\d+)? (B|KiB|MiB|GiB)$/;
const MIB = 2 ** 20;

const bash = async (code: string) => {
  const { body } = await service.runOn(runner, { language: 'bash', code });
  return String(body['stdout']);
};

/** A part of a body that must be an object. */
function part(body: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  let value = body;
  for (const name of path) value = isRecord(value) ? value[name] : undefined;
  if (!isRecord(value)) throw new Error(`no object at ${path.join('.')}: ${JSON.stringify(body)}`);
  return value;
}

const infoOf = async (name: string) => (await service.info(name)).body;
const balloonOf = async (name: string) => part(await infoOf(name), 'stats', 'balloon');

/** Bytes of a size as the API prints it. */
function bytes(size: unknown): number {
  const [, number, unit] = /^([\d.]+) (B|KiB|MiB|GiB)$/.exec(String(size)) ?? [];
  return Number(number) * 1024 ** ['B', 'KiB', 'MiB', 'GiB'].indexOf(unit ?? '');
}

describe('the info of a runner in use', () => {
  it.each(BASES)('is the same below $name', async (base) => {
    const { status, body } = await service.request(base.runner(runner));
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: runner, runner, inUse: true, state: 'RUNNING', kind: 'persistent' });
  });

  it('has the fields of the documents, as texts', async () => {
    await until('its first memory figures', async () => (await infoOf(runner))['memory'] !== null);
    const body = await infoOf(runner);
    for (const name of ['memory', 'kmem', 'tx', 'rx', 'total']) expect(body[name]).toMatch(SIZE);
    expect(body['pid']).toMatch(/^\d+$/);
    expect(body['ip']).toMatch(/^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/);
    expect(body['link']).toMatch(/\S/);
    expect(bytes(body['total'])).toBeCloseTo(bytes(body['tx']) + bytes(body['rx']), -2);
  });

  it('says what the guest says of itself', async () => {
    const said = JSON.parse(
      await bash(`
        device=$(ls /sys/class/net | grep -v lo | head -1)
        printf '{"host":"%s","machine":"%s","mac":"%s","memory":%d,"address":"%s"}' "$(hostname)" \\
          "$(cat /etc/machine-id)" "$(cat /sys/class/net/$device/address)" \\
          "$(awk '/MemTotal/ {print $2 * 1024}' /proc/meminfo)" \\
          "$(awk '/32 host/ && f != "127.0.0.1" {print f} {f = $2}' /proc/net/fib_trie | sort -u)"`),
    );
    const body = await infoOf(runner);
    expect(part(body, 'proof')).toMatchObject({
      hostname: said.host,
      machineId: said.machine,
      mac: said.mac,
      address: said.address,
    });
    expect(said.host).toBe(runner);
    expect(body['ip']).toBe(said.address);
    expect(Number(part(body, 'stats')['guestMemoryBytes'])).toBeGreaterThan(16 * MIB);
  });

  it('has the figures as numbers, each with its unit in its name', async () => {
    const body = await infoOf(runner);
    const stats = part(body, 'stats');
    for (const name of [
      'guestMemoryBytes',
      'guestKernelMemoryBytes',
      'hostPssBytes',
      'hostCpuMs',
      'uptimeSeconds',
      'processes',
      'sampledSecondsAgo',
    ]) {
      expect({ [name]: stats[name] }).toEqual({ [name]: expect.any(Number) });
    }
    expect(part(stats, 'balloon')).toMatchObject({
      totalBytes: expect.any(Number),
      availableBytes: expect.any(Number),
      freeBytes: expect.any(Number),
      ageSeconds: expect.any(Number),
    });
    const network = part(stats, 'network');
    expect(network).toMatchObject({
      rxBytes: expect.any(Number),
      txBytes: expect.any(Number),
      source: 'guest',
    });
    expect(bytes(body['kmem'])).toBeGreaterThan(MIB);
  });

  it('has the QEMU process of the runner, with its memory and CPU time', async () => {
    const body = await infoOf(runner);
    const folder = (await guestFolders()).get(Number(body['pid']));
    expect(folder).toBe(`${service.home.path}/guests/${runner}`);
    const before = Number(part(body, 'stats')['hostCpuMs']);
    expect(Number(part(body, 'stats')['hostPssBytes'])).toBeGreaterThan(MIB);
    await bash('for ((i = 0; i < 20000; i++)); do :; done');
    expect(Number(part(await infoOf(runner), 'stats')['hostCpuMs'])).toBeGreaterThan(before);
  });

  it('tells where it came from and through which states it went', async () => {
    const body = await infoOf(runner);
    expect(body['template']).toBeTruthy();
    expect(part(body, 'proof')).toMatchObject({ clockOffsetMs: expect.any(Number) });
    expect(part(body, 'proof')['generators']).toBeArray();
    const { history } = body;
    if (!Array.isArray(history)) throw new Error('no history');
    expect(history.map(({ state }) => state)).toEqual(['RESTORING', 'READY', 'RUNNING']);
    const times: number[] = history.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Date.parse(String(body['createdAt']))).toBeLessThanOrEqual(Date.now());
    for (const name of ['ageSeconds', 'idleSecondsLeft', 'ageSecondsLeft']) {
      expect({ [name]: body[name] }).toEqual({ [name]: expect.any(Number) });
    }
  });

  it('counts its runs', async () => {
    const before = Number((await infoOf(runner))['runsDone']);
    await bash('true');
    await bash('false');
    expect(await infoOf(runner)).toMatchObject({ runsDone: before + 2, runsUnderWay: 0 });
  });
});

describe('the balloon figures', () => {
  it('arrive after the restore, and move by what the guest allocates', async () => {
    await until('the first report', async () => (await infoOf(runner))['memory'] !== null);
    await until('a settled report', async () => Number((await balloonOf(runner))['availableBytes']) > 0);
    const before = await balloonOf(runner);
    // Held by a background process until told otherwise; written to, so that it is really there.
    const code = `
import os, sys, time
if os.fork() == 0:
    data = bytearray(os.urandom(1 << 20)) * 50
    open('allocated', 'w').close()
    while not os.path.exists('free'): time.sleep(0.1)
    os._exit(0)`;
    await service.runOn(runner, { language: 'python', code });
    await until('the allocation', async () => (await bash('ls allocated 2>/dev/null; true')) !== '');
    const taken = async () =>
      Number(before['availableBytes']) - Number((await balloonOf(runner))['availableBytes']);
    await until('the figures to move by 50 MB', async () => (await taken()) > 40 * MIB);
    const { memory } = await infoOf(runner);
    const { totalBytes, availableBytes } = await balloonOf(runner);
    expect(Math.abs(bytes(memory) - (Number(totalBytes) - Number(availableBytes)))).toBeLessThan(10 * MIB);
    await bash('touch free');
    await until('the figures to move back', async () => (await taken()) < 20 * MIB);
  }, 90_000);
});

describe('the info of a ready runner', () => {
  it('is there for everybody', async () => {
    await service.ready();
    const ready = (await service.list()).find(({ inUse }) => inUse === false);
    const name = String(ready?.['name']);
    const body = await infoOf(name);
    expect(body).toMatchObject({
      name,
      runner: name,
      inUse: false,
      state: 'READY',
      kind: 'ready',
      pid: expect.stringMatching(/^\d+$/),
      ip: expect.stringMatching(/^172\./),
      kmem: expect.stringMatching(SIZE),
      runsUnderWay: 0,
      runsDone: 0,
      idleSecondsLeft: null,
      ageSecondsLeft: null,
    });
    expect(body['ip']).not.toBe((await infoOf(runner))['ip']);
  });

  it('may not be deleted or run on', async () => {
    await service.ready();
    const name = String((await service.list()).find(({ inUse }) => inUse === false)?.['name']);
    expect((await service.runOn(name, { code: '' })).status).toBe(404);
    expect((await service.remove(name)).status).toBe(404);
    expect((await infoOf(name))['state']).toBe('READY');
  });
});

describe('the list', () => {
  it.each(BASES)('tells about memory and runners below $name', async (base) => {
    await service.ready();
    const { status, body } = await service.request(base.list);
    expect(status).toBe(200);
    const memory = part(body, 'memory');
    for (const name of ['total', 'available', 'used']) expect(memory[name]).toMatch(SIZE);
    expect(memory['percent']).toBeWithin(0, 100.01);
    const used = 100 * (bytes(memory['used']) / bytes(memory['total']));
    expect(Math.abs(Number(memory['percent']) - used)).toBeLessThan(1);
    expect(body['runners']).toContainEqual(
      expect.objectContaining({ name: runner, inUse: true, state: 'RUNNING', kind: 'persistent' }),
    );
    expect(body['runners']).toContainEqual(
      expect.objectContaining({ inUse: false, state: 'READY', kind: 'ready' }),
    );
  });

  it.each(['?detail', '?detail=', '?detail=true', '?detail=1'])('has details with %s', async (query) => {
    for (const { list } of BASES) {
      const { body } = await service.request(`${list}${query}`);
      expect(body['runners']).toContainEqual(
        expect.objectContaining({
          name: runner,
          runner,
          stats: expect.anything(),
          history: expect.anything(),
        }),
      );
    }
  });

  it.each(['', '?detail=false', '?detail=0'])('has none with "%s"', async (query) => {
    for (const { list } of BASES) {
      const { body } = await service.request(`${list}${query}`);
      const entry = Array.isArray(body['runners']) && body['runners'].find(({ name }) => name === runner);
      expect(Object.keys(entry)).not.toContain('stats');
    }
  });

  it.each(['?detail=yes', '?detail=2', '?detail=TRUE', '?detail=true&detail=false', '?details'])(
    'refuses %s',
    async (query) => {
      for (const { list } of BASES) {
        const { status, body } = await service.request(`${list}${query}`);
        expect({ status, name: body['name'] }).toEqual({ status: 422, name: 'invalidRequest' });
        expect(body['details']).toEqual([
          expect.objectContaining({ field: expect.stringMatching(/^query\.detail/) }),
        ]);
      }
    },
  );

  it('answers when a guest hangs, without the figures that only that one knows', async () => {
    const hung = await service.create();
    const pid = await service.pidOf(hung);
    process.kill(pid, 'SIGSTOP');
    try {
      const list = await service.list('?detail');
      expect(list.find(({ name }) => name === hung)).toMatchObject({
        name: hung,
        inUse: true,
        pid: String(pid),
        memory: null,
        stats: { balloon: null },
      });
      expect(list.find(({ name }) => name === runner)).toMatchObject({ memory: expect.stringMatching(SIZE) });
      expect((await service.list()).map(({ name }) => name)).toContain(hung);
      expect((await service.info(hung)).body).toMatchObject({ name: hung, memory: null });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect((await service.runOn(hung, { code: 'console.log(1)' })).body['stdout']).toBe('1\n');
    expect((await service.remove(hung)).status).toBe(200);
  });

  it('answers while guests come and go', async () => {
    const gone = await service.create();
    const pid = await service.pidOf(gone);
    const lists = Array.from({ length: 10 }, () => service.request('/api/v1/runner?detail'));
    process.kill(pid, 'SIGKILL');
    for (const list of lists) expect((await list).status).toBe(200);
    await service.gone(gone);
  });
});

describe('the worker', () => {
  it.each(['/api/v1/worker', '/codeland/worker'])('tells about the host and the pool at %s', async (path) => {
    await service.ready();
    const { status, body } = await service.request(path);
    expect(status).toBe(200);
    expect(part(body, 'memory')).toMatchObject({
      total: expect.stringMatching(SIZE),
      totalBytes: expect.any(Number),
    });
    expect(Number(part(body, 'disk')['freeBytes'])).toBeGreaterThan(MIB);
    expect(part(body, 'load')).toMatchObject({ one: expect.any(Number) });
    expect(part(body, 'pool')).toMatchObject({ target: 1, ready: 1, leased: 1, failed: 0 });
    expect(part(body, 'queue')).toMatchObject({ length: 0, limit: expect.any(Number) });
    expect(part(body, 'refill')).toMatchObject({
      meanRestoreMs: expect.any(Number),
      perSecond: expect.any(Number),
    });
    expect(body['lastErrors']).toBeArray();
  });
});
