import { describe, expect, test } from 'bun:test';
import { TooManyRequestsError } from '../../../src/runner/errors.ts';
import { exitReport } from '../../support/agent-messages.ts';
import { failure } from '../../support/failure.ts';
import { FakeRunners, holdRuns, LIFETIME, PROGRAM, terms } from '../../support/fake-runners.ts';
import { pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const notFound = { name: 'runnerNotFound' };
const bert = { id: 'bert', maxRunners: null };
const two = { owner: { id: 'anna', maxRunners: 2 } };

/** What somebody is told who asks for one runner too many. */
async function refusal(fake: FakeRunners): Promise<number> {
  const error = await failure(fake.runners.runOnce(PROGRAM, terms(two)));
  expect(error).toBeInstanceOf(TooManyRequestsError);
  return error instanceof TooManyRequestsError ? (error.retryAfterSeconds ?? Number.NaN) : Number.NaN;
}

describe("an owner's runners", () => {
  test('are as good as none for anybody else', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    const asBert = terms({ owner: bert });
    expect(await failure(fake.runners.run(name, PROGRAM, asBert))).toMatchObject(notFound);
    expect(await failure(fake.runners.delete(name, 'bert'))).toMatchObject(notFound);
    expect(() => fake.runners.find(name, 'bert')).toThrow('no such runner');
    expect(fake.runners.find(name, 'anna').owner).toBe('anna');
    expect(fake.guest().requests).toEqual([]);
    expect(fake.guest().ends).toBe(0);
  });

  test('do not include ready ones, which everybody may look at', async () => {
    await using fake = await FakeRunners.start(1);
    const { name } = fake.guest();
    expect(fake.runners.find(name, 'bert')).toMatchObject({ kind: 'ready', owner: null });
    expect(await failure(fake.runners.run(name, PROGRAM, terms()))).toMatchObject(notFound);
    expect(await failure(fake.runners.delete(name, 'anna'))).toMatchObject(notFound);
    expect(fake.guest().ends).toBe(0);
  });
});

describe('the number of runners at once', () => {
  test('counts throw-away ones, persistent ones, and those waited for', async () => {
    await using fake = await FakeRunners.start(1);
    await fake.create(LIFETIME, two);
    const leave = new AbortController();
    const waiting = failure(
      fake.runners.runOnce(PROGRAM, terms({ ...two, waitSeconds: 50, signal: leave.signal })),
    );
    await settle();
    expect(await refusal(fake)).toBe(1);
    leave.abort();
    await waiting;
    // There is room again, but no guest.
    expect(await failure(fake.runners.runOnce(PROGRAM, terms(two)))).toMatchObject({
      name: 'RunnerNotAvailable',
    });
  });

  test("is each owner's own", async () => {
    await using fake = await FakeRunners.start(3);
    await fake.create(LIFETIME, two);
    await fake.create(LIFETIME, two);
    await refusal(fake);
    await fake.create(LIFETIME, { owner: { id: 'bert', maxRunners: 2 } });
  });

  test('has room for the next as soon as a run is answered, long before its guest is gone', async () => {
    await using fake = await FakeRunners.start(3);
    const one = terms({ owner: { id: 'anna', maxRunners: 1 } });
    for (const guest of fake.template.guests) guest.onRun = async ({ id }) => exitReport(id);
    for (let round = 0; round < 3; round += 1) await fake.runners.runOnce(PROGRAM, one);
  });

  test('counts a throw-away one no more when it is gone, and the others still', async () => {
    await using fake = await FakeRunners.start(4);
    for (const guest of fake.template.guests.slice(2)) guest.onRun = async ({ id }) => exitReport(id);
    const three = { owner: { id: 'anna', maxRunners: 3 } };
    await fake.create(LIFETIME, three);
    await fake.create(LIFETIME, three);
    await fake.runners.runOnce(PROGRAM, terms(three));
    await settle();
    await fake.create(LIFETIME, three);
    expect(await failure(fake.create(LIFETIME, three))).toBeInstanceOf(TooManyRequestsError);
  });

  test.each([
    ['deleted', (fake: FakeRunners, name: string) => fake.runners.delete(name, 'anna')],
    ['lost', async (fake: FakeRunners) => fake.guest().lose()],
    ['old', () => pass(100_000)],
  ])('has room again for a persistent one that is %s', async (_, end) => {
    await using fake = await FakeRunners.start(2);
    const one = { owner: { id: 'anna', maxRunners: 1 } };
    const name = await fake.create(LIFETIME, one);
    expect(await failure(fake.create(LIFETIME, one))).toBeInstanceOf(TooManyRequestsError);
    await end(fake, name);
    await settle();
    await fake.create(LIFETIME, one);
  });

  test('has room again when making a runner failed', async () => {
    await using fake = await FakeRunners.start(2);
    const one = { owner: { id: 'anna', maxRunners: 1 } };
    fake.guest().onResume = () => Promise.reject(new Error('no monitor'));
    expect(await failure(fake.create(LIFETIME, one))).toMatchObject({ name: 'runnerExecutionFailed' });
    await fake.create(LIFETIME, one);
  });

  test('says to come again when one of them ends, but within a minute', async () => {
    await using fake = await FakeRunners.start(2);
    const held = holdRuns(fake.guest(1));
    await fake.create({ idleSeconds: 500, maxAgeSeconds: 600 }, two);
    const short = await fake.create({ idleSeconds: 300, maxAgeSeconds: 120 }, two);
    expect(await refusal(fake)).toBe(60);
    await pass(100_000);
    expect(await refusal(fake)).toBe(20);
    const run = fake.runners.run(short, PROGRAM, terms(two));
    await settle();
    expect(await refusal(fake)).toBe(20);
    held[0]?.report();
    await run;
  });

  test('may be none', async () => {
    await using fake = await FakeRunners.start(1);
    const none = { owner: { id: 'anna', maxRunners: 0 } };
    const error = await failure(fake.create(LIFETIME, none));
    expect(error).toBeInstanceOf(TooManyRequestsError);
    expect(error).toMatchObject({ retryAfterSeconds: 60 });
  });
});
