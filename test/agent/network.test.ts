/** What programs find of the network, without a way out and with one. Nobody is at the other end of the device here. */
import { afterAll, beforeAll, describe, expect, it, setDefaultTimeout } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestGuest } from './support/guest.ts';
import { testImage } from './support/image.ts';

// No test is about how long something takes.
setDefaultTimeout(120_000);

const EXIT = { gateway: '172.31.255.254', resolver: '172.31.255.253' };

let directory: string;
let guest: TestGuest;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'codeland-agent-'));
  guest = await TestGuest.boot({ image: await testImage(), directory });
  await guest.agent.prepare();
}, 600_000);
afterAll(async () => {
  await guest[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

/** What a program prints, on either stream. */
async function said(language: string, code: string): Promise<string> {
  const { stdout, stderr } = await guest.agent.run(language, code, { keep: true });
  return stdout + stderr;
}

const SCRIPT = `
const attempt = (what: () => Promise<unknown>) => what().then(() => 'done', ({ code }) => code);
const { connect } = require('node:net');
const dial = (host: string) =>
  new Promise((resolve, reject) => connect(80, host).once('connect', resolve).once('error', reject));
const { promises: dns } = require('node:dns');
console.log(
  await attempt(() => fetch('http://203.0.113.1/')),
  await attempt(() => fetch('http://example.com/')),
  await attempt(() => dial('example.com')),
  await attempt(() => dns.lookup('example.com')),
  await attempt(() => dns.resolve4('example.com')),
);`;
/** No look-up's own name for a time-out is among them: what asks nobody need not wait. */
const SCRIPT_SAYS = 'ENETUNREACH EAI_AGAIN EAI_AGAIN EAI_AGAIN ECONNREFUSED\n';

// In this order: there is no way back.
describe('without a way out, what leaves the network fails at once, and so do look-ups:', () => {
  it.each([
    [
      'python',
      `
import errno, socket
for host in ('203.0.113.1', 'example.com'):
    try: socket.create_connection((host, 80))
    except socket.gaierror as error: print(error.errno == socket.EAI_AGAIN)
    except OSError as error: print(errno.errorcode[error.errno])`,
      'ENETUNREACH\nTrue\n',
    ],
    ['javascript', SCRIPT.replaceAll(/: (?:\(\) => Promise<unknown>|string)/g, ''), SCRIPT_SAYS],
    ['typescript', SCRIPT, SCRIPT_SAYS],
    [
      'bash',
      `
for host in 203.0.113.1 example.com; do
  (exec 3<>"/dev/tcp/$host/80") 2>&1 | grep -o -m 1 'Network is unreachable\\|Temporary failure in name resolution'
done
getent hosts example.com || echo "no such host: $?"`,
      'Network is unreachable\nTemporary failure in name resolution\nno such host: 2\n',
    ],
  ])('%s', async (language, code, expected) => {
    expect(await said(language, code)).toBe(expected);
  });
});

describe('a way out', () => {
  it('is there for the run that follows', async () => {
    guest.agent.connect(EXIT.gateway, EXIT.resolver);
    const { stdout } = await guest.agent.run('bash', 'ip route; cat /etc/resolv.conf', { keep: true });
    expect(stdout.replaceAll(/ +$/gm, '')).toBe(
      'default via 172.31.255.254 dev eth0\n' +
        '172.16.0.0/12 dev eth0 proto kernel scope link src 172.16.0.7\n' +
        'nameserver 172.31.255.253\n',
    );
  });

  it('stays for later runs, who cannot change it', async () => {
    expect(
      await said('bash', 'ip route del default; echo >/etc/resolv.conf; ip route | grep -c default'),
    ).toBe(
      '1\nRTNETLINK answers: Operation not permitted\nmain.sh: line 1: /etc/resolv.conf: Permission denied\n',
    );
  });
});
