import { describe, expect, test } from 'bun:test';
import { AgentLinkError, RunRefusedError } from '../../../src/guest/errors.ts';
import { LookError, Looks } from '../../../src/postmortem/look.ts';
import type { ExitReport } from '../../../src/protocol/messages.ts';
import { exitReport } from '../../support/agent-messages.ts';
import { failure } from '../../support/failure.ts';
import { FakeGuest } from '../../support/fake-guest.ts';
import { PROGRAM } from '../../support/fake-runners.ts';

/** Looks into a guest that prints this, and reports so. */
function looksAt(printed: string, report: Partial<ExitReport> = {}, program = PROGRAM) {
  const guest = new FakeGuest('runner-1');
  guest.onRun = async ({ id }, print) => {
    if (printed !== '') print('stdout', new TextEncoder().encode(printed));
    return exitReport(id, report);
  };
  return { guest, looks: new Looks(guest, program) };
}

const PROCESS = { pid: 7, parent: 1, user: 1000, state: 'R', cpuMs: 10, memoryBytes: 4096, command: 'sleep' };

describe('a look', () => {
  test('lets the guest run for as long as it takes, and no longer', async () => {
    const { guest, looks } = looksAt(JSON.stringify({ processes: [PROCESS] }));
    expect(await looks.processes()).toEqual([PROCESS]);
    expect([guest.resumed, guest.paused]).toEqual([1, 1]);
    guest.onRun = async () => {
      throw new AgentLinkError('the link is gone');
    };
    const error = await failure(looks.processes());
    expect(error).toBeInstanceOf(LookError);
    expect(String(error)).toContain('its console can be read still');
    expect([guest.resumed, guest.paused]).toEqual([2, 2]);
  });

  test('is the only one at a time, and an earlier one’s failure is no later one’s', async () => {
    const { guest, looks } = looksAt(JSON.stringify({ error: 'no such file' }));
    let underWay = 0;
    const { onRun } = guest;
    guest.onRun = async (...args) => {
      underWay += 1;
      expect(underWay).toBe(1);
      await Bun.sleep(1);
      underWay -= 1;
      return onRun(...args);
    };
    const all = await Promise.all([failure(looks.file('a')), failure(looks.file('b'))]);
    expect(all.map(String)).toEqual(['LookError: no such file', 'LookError: no such file']);
    expect(new Set(guest.requests.map(({ id }) => id)).size).toBe(2);
    expect(guest.requests.map(({ args }) => args[1])).toEqual(['a', 'b']);
  });

  test.each([
    ['bash', {}, 'python'],
    ['python', {}, 'bash'],
    ['javascript', { 'main.sh': '' }, 'python'],
  ])(
    'at a guest that ran %s with %o takes the file of no program of it',
    async (language, files, carrier) => {
      const { guest, looks } = looksAt('{"files":[],"isWhole":true}', {}, { ...PROGRAM, language, files });
      await looks.files();
      expect(guest.requests[0]).toMatchObject({ language: carrier, keep: true, files: {} });
    },
  );
});

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['another form', '{"processes":[{}]}'],
  ['more than was asked', JSON.stringify({ processes: [{ ...PROCESS, more: 1 }] })],
  ['a state that is too long', JSON.stringify({ processes: [{ ...PROCESS, state: 'RR' }] })],
  ['too many', JSON.stringify({ processes: Array.from({ length: 4097 }, () => PROCESS) })],
])('a guest that says %s is refused', async (_, printed) => {
  const error = await failure(looksAt(printed).looks.processes());
  expect(error).toBeInstanceOf(LookError);
  expect(String(error)).toContain('in another form');
});

test('says why the agent refused', async () => {
  const { guest, looks } = looksAt('');
  guest.onRun = async () => {
    throw new RunRefusedError('there is no room');
  };
  expect(String(await failure(looks.processes()))).toContain('there is no room');
  expect(guest.paused).toBe(1);
});

test('says how the look ended when it did not end well', async () => {
  const { looks } = looksAt('{"processes":[]}', { code: 1 });
  expect(String(await failure(looks.processes()))).toContain('ended with 1');
  const killed = looksAt('', { code: null, signal: 'SIGKILL', timedOut: true });
  expect(String(await failure(killed.looks.processes()))).toContain('took too long');
});
