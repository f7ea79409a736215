/** A guest's way out, to a network of the test's own; what it may reach there is its port's business. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { join } from 'node:path';
import type { Guest } from '../../src/guest/guest.ts';
import { makeReady, type Readiness } from '../../src/guest/ready.ts';
import { restoreGuest } from '../../src/guest/restore.ts';
import type { EgressPolicy } from '../../src/network/policy.ts';
import { sampleRunner } from '../../src/stats/sample.ts';
import { Clones, run } from '../support/clones.ts';
import { failure } from '../support/failure.ts';
import { ECHO_PORT, NAME, PAGE, SERVER, TapNetwork } from '../support/tap-network.ts';

const isRoot = process.getuid?.() === 0;

const EGRESS: EgressPolicy = { mode: 'egress', allow: [], deny: [], kibPerSecond: 1_000, connections: 10 };

let clones: Clones;
let network: TapNetwork;
let next = 0;

/** A ready guest that was started with a port. */
async function ready(): Promise<Readiness & { guest: Guest }> {
  const name = `connected-${next++}`;
  const folder = join(clones.home.path, 'guests', name);
  const hosting = { ...clones.hosting, openPort: () => network.port() };
  const guest = await restoreGuest(clones.template.restorePoint, hosting, { name, folder });
  try {
    return { guest, ...(await makeReady(guest, clones.template.readinessTerms)) };
  } catch (error) {
    await guest[Symbol.asyncDispose]();
    throw error;
  }
}

const said = async (guest: Guest, language: string, code: string): Promise<string> => {
  const { stdout, stderr } = await run(guest, language, code);
  return stdout + stderr;
};

const PYTHON = `
import socket
def say(host):
    with socket.create_connection((host, ${ECHO_PORT})) as link:
        link.sendall(b'a word')
        print(link.recv(100).decode())
`;

describe.skipIf(!isRoot)('a guest', () => {
  beforeAll(async () => {
    clones = await Clones.open();
    network = await TapNetwork.create();
  }, 600_000);
  afterAll(async () => {
    await network[Symbol.asyncDispose]();
    await clones[Symbol.asyncDispose]();
  });

  describe('with a way out', () => {
    let guest: Guest;
    let readiness: Readiness;
    beforeAll(async () => {
      ({ guest, ...readiness } = await ready());
      await guest.connect(EGRESS);
    });
    afterAll(() => guest[Symbol.asyncDispose]());

    // The first of them is the guest's first run.
    it.each([
      ['python', `${PYTHON}say('${SERVER}'); say('${NAME}')`, 'A WORD\nA WORD\n'],
      [
        'javascript',
        `for (const host of ['${SERVER}', '${NAME}']) process.stdout.write(await (await fetch(\`http://\${host}/\`)).text());
         console.log(await require('node:dns').promises.resolve4('${NAME}'));`,
        `${PAGE}${PAGE}[ "${SERVER}" ]\n`,
      ],
      [
        'typescript',
        `const answer: Response = await fetch('http://${NAME}/'); process.stdout.write(await answer.text());`,
        PAGE,
      ],
      [
        'bash',
        `for host in ${SERVER} ${NAME}; do
           exec 3<>"/dev/tcp/$host/${ECHO_PORT}"; echo -n 'a word' >&3; head -c 6 <&3; echo; exec 3>&-
         done
         curl -sS http://${NAME}/`,
        `A WORD\nA WORD\n${PAGE}`,
      ],
    ])('exchanges words with a server, by address and by name: %s', async (language, code, answer) => {
      expect(await said(guest, language, code)).toBe(answer);
    });

    it('is counted by the host', async () => {
      const figures = await sampleRunner(
        {
          pid: guest.pid,
          qmp: guest.qmp,
          isRunning: true,
          agentStats: async () => ({ ...readiness.stats, network: null }),
          networkReport: () => guest.networkReport(),
          readyStats: readiness.stats,
          readyAt: Date.now(),
        },
        60_000,
      );
      expect(figures.network).toMatchObject({ source: 'host' });
      expect(figures.network?.rxPackets).toBeGreaterThan(10);
      expect(figures.network?.txPackets).toBeGreaterThan(10);
      expect(figures.network?.rxBytes).toBeGreaterThan(2 * PAGE.length);
      expect(figures.networkLog).toEqual({ connections: [], names: [], isComplete: true });
    });
  });

  it('without one reaches nothing, whether or not it could be given one', async () => {
    const closed = await clones.ready();
    const { guest: able } = await ready();
    await using _closed = closed.guest;
    await using _able = able;
    for (const guest of [closed.guest, able]) {
      const code = `${PYTHON}
for host in ('${SERVER}', '${NAME}'):
    try: say(host)
    except OSError as error: print(error)`;
      expect(await said(guest, 'python', code)).toBe(
        '[Errno 101] Network is unreachable\n[Errno -3] Temporary failure in name resolution\n',
      );
      expect(await guest.networkReport()).toBeNull();
    }
    expect(String(await failure(closed.guest.connect(EGRESS)))).toContain('without a way out');
  });

  it('that is lost before it has one fails to get it, and leaves no tap', async () => {
    const { guest } = await ready();
    process.kill(guest.pid, 'SIGKILL');
    await guest.lost;
    expect(await failure(guest.connect(EGRESS))).toBeInstanceOf(Error);
    await guest[Symbol.asyncDispose]();
    expect(network.taps).toEqual([]);
  });

  it('leaves no tap when it ends', async () => {
    const { guest } = await ready();
    await guest.connect(EGRESS);
    expect(network.taps).toHaveLength(1);
    await guest[Symbol.asyncDispose]();
    expect(network.taps).toEqual([]);
  });
});
