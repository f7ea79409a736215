/** Keys, environments and programs: where they must not be, while a server works and after. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, type HttpClient, httpClient } from '../support/http-client.ts';
import { createKey } from '../support/keys.ts';
import { ServerProcess } from '../support/server-process.ts';
import { TestHome } from '../support/test-home.ts';
import { until } from '../support/until.ts';

const mark = (what: string) => `mark-${what}-${randomBytes(8).toString('hex')}`;

const KEY = mark('key');
const OPERATORS = mark('operators');
const CODE = mark('code');
const STDIN = mark('stdin');
const ARGUMENT = mark('argument');
const ENVIRONMENT = mark('environment');
const FILE = mark('file');
const OUTPUT = mark('output');
const FIELD = mark('field');
/** Sent to be kept in clear: shows that what is searched is where it could be found. */
const LABEL = mark('label');

/** Which runs of the code show in the answer's `res`, which is Base64 of what was printed. */
const ENCODED = Buffer.from(OUTPUT).toString('base64').slice(0, -4);
const secrets = [KEY, OPERATORS, CODE, STDIN, ARGUMENT, ENVIRONMENT, FILE, OUTPUT, FIELD, ENCODED];

const PROGRAM = {
  code: `/* ${CODE} */
    process.stdout.write('${OUTPUT}');
    console.error(await Bun.stdin.text(), Bun.argv, process.env);`,
  stdin: STDIN,
  args: [ARGUMENT],
  env: { SECRET: ENVIRONMENT },
  files: { 'secret.txt': FILE },
};

let home: TestHome;
let server: ServerProcess;
/** Requests with the operator's key, and with one that was made. */
let operator: HttpClient;
let user: HttpClient;
const startedAt = Date.now();

beforeAll(async () => {
  home = await TestHome.create();
  // The server is started with the widest umask there is.
  const umask = process.umask(0);
  const starting = ServerProcess.start(home, {
    CODELAND_KEY: KEY,
    TOKEN_OF_THE_OPERATOR: OPERATORS,
    CODELAND_LOG_LEVEL: 'debug',
  });
  process.umask(umask);
  server = await starting;
  operator = httpClient(server.url, KEY);
  const made = await createKey(home, 'secrets');
  secrets.push(made.key);
  user = httpClient(server.url, made.key);
}, 600_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

const run = (body: object | string, query = '', http = operator, headers = {}): Promise<Answer> =>
  http(`/api/v1/runner/run?wait=60${query}`, { body, headers });

/** The processes that descend from the server, with what all users and what their own see of them. */
function descendants(): { pid: number; name: string; cmdline: string; environ: string }[] {
  const read = (pid: number | string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1');
    } catch {
      return '';
    }
  };
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => [Number(pid), Number(/^PPid:\t(\d+)$/m.exec(read(pid, 'status'))?.[1] ?? 0)]),
  );
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 0 && (pid === server.child.pid || isBelow(parents.get(pid)));
  return [...parents.keys()]
    .filter((pid) => pid !== server.child.pid && isBelow(pid))
    .map((pid) => ({
      pid,
      name: read(pid, 'comm').trim(),
      cmdline: read(pid, 'cmdline'),
      environ: read(pid, 'environ'),
    }));
}

const isQemu = ({ name }: { name: string }) => name.startsWith('qemu-system');

/** Every file below a folder, without following links; what vanishes meanwhile is left out. */
function* below(folder: string): Generator<{ path: string; mode: number; isFile: boolean; mtimeMs: number }> {
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const path = join(folder, name);
    try {
      const found = lstatSync(path);
      if (!found.isSymbolicLink()) {
        yield { path, mode: found.mode & 0o7777, isFile: found.isFile(), mtimeMs: found.mtimeMs };
      }
      if (!found.isDirectory()) continue;
    } catch {
      continue;
    }
    yield* below(path);
  }
}

/** Which of the texts a file has in it. */
function found(path: string, texts: readonly string[]): string[] {
  try {
    const bytes = readFileSync(path);
    return texts.filter((text) => bytes.includes(text));
  } catch {
    return [];
  }
}

const expectNoSecret = (where: string, text: string) =>
  expect({ where, found: secrets.filter((secret) => text.includes(secret)) }).toEqual({ where, found: [] });

