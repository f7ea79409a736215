/** A server that is killed again and again in the middle of its work: nothing is lost, nothing happens twice. */
import { describe, expect, it } from 'bun:test';
import { sleep } from '../../src/lib/deadline.ts';
import { Random } from '../support/random.ts';
import { Clients } from './clients.ts';
import { CrashLab } from './lab.ts';

const KILLS = Number(process.env['CRASH_KILLS'] ?? 5);
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 2 ** 31);

/** How long a server works before it is killed, ms at most. */
const LONGEST_LIFE_MS = 5_000;
/** One that starts is killed this long after, ms at most: before it is ready, most often. */
const LONGEST_START_MS = 4_000;

describe('a server that is killed', () => {
  it(
    `loses nothing, ${KILLS} times (CRASH_SEED=${SEED})`,
    async () => {
      const random = new Random(SEED);
      await using lab = await CrashLab.open();
      const clients = new Clients(lab, random);
      await clients.add();
      await clients.add();
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const work = clients.work();
        await sleep(random.integer(0, LONGEST_LIFE_MS));
        await lab.kill();
        await work;
        // Each third server does not even get to work.
        const starts = random.next() < 0.33 ? [random.integer(0, LONGEST_START_MS)] : [];
        await lab.restart(starts);
        const wrong = [...(await clients.check()), ...(await lab.audit())];
        expect({ kill, wrong, log: lab.log.slice(-2000) }).toEqual({
          kill,
          wrong: [],
          log: expect.any(String),
        });
      }
      expect(await lab.end()).toEqual([]);
    },
    KILLS * 120_000,
  );
});
