import { describe, expect, test } from 'bun:test';
import { AgentLinkError } from '../../../src/guest/errors.ts';
import { KeptGuests } from '../../../src/postmortem/kept-guests.ts';
import { exitReport } from '../../support/agent-messages.ts';
import { failure } from '../../support/failure.ts';
import type { FakeGuest } from '../../support/fake-guest.ts';
import { FakeRunners, LIFETIME, PROGRAM, terms } from '../../support/fake-runners.ts';
import { ScriptedMonitor } from '../../support/scripted-monitor.ts';
import { until } from '../../support/until.ts';

type Setting = { readonly kept: KeptGuests; readonly fake: FakeRunners; readonly monitor: ScriptedMonitor };

/** Ready guests with a monitor, and runners that offer those of failed runs. */
async function withKept(
  act: (setting: Setting) => Promise<void>,
  { guests = 1, most = 2, ms = 60_000 } = {},
): Promise<void> {
  await using monitor = await ScriptedMonitor.start();
  const kept = new KeptGuests({ ms, most });
  const onGuest = (guest: FakeGuest) => {
    guest.monitor = monitor.qmp;
  };
  {
    await using fake = await FakeRunners.start(guests, { failedGuests: kept, onGuest });
    await act({ kept, fake, monitor });
  }
  // Whatever the test did: the end of the runners is that of all guests.
  expect(kept.list).toEqual([]);
}

const fail = (fake: FakeRunners, index = 0) => {
  fake.guest(index).onRun = async ({ id }) => exitReport(id, { code: null, signal: 'SIGSEGV' });
  return fake.runners.runOnce(PROGRAM, terms()).catch(() => {});
};

describe('the guest of a run', () => {
  const endings: [string, (guest: FakeGuest) => void, string][] = [
    [
      'timed out',
      (guest) => {
        guest.onRun = async ({ id }) => exitReport(id, { timedOut: true });
      },
      'the program ran longer than its limit',
    ],
    [
      'used up the memory',
      (guest) => {
        guest.onRun = async ({ id }) => exitReport(id, { outOfMemory: true, signal: 'SIGKILL', code: null });
      },
      'the program used up the memory',
    ],
    [
      'was ended by a signal',
      (guest) => {
        guest.onRun = async ({ id }) => exitReport(id, { code: null, signal: 'SIGSEGV' });
      },
      'the program was ended by SIGSEGV',
    ],
    [
      'lost its agent',
      (guest) => {
        guest.onRun = async () => {
          throw new AgentLinkError('the link broke');
        };
      },
      'the runner was lost before the code ended',
    ],
    [
      'lost its guest',
      (guest) => {
        guest.onRun = () => {
          guest.lose();
          return new Promise(() => {});
        };
      },
      'the runner was lost before the code ended',
    ],
  ];

  test.each(endings)(
    'that %s is kept: stopped, cut off, in nobody’s use, in the pool’s room',
    (_, set, why) =>
      withKept(async ({ kept, fake, monitor }) => {
        const guest = fake.guest();
        set(guest);
        const [name] = await Promise.all([
          guest.name,
          fake.runners.runOnce(PROGRAM, terms()).catch(() => {}),
        ]);
        await until('the guest to be kept', () => monitor.count('set_link') === 1);
        expect(kept.list).toMatchObject([{ name, owner: 'anna', template: 'template-of-the-test', why }]);
        expect([guest.paused, guest.ends]).toEqual([1, 0]);
        expect(monitor.commands.find(({ execute }) => execute === 'set_link')).toMatchObject({
          arguments: { name: 'net', up: false },
        });
        expect(fake.runners.list()).toEqual([]);
        expect(fake.pool.counts).toMatchObject({ leased: 1, retiring: 0 });
        await kept.end(name);
        expect(guest.ends).toBe(1);
        expect(fake.pool.counts).toMatchObject({ leased: 0 });
      }),
  );

  test('that ended well, or that somebody left, is not kept', () =>
    withKept(
      async ({ kept, fake }) => {
        fake.guest(0).onRun = async ({ id }) => exitReport(id, { code: 3 });
        await fake.runners.runOnce(PROGRAM, terms());
        const left = new AbortController();
        const run = failure(fake.runners.runOnce(PROGRAM, terms({ signal: left.signal })));
        await until('the run', () => fake.guest(1).requests.length > 0);
        left.abort(new Error('gone'));
        expect(String(await run)).toContain('gone');
        await until('their ends', () => fake.guest(0).ends + fake.guest(1).ends === 2);
        expect(kept.list).toEqual([]);
      },
      { guests: 2 },
    ));

  test('is not kept when it is one that stays', () =>
    withKept(async ({ kept, fake }) => {
      fake.guest().onRun = async ({ id, timeLimitMs }) => {
        expect(timeLimitMs).toBe(5_000);
        return exitReport(id, { timedOut: true });
      };
      await failure(fake.runners.create(PROGRAM, LIFETIME, terms()));
      expect(kept.list).toEqual([]);
    }));

  test('is not kept when its QEMU is gone, and pushes no other out', () =>
    withKept(
      async ({ kept, fake }) => {
        await fail(fake, 0);
        await until('the first', () => kept.list.length === 1);
        fake.guest(1).onPause = async () => {
          throw new Error('the process ended');
        };
        await fail(fake, 1);
        await until('the end of the second', () => fake.guest(1).ends === 1);
        expect(kept.list.map(({ name }) => name)).toEqual([fake.guest(0).name]);
      },
      { guests: 2, most: 1 },
    ));
});

