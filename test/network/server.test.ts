/** A whole server with `CODELAND_EGRESS=on` on a network of the test's own: from a key's policy to a runner's info. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { isRecord } from '../support/http-client.ts';
import { createKey } from '../support/keys.ts';
import { ServerProcess } from '../support/server-process.ts';
import { TEST_KEY, TestHome } from '../support/test-home.ts';
import { until } from '../support/until.ts';
import {
  ELSEWHERE,
  HOST,
  HOST_PORT,
  INTERNET,
  Lab,
  METADATA,
  NAME_SERVER,
  NEIGHBOUR,
} from './support/lab.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** Says of each destination what it answers, or how it fails. */
const PROGRAM = `
import json, socket, sys
socket.setdefaulttimeout(4)
def tcp(host, port):
    try:
        with socket.socket() as link:
            link.connect((host, int(port)))
            link.sendall(b'hello')
            return 'answers' if link.recv(100) else 'is silent'
    except OSError as error:
        return type(error).__name__
print(json.dumps([tcp(*each.split(' ')) for each in sys.argv[1:]]))
`;

describe.skipIf(!isRoot)('a server with egress', () => {
  const stack = new AsyncDisposableStack();
  let server: ServerProcess;
  let start: () => Promise<void>;
  let key: string;
  beforeAll(async () => {
    const home = stack.use(await TestHome.create());
    const terms = ['--network', 'egress', '--deny', `${ELSEWHERE}/32`, '--allow', '0.0.0.0/0:80'];
    ({ key } = await createKey(home, 'out', ...terms));
    stack.use(await Lab.open());
    start = async () => {
      server = stack.use(
        ServerProcess.spawn(home, {
          CODELAND_EGRESS: 'on',
          CODELAND_EGRESS_RESOLVERS: NAME_SERVER,
          CODELAND_POOL_SIZE: '1',
        }),
      );
      await server.listening();
      await until('a guest to be ready', async () => (await ask('/readyz', TEST_KEY)).status === 200);
    };
    await start();
  }, 900_000);
  afterAll(() => stack.disposeAsync());

  /** By curl: the runtime's own client may have threads on the machine's network. */
  async function ask(
    path: string,
    bearer: string,
    body?: object,
  ): Promise<{ status: number; body: unknown }> {
    const { stdout } = await run('curl', [
      ...['-sS', '--max-time', '110', '-w', '\n%{http_code}', `${server.url}${path}`],
      ...['-H', `Authorization: Bearer ${bearer}`, '-H', 'Content-Type: application/json'],
      ...(body ? ['-d', JSON.stringify(body)] : []),
    ]);
    const end = stdout.lastIndexOf('\n');
    const text = stdout.slice(0, end);
    return { status: Number(stdout.slice(end)), body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  const program = (...destinations: string[]) => ({ language: 'python', code: PROGRAM, args: destinations });

  async function said(path: string, bearer: string, body: object): Promise<unknown> {
    const answer = await ask(`${path}?wait=60`, bearer, body);
    if (!isRecord(answer.body) || answer.status !== 200) throw new Error(JSON.stringify(answer));
    return JSON.parse(String(answer.body['stdout']));
  }

  it('gives a one-shot run what its key may reach, and no more', async () => {
    const destinations = ['example.com 80', `${INTERNET} 443`, `${ELSEWHERE} 80`, `${METADATA} 80`];
    const local = [`${NEIGHBOUR} 80`, `${HOST} ${HOST_PORT}`, `127.0.0.1 ${new URL(server.url).port}`];
    expect(await said('/api/v1/runner/run', key, program(...destinations, ...local))).toEqual([
      'answers',
      ...Array.from({ length: 6 }, () => 'ConnectionRefusedError'),
    ]);
  });

  it('gives nothing to a run that asks for nothing, nor to a key without it', async () => {
    const destinations = ['example.com 80', `${INTERNET} 80`];
    const nothing = ['gaierror', 'OSError'];
    const body = { ...program(...destinations), network: 'none' };
    expect(await said('/api/v1/runner/run', key, body)).toEqual(nothing);
    expect(await said('/api/v1/runner/run', TEST_KEY, program(...destinations))).toEqual(nothing);
    const refused = await ask('/api/v1/runner/run', TEST_KEY, { ...body, network: 'egress' });
    expect(refused).toMatchObject({ status: 403, body: { name: 'forbidden' } });
  });

  it('keeps the way out of a runner that stays, and tells what went through', async () => {
    const made = await ask('/api/v1/runner/new?wait=60', key, {});
    const name = isRecord(made.body) ? String(made.body['runner']) : '';
    const body = program('example.com 80', `${METADATA} 80`);
    for (let round = 0; round < 2; round++) {
      const answer = await ask(`/api/v1/runner/run/${name}`, key, body);
      expect(answer).toMatchObject({ status: 200, body: { exitCode: 0 } });
    }
    const info = await ask(`/api/v1/runner/${name}`, key);
    expect(info).toMatchObject({
      status: 200,
      body: {
        network: {
          mode: 'egress',
          source: 'host',
          isComplete: true,
          connections: expect.arrayContaining([
            expect.objectContaining({ destination: INTERNET, port: 80, verdict: 'allowed' }),
            expect.objectContaining({ destination: METADATA, port: 80, verdict: 'denied', receivedBytes: 0 }),
          ]),
          names: [expect.objectContaining({ name: 'example.com', verdict: 'answered' })],
        },
      },
    });
  });

  it('gives the way out back to a runner that outlived a server', async () => {
    const made = await ask('/api/v1/runner/new?wait=60', key, {});
    const name = isRecord(made.body) ? String(made.body['runner']) : '';
    const body = program('example.com 80', `${METADATA} 80`);
    const reach = async () => {
      const answer = await ask(`/api/v1/runner/run/${name}`, key, body);
      return isRecord(answer.body) ? JSON.parse(String(answer.body['stdout'])) : answer;
    };
    expect(await reach()).toEqual(['answers', 'ConnectionRefusedError']);
    const before = await ask(`/api/v1/runner/${name}`, key);
    server.child.kill('SIGKILL');
    await once(server.child, 'close');
    await start();
    const after = await ask(`/api/v1/runner/${name}`, key);
    const connections = (body: unknown) =>
      isRecord(body) && isRecord(body['network']) && body['network']['connections'];
    expect(connections(after.body)).toEqual(connections(before.body));
    expect(await reach()).toEqual(['answers', 'ConnectionRefusedError']);
    expect((await ask(`/api/v1/runner/${name}`, key)).body).toMatchObject({
      network: { names: [expect.objectContaining({ name: 'example.com' })], isComplete: false },
    });
  }, 240_000);

  it('leaves nothing on the host when it ends', async () => {
    expect((await run('nft', ['list', 'tables'])).stdout).not.toBe('');
    expect(await server.stop()).toBe(0);
    expect((await run('nft', ['list', 'tables'])).stdout).toBe('');
    const { stdout } = await run('ip', ['-o', 'link']);
    expect(stdout.match(/^\d+: [^@:]+/gm)).toEqual(['1: lo', expect.stringMatching(/: eth0$/)]);
  });
});