function expectNoneInProcesses(): void {
  const processes = descendants();
  expect(processes.filter(isQemu).length).toBeGreaterThan(1);
  for (const { pid, name, cmdline, environ } of processes) {
    expectNoSecret(`the arguments of ${name} (${pid})`, cmdline);
    expectNoSecret(`the environment of ${name} (${pid})`, environ);
    expect(environ).not.toContain('CODELAND_');
  }
  // What is searched is what there is.
  for (const { cmdline, environ } of processes.filter(isQemu)) {
    expect(cmdline).toContain('guest=');
    expect(environ).toContain('PATH=');
  }
}

describe('what is sent and printed', () => {
  it('is in no process but the server while it runs', async () => {
    const going = run({ ...PROGRAM, code: `${PROGRAM.code}\nawait Bun.sleep(4000);` });
    await until('the run', async () => {
      const { body } = await operator('/api/v1/runner');
      return JSON.stringify(body).includes('"inUse":true');
    });
    await until('a guest beside it', () => descendants().filter(isQemu).length > 1);
    expectNoneInProcesses();
    const { status, body } = await going;
    expect(status).toBe(200);
    for (const seen of [STDIN, ARGUMENT, ENVIRONMENT]) expect(String(body['stderr'])).toContain(seen);
    expect(body['stdout']).toBe(OUTPUT);
  }, 120_000);

  it('is in no file and no line of the log, however the request ends', async () => {
    expect((await run(PROGRAM, '', user)).status).toBe(200);
    expect((await run({ ...PROGRAM, code: `throw '${CODE}'` })).body['exitCode']).toBe(1);
    expect((await run({ ...PROGRAM, code: `${PROGRAM.code} for (;;);` }, '&time=1')).status).toBe(498);
    expect((await run({ ...PROGRAM, language: CODE })).status).toBe(422);
    expect((await run({ ...PROGRAM, [FIELD]: CODE })).status).toBe(422);
    expect((await run({ ...PROGRAM, files: { [`../${FIELD}`]: FILE } })).status).toBe(422);
    expect((await run(`{"code": "${CODE}`)).status).toBe(422);
    expect((await run(PROGRAM, `&${FIELD}=1`)).status).toBe(422);
    expect((await run(PROGRAM, '', httpClient(server.url, mark('wrong-key')))).status).toBe(401);
    expect((await run({ code: 'kill -9 1; echo b >/proc/sysrq-trigger', language: 'bash' })).status).toBe(
      200,
    );
    for (const _ of ['first', 'again']) {
      const once = await run(PROGRAM, '', user, { 'idempotency-key': LABEL });
      expect(once).toMatchObject({ status: 200, body: { stdout: OUTPUT } });
      const late = `${PROGRAM.code} for (;;);`;
      const limited = { 'idempotency-key': `${LABEL}-late` };
      expect((await run({ ...PROGRAM, code: late }, '&time=1', user, limited)).status).toBe(498);
    }
    const made = await operator('/api/v1/runner/new?wait=60', { body: PROGRAM });
    expect(made.status).toBe(200);
    const runner = String(made.body['runner']);
    expect((await operator(`/api/v1/runner/run/${runner}`, { body: PROGRAM })).status).toBe(200);
    expect((await operator(`/api/v1/runner/${runner}`)).status).toBe(200);

    expectNoneInProcesses();
    expectNoSecret('the log', server.stdout);
    expectNoSecret('what is written besides the log', server.stderr);
    const files = [...below(home.path)].filter(({ isFile }) => isFile);
    for (const { path } of files) expect({ path, found: found(path, secrets) }).toEqual({ path, found: [] });
    // The search finds what is there.
    expect(files.flatMap(({ path }) => found(path, [LABEL]))).toContain(LABEL);

    expect((await operator(`/api/v1/runner/${runner}`, { method: 'DELETE' })).status).toBe(200);
    for (const place of new Set([tmpdir(), '/var/tmp', '/dev/shm', '/run'])) {
      for (const { path, isFile, mtimeMs } of below(place)) {
        if (!isFile || mtimeMs < startedAt) continue;
        expect({ path, found: found(path, secrets) }).toEqual({ path, found: [] });
      }
    }
  }, 300_000);
});