test('a run whose time is up is answered with what it printed, and its processes are left alone', () =>
  withKept(async ({ kept, fake }) => {
    const guest = fake.guest();
    guest.onRun = ({ timeLimitMs }, print) => {
      // The agent is to end it long after the host stops the guest.
      expect(timeLimitMs).toBeGreaterThan(60_000);
      print('stdout', new TextEncoder().encode('as much as there may be'));
      return new Promise(() => {});
    };
    const run = fake.runners.runOnce(PROGRAM, terms({ seconds: 1, outputBytes: 23 }));
    expect(await failure(run)).toMatchObject({
      name: 'runnerTimedOut',
      output: { stdout: 'as much as there may be', truncated: true },
    });
    await until('the guest to be stopped', () => guest.paused === 1);
    expect(guest.killed).toEqual([]);
    expect(fake.outcomes).toEqual([['template-of-the-test', false]]);
    expect(kept.list).toHaveLength(1);
  }));

test('the oldest is ended for one that is one too many', () =>
  withKept(
    async ({ kept, fake }) => {
      for (const index of [0, 1, 2]) await fail(fake, index);
      await until('the end of the first', () => fake.guest(0).ends === 1);
      expect(kept.list.map(({ name }) => name)).toEqual([fake.guest(1).name, fake.guest(2).name]);
    },
    { guests: 3 },
  ));

test('each is ended when its time is over', () =>
  withKept(
    async ({ kept, fake }) => {
      await fail(fake);
      await until('its end', () => fake.guest().ends === 1);
      expect(kept.list).toEqual([]);
    },
    { ms: 50 },
  ));

test('one whose QEMU ends is dropped', () =>
  withKept(async ({ kept, fake, monitor }) => {
    await fail(fake);
    await until('the guest to be kept', () => monitor.count('set_link') === 1);
    monitor.exit();
    await until('its end', () => fake.guest().ends === 1);
    expect(kept.list).toEqual([]);
  }));

test('none is taken any more once the runners have ended', async () => {
  const kept = new KeptGuests({ ms: 60_000, most: 2 });
  await kept[Symbol.asyncDispose]();
  await using fake = await FakeRunners.start(1, { failedGuests: kept });
  await fail(fake);
  await until('its end', () => fake.guest().ends === 1);
  expect(fake.guest().paused).toBe(0);
});
