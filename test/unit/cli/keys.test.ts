import { describe, expect, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { KeyAccess } from '../../../src/access/access.ts';
import { NO_LIMITS } from '../../../src/access/principal.ts';
import { Database } from '../../../src/store/database.ts';
import { thrown } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const SCRIPT = join(import.meta.dirname, '../../../scripts/keys');
const SECRET = /cl_[\w-]{43}/;

const EGRESS = ['create', '--name', 'x', '--network', 'egress'];

/** Runs `scripts/keys` as an operator does. */
async function keys(home: string, ...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const child = spawn(SCRIPT, args, { env: { ...process.env, CODELAND_HOME: home } });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode ?? -1, out, err };
}

async function create(home: string, ...args: string[]): Promise<{ id: string; key: string }> {
  const { out } = await keys(home, 'create', ...args, '--json');
  return JSON.parse(out);
}

describe('scripts/keys', () => {
  test('makes a key that a running server takes, and revokes it under its eyes', async () => {
    await using home = await TempFolder.create();
    using database = Database.open(home.path);
    const onFault = (error: unknown) => {
      throw error;
    };
    using access = new KeyAccess({ database, environmentKey: undefined, onFault });
    const made = await keys(home.path, 'create', '--name', 'ci');
    const secret = SECRET.exec(made.out)?.[0];
    expect(made).toMatchObject({ status: 0, err: '' });
    const principal = access.authenticate(`Bearer ${secret}`);
    expect(principal).toMatchObject({ name: 'ci', limits: NO_LIMITS, network: { mode: 'none' } });
    expect(made.out).toStartWith(`${principal.id} "ci": no limits; no network\n`);

    const revoked = await keys(home.path, 'revoke', principal.id);
    expect(revoked).toMatchObject({ status: 0, err: '' });
    expect(revoked.out).toContain(`${principal.id} "ci" is revoked`);
    expect(String(thrown(() => access.authenticate(`Bearer ${secret}`)))).toContain(
      'the key has been revoked',
    );
    const again = await keys(home.path, 'revoke', principal.id);
    expect(again).toMatchObject({ status: 0, out: expect.stringContaining('has been revoked before') });
  });

  test('keeps the limits it is given', async () => {
    await using home = await TempFolder.create();
    const flags = ['--requests-per-minute', '60', '--concurrent-runners=2', '--cpu-seconds-per-day', '600'];
    const made = await create(home.path, '--name', 'ci', ...flags, '--once-only');
    const limits = {
      requestsPerMinute: 60,
      concurrentRunners: 2,
      cpuSecondsPerDay: 600,
      persistentRunners: false,
    };
    expect(made).toMatchObject({ name: 'ci', limits, key: expect.stringMatching(SECRET) });
    const listed = JSON.parse((await keys(home.path, 'list', '--json')).out);
    expect(listed).toEqual([
      {
        id: made.id,
        name: 'ci',
        limits,
        network: { mode: 'none' },
        cpuSecondsToday: 0,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        lastUsedAt: null,
        revokedAt: null,
      },
    ]);
  });

  test('lists what keys may do, have used, and when, and no secret', async () => {
    await using home = await TempFolder.create();
    const ci = await create(home.path, '--name', 'ci', '--cpu-seconds-per-day', '600', '--once-only');
    const old = await create(home.path, '--name', 'a longer name', '--requests-per-minute', '1000');
    await keys(home.path, 'revoke', old.id);
    {
      using database = Database.open(home.path);
      using access = new KeyAccess({ database, environmentKey: undefined, onFault: () => {} });
      access.charge(access.authenticate(`Bearer ${ci.key}`).id, 12_345);
    }
    const { status, out } = await keys(home.path, 'list');
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;
    const lines = out.split('\n');
    expect(status).toBe(0);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(
      /^ID +NAME +REQ\/MIN +RUNNERS +CPU S TODAY +PERSISTENT +NETWORK +CREATED +LAST USED +REVOKED$/,
    );
    expect(lines[1]).toMatch(new RegExp(`^${ci.id}  ci +- +- +12\\.3 / 600  no +none +${time}  ${time}  -$`));
    expect(lines[2]).toMatch(
      new RegExp(`^${old.id}  a longer name +1000 +- +0\\.0 / -  yes +none +${time}  - +${time}$`),
    );
    for (const heading of ['NAME', 'PERSISTENT', 'NETWORK', 'CREATED', 'REVOKED']) {
      const column = lines[0]?.indexOf(heading) ?? 0;
      for (const line of lines.slice(1, 3)) expect(line.slice(column - 1, column + 1)).toMatch(/^ \S$/);
    }
    expect((await keys(home.path, 'list', '--json')).out + out).not.toMatch(SECRET);
    expect(out).not.toContain(ci.key);
  });

  test('keeps the network it is given', async () => {
    await using home = await TempFolder.create();
    const lists = ['--allow', '0.0.0.0/0:443-443', '--allow=10.1.2.3:5432', '--deny', '203.0.113.0/24'];
    const made = await create(
      home.path,
      '--name',
      'ci',
      '--network',
      'egress',
      ...lists,
      '--connections',
      '8',
    );
    const network = {
      mode: 'egress',
      allow: ['0.0.0.0/0:443', '10.1.2.3:5432'],
      deny: ['203.0.113.0/24'],
      kibPerSecond: 10_240,
      connections: 8,
    };
    expect(made).toMatchObject({ network });
    expect(JSON.parse((await keys(home.path, 'list', '--json')).out)).toMatchObject([{ network }]);
    const inWords =
      'egress (only 0.0.0.0/0:443 10.1.2.3:5432; not 203.0.113.0/24; 10240 KiB/s each way; 8 connections)';
    const { out } = await keys(home.path, 'list');
    expect(out).toMatch(/^key_\w+ +ci .* yes +egress +\d{4}-/m);
    expect(out).toContain(`\n${made.id}: ${inWords}\n`);
    {
      using database = Database.open(home.path);
      using access = new KeyAccess({ database, environmentKey: undefined, onFault: () => {} });
      expect(access.authenticate(`Bearer ${made.key}`).network).toEqual({
        mode: 'egress',
        allow: [
          { cidr: '0.0.0.0/0', ports: { first: 443, last: 443 } },
          { cidr: '10.1.2.3/32', ports: { first: 5432, last: 5432 } },
        ],
        deny: [{ cidr: '203.0.113.0/24', ports: null }],
        kibPerSecond: 10_240,
        connections: 8,
      });
    }

    const flags = ['--network=egress', '--kib-per-second', '512'];
    const shown = await keys(home.path, 'create', '--name', 'all', ...flags);
    expect(shown.out).toContain('no limits; egress (512 KiB/s each way; 64 connections)\n');
  });

  test('says so when there are no keys', async () => {
    await using home = await TempFolder.create();
    Database.open(home.path)[Symbol.dispose]();
    expect((await keys(home.path, 'list')).out).toContain('There are no keys.');
    expect((await keys(home.path, 'list', '--json')).out).toBe('[]\n');
  });

  test.each(['--help', '-h', 'help', 'list --help'])('explains itself: %s', async (line) => {
    const args = line.split(' ');
    await using home = await TempFolder.create();
    const { status, out } = await keys(home.path, ...args);
    expect(status).toBe(0);
    for (const command of ['create', 'list', 'revoke']) expect(out).toContain(`scripts/keys ${command}`);
    expect(await readdir(home.path)).toEqual([]);
  });

  test.each([
    [[], 'no command is given; there are create, list, revoke'],
    [['remove'], 'there is no command "remove"; there are create, list, revoke'],
    [['create'], '--name is missing'],
    [['create', '--name'], "'--name"],
    [['create', '--name', '-x'], "'--name'"],
    [['create', '--name', ' x'], '--name is " x"; it must be 1 to 64 letters'],
    [['create', '--name', 'a\nb'], '--name is'],
    [['create', '--name', 'x'.repeat(65)], '1 to 64 letters'],
    [['create', '--name', 'environment'], '--name is "environment"'],
    [
      ['create', '--name', 'x', '--requests-per-minute', '0'],
      '--requests-per-minute is "0"; it must be a whole',
    ],
    [['create', '--name', 'x', '--concurrent-runners', '1.5'], '--concurrent-runners is "1.5"'],
    [['create', '--name', 'x', '--cpu-seconds-per-day=-1'], '--cpu-seconds-per-day is "-1"'],
    [['create', '--name', 'x', '--cpu-seconds-per-day', '1e3'], '--cpu-seconds-per-day is "1e3"'],
    [['create', '--name', 'x', '--once-only=1'], "'--once-only'"],
    [['create', '--name', 'x', '--forever'], "Unknown option '--forever'"],
    [['create', '--name', 'x', '--network', 'open'], '--network is "open"; it must be none or egress'],
    [['create', '--name', 'x', '--allow', '10.0.0.0/8'], '--allow needs --network egress'],
    [['create', '--name', 'x', '--network', 'none', '--connections', '1'], '--connections needs --network'],
    [[...EGRESS, '--allow', 'example.com'], '--allow: "example.com" is no destination: give an IPv4 address'],
    [[...EGRESS, '--deny', '10.0.0.1/8'], '--deny: "10.0.0.1/8" is no destination: bits are set after'],
    [[...EGRESS, '--allow', '::1'], 'guests have no IPv6'],
    [[...EGRESS, '--allow', '169.254.169.254:80'], '--allow is "169.254.169.254:80", which no guest reaches'],
    [[...EGRESS, ...Array(101).fill('--deny=8.8.8.8')], '--deny is given 101 times; 100 are the most'],
    [[...EGRESS, '--kib-per-second', '0'], '--kib-per-second is "0"; it must be a whole number from 1 to'],
    [
      [...EGRESS, '--connections', '4097'],
      '--connections is "4097"; it must be a whole number from 1 to 4096',
    ],
    [['create', 'x'], '"x" is one operand too many for "create"'],
    [['list', '--name', 'x'], '--name is not an option of "list"'],
    [['revoke'], '"revoke" needs ID'],
    [['revoke', 'a', 'b'], '"b" is one operand too many for "revoke"'],
  ])('refuses wrong usage, names what is wrong and changes nothing: %j', async (args, message) => {
    await using home = await TempFolder.create();
    const { status, out, err } = await keys(home.path, ...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toStartWith('codeland: ');
    expect(err).toContain(message);
    expect(err).toEndWith('scripts/keys --help says how it is used\n');
    expect(await readdir(home.path)).toEqual([]);
  });

  test('refuses what cannot be done, and says what can', async () => {
    await using home = await TempFolder.create();
    const nowhere = await keys(home.file('none'), 'list');
    expect(nowhere).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringContaining('CODELAND_HOME says where'),
    });
    expect(await readdir(home.path)).toEqual([]);

    const { id } = await create(home.path, '--name', 'ci');
    const twice = await keys(home.path, 'create', '--name', 'ci');
    expect(twice).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringContaining(`scripts/keys revoke ${id}`),
    });
    const byName = await keys(home.path, 'revoke', 'ci');
    expect(byName).toMatchObject({
      status: 1,
      err: expect.stringContaining(`the one of this name is ${id}`),
    });
    const unknown = await keys(home.path, 'revoke', 'key_000000000000');
    expect(unknown).toMatchObject({
      status: 1,
      err: expect.stringContaining('"scripts/keys list" shows them'),
    });

    await keys(home.path, 'revoke', id);
    expect((await keys(home.path, 'create', '--name', 'ci')).status).toBe(0);
  });
});