/** What its image and template are made of is the same everywhere, but only root may change it. */
describe('the data folder', () => {
  it('is for its user alone, whatever the umask', () => {
    const entries = [...below(home.path)].filter(({ path }) => !path.endsWith('/accelerator.json'));
    for (const { path, mode } of entries) {
      expect({ path, others: (mode & 0o077).toString(8) }).toEqual({ path, others: '0' });
    }
    const names = entries.map(({ path }) => path.slice(home.path.length + 1));
    for (const name of ['codeland.db', 'codeland.db-wal', 'codeland.db-shm', 'server.json', 'guests']) {
      expect(names).toContain(name);
    }
    expect(names.some((name) => /^guests\/[^/]+\/.*sock$/.test(name))).toBe(true);
  });

  it('has image and template behind folders that others cannot enter', () => {
    for (const name of ['images', 'templates']) {
      const folder = realpathSync(join(home.path, name));
      expect({ name, mode: (lstatSync(folder).mode & 0o777).toString(8) }).toEqual({ name, mode: '700' });
      const current = realpathSync(join(folder, 'current'));
      for (const { path, mode } of below(current)) {
        expect({ path, writers: (mode & 0o022).toString(8) }).toEqual({ path, writers: '0' });
      }
    }
  });
});

describe('a core dump', () => {
  it('is made of no QEMU', () => {
    const guests = descendants().filter(isQemu);
    expect(guests.length).toBeGreaterThan(0);
    for (const { pid } of guests) {
      const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
      expect(Number(/^Max core file size\s+(\S+)\s+\1\s/m.exec(limits)?.[1])).toBeLessThan(2);
    }
  });
});

/** Leaves a secret wherever a program may leave one. */
const leave = (secret: string) => ({
  language: 'python',
  env: { LEFT: secret },
  args: [secret],
  files: { 'left.txt': secret },
  code: `
import os, subprocess
for place in ['.', '/tmp', '/dev/shm', '/var/tmp']:
  try:
    open(os.path.join(place, 'left-behind'), 'w').write('${secret}')
  except OSError: pass
subprocess.Popen(['sleep', '1000'], env={'LEFT': '${secret}'}, start_new_session=True)
keep = bytearray(b'${secret}' * 100_000)
print('left')`,
});

/**
 * Looks for a secret in all that a program can read of its guest: files, and every other process's environment,
 * arguments and memory. The secret comes backwards, so that it is not found in the program itself. The program's keeper has the
 * program's own memory, and is its only child.
 */
const search = (secret: string) => ({
  language: 'python',
  code: `
import os
secret = '${Array.from(secret).toReversed().join('')}'[::-1].encode()
looked = found = 0
def look(path):
  global looked, found
  try:
    with open(path, 'rb') as file:
      tail = b''
      while piece := file.read(1 << 20):
        looked += len(piece)
        found += secret in tail + piece
        tail = piece[-100:]
  except OSError: pass
for top in ['.', '/tmp', '/dev/shm', '/var', '/run', '/home', '/root', '/etc']:
  for folder, _, names in os.walk(top):
    for name in names:
      path = os.path.join(folder, name)
      if os.path.isfile(path) and not os.path.islink(path): look(path)
for pid in os.listdir('/proc'):
  if not pid.isdigit() or int(pid) == os.getpid(): continue
  try:
    with open(f'/proc/{pid}/stat') as stat: parent = stat.read().rpartition(')')[2].split()[1]
  except OSError: continue
  if int(parent) == os.getpid(): continue
  look(f'/proc/{pid}/environ')
  look(f'/proc/{pid}/cmdline')
  try:
    maps = open(f'/proc/{pid}/maps').read().splitlines()
    memory = open(f'/proc/{pid}/mem', 'rb', 0)
  except OSError: continue
  for line in maps:
    begin, end = (int(part, 16) for part in line.split()[0].split('-'))
    if 'rw' not in line.split()[1]: continue
    try:
      memory.seek(begin)
      piece = memory.read(min(end - begin, 64 << 20))
      looked += len(piece)
      found += secret in piece
    except (OSError, OverflowError, ValueError): pass
print(looked > 1000, found)`,
});

describe('a guest', () => {
  it('has nothing of what another guest had', async () => {
    const secret = mark('left');
    const made = await operator('/api/v1/runner/new?wait=60', { body: leave(secret) });
    expect(made.body).toMatchObject({ stdout: 'left\n' });
    const runner = String(made.body['runner']);
    const again = await operator(`/api/v1/runner/run/${runner}?time=60`, { body: search(secret) });
    // Where it was left it is found.
    expect(again.body['stdout']).toMatch(/^True [1-9]/);
    // Before and after it has gone.
    const beside = await run(search(secret), '&time=60', user);
    expect(beside.body['stdout']).toBe('True 0\n');
    expect((await operator(`/api/v1/runner/${runner}`, { method: 'DELETE' })).status).toBe(200);
    expect((await run(leave(secret))).body['stdout']).toBe('left\n');
    for (const _ of [1, 2, 3]) {
      expect((await run(search(secret), '&time=60', user)).body['stdout']).toBe('True 0\n');
    }
  }, 300_000);
});
