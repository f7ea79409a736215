/** Fifty clones of one template, restored and forked: nothing that should be a clone's own may be shared. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import type { Readiness } from '../../src/guest/ready.ts';
import { Clones, run } from '../support/clones.ts';

const COUNT = 50;
/** Those that are restored; the others are forked, which is how most guests come to be where forks pay. */
const RESTORED = 10;

/**
 * One draw per line, `source value`; each source is one that a program may rely on. Workers, which are slow to
 * start, are compared in `test/agent/clones.test.ts`.
 */
const SOURCES: Readonly<Record<string, string>> = {
  javascript: `
    import { randomBytes, randomUUID } from 'node:crypto';
    import { readFileSync } from 'node:fs';
    import { createContext, runInContext, runInNewContext } from 'node:vm';
    const before = createContext({});
    const draws = {
      'Math.random': Math.random(),
      randomUUID: randomUUID(),
      'crypto.randomUUID': crypto.randomUUID(),
      getRandomValues: crypto.getRandomValues(new Uint8Array(16)).toHex(),
      randomBytes: randomBytes(16).toString('hex'),
      'Bun.randomUUIDv7': Bun.randomUUIDv7(),
      'vm context': runInContext('Math.random()', before),
      'new vm context': runInNewContext('Math.random()'),
      'boot id': readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    };
    for (const [source, draw] of Object.entries(draws)) console.log(source.replaceAll(' ', '-'), draw);`,
  typescript: `
    const draw: number = Math.random();
    console.log('Math.random', draw);
    console.log('randomUUID', crypto.randomUUID());`,
  python: `
import os, random, secrets, tempfile, uuid
print('random', random.random())
print('SystemRandom', random.SystemRandom().random())
print('urandom', os.urandom(16).hex())
print('getrandom', os.getrandom(16).hex())
print('uuid4', uuid.uuid4())
print('secrets', secrets.token_hex(16))
print('tempfile', tempfile.mktemp())`,
  bash: `
echo "RANDOM $RANDOM$RANDOM$RANDOM$RANDOM"
echo "SRANDOM $SRANDOM$SRANDOM"
echo "urandom $(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' ')"
echo "mktemp $(mktemp -u)"
echo "uuid $(cat /proc/sys/kernel/random/uuid)"`,
};

type Clone = {
  readonly hostname: string;
  readonly machineId: string;
  readonly mac: string;
  readonly address: string;
  readonly clockOffsetMs: number;
  readonly draws: ReadonlyMap<string, string>;
  /** What the host knew of it before anybody used it. */
  readonly told: Readiness;
};

describe(`${COUNT} clones`, () => {
  let clones: Clones;
  const seen: Clone[] = [];
  let started = 0;

  beforeAll(async () => {
    clones = await Clones.open();
    const worker = async () => {
      while (started < COUNT) {
        started += 1;
        seen.push(await draw(started <= RESTORED ? clones.ready() : clones.readyFork()));
      }
    };
    await Promise.all([worker(), worker()]);
  }, 1_200_000);
  afterAll(() => clones[Symbol.asyncDispose]());

  it('share no randomness, in any language, from any source', () => {
    const sources = [...(seen[0]?.draws.keys() ?? [])];
    expect(sources.length).toBeGreaterThanOrEqual(20);
    for (const source of sources) {
      const values = new Set(seen.map(({ draws }) => draws.get(source)));
      expect({ source, different: values.size }).toEqual({ source, different: COUNT });
    }
  });

  it('have a hostname and a machine-id of their own', () => {
    expect(new Set(seen.map(({ hostname }) => hostname)).size).toBe(COUNT);
    expect(new Set(seen.map(({ machineId }) => machineId)).size).toBe(COUNT);
    for (const { machineId } of seen) expect(machineId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('have a MAC and an IP address of their own, as the restore proof says', () => {
    expect(new Set(seen.map(({ mac }) => mac)).size).toBe(COUNT);
    expect(new Set(seen.map(({ address }) => address)).size).toBe(COUNT);
    for (const { mac, address, told } of seen) {
      expect(mac).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
      expect(address).toMatch(/^172\.(1[6-9]|2[0-9]|3[01])\.\d+\.\d+\/12$/);
      expect(address).toBe(`${told.proof.address}/12`);
      expect(told.proof.mac).toBe(mac);
    }
  });

  it('told how they were before they were used', () => {
    for (const { told } of seen) {
      expect(told.stats.processes).toBeGreaterThan(10);
      expect(told.stats.uptimeMs).toBeGreaterThan(1000);
      expect(told.stats.network).toMatchObject({ rxBytes: 0, rxPackets: 0 });
    }
  });

  it('have the time of the host, to 100 ms', () => {
    for (const { clockOffsetMs } of seen) expect(Math.abs(clockOffsetMs)).toBeLessThan(100);
  });
});

async function draw(ready: ReturnType<Clones['ready']>): Promise<Clone> {
  const { guest, ...told } = await ready;
  await using _ = guest;
  const draws = new Map<string, string>();
  for (const [language, code] of Object.entries(SOURCES)) {
    const { stdout, stderr, exit } = await run(guest, language, code);
    if (exit.code !== 0) throw new Error(`${language} ended with ${exit.code}: ${stderr}`);
    for (const line of stdout.trim().split('\n')) {
      const [source = '', value = ''] = line.split(' ');
      draws.set(`${language} ${source}`, value);
    }
  }
  const identity = await run(
    guest,
    'bash',
    `hostname; cat /etc/machine-id /sys/class/net/eth0/address
    ip -o -4 addr show dev eth0 | awk '{ print $4 }'; sleep 0.2`,
  );
  const [hostname = '', machineId = '', mac = '', address = ''] = identity.stdout.split('\n');
  const askedAt = Date.now();
  const time = Number((await run(guest, 'bash', 'date +%s.%N')).stdout) * 1000;
  // The guest read its clock at some moment between the two.
  const clockOffsetMs = time - Math.min(Math.max(time, askedAt), Date.now());
  return { hostname, machineId, mac, address, told, clockOffsetMs, draws };
}
