import { expect, test } from 'bun:test';
import { RolloutRefusedError } from '../../../src/rollout/refusal.ts';
import { type RolloutOrder, Rollouts } from '../../../src/rollout/rollouts.ts';
import { TemplateSupply } from '../../../src/rollout/supply.ts';
import { TemplateError } from '../../../src/template/manifest.ts';
import { failure } from '../../support/failure.ts';
import { FakeSourceTemplate, makerOfFake } from '../../support/fake-source.ts';
import { FakeTemplate } from '../../support/fake-template.ts';
import { pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const ORDER: RolloutOrder = { template: 'new', sharePercent: 50, runs: 10, seconds: 30, maxErrorPercent: 10 };

/** Rollouts over a pool of four guests that is full. */
class Scene implements AsyncDisposable {
  /** What is on disk, by id. */
  readonly known = new Map<string, FakeSourceTemplate>();
  readonly old = new FakeSourceTemplate('old');
  readonly next = new FakeSourceTemplate('new');
  readonly supply = new TemplateSupply({
    current: this.old,
    makerOf: makerOfFake,
    trialMakerOf: makerOfFake,
    onFailure: () => {},
  });
  readonly pool = new FakeTemplate().pool({
    target: 4,
    maxGuests: 8,
    restore: this.supply.restore,
    standing: this.supply.standing,
  });
  readonly events: string[] = [];
  /** The template of the next start. */
  onDisk = 'old';
  onPromote: () => Promise<void> = async () => {};
  readonly rollouts = new Rollouts({
    supply: this.supply,
    pool: this.pool,
    store: {
      current: async () => `/templates/${this.onDisk}`,
      promote: async (id) => {
        await this.onPromote();
        this.onDisk = id;
      },
    },
    open: async (id) => {
      const found = this.known.get(id);
      if (found) return found;
      throw new TemplateError(`template ${id} is damaged`);
    },
    observer: {
      began: ({ template }) => this.events.push(`began ${template}`),
      decided: ({ outcome, template }) => this.events.push(`${outcome} ${template}`),
      replaced: (template, before) => this.events.push(`replaced ${before} by ${template}`),
      turnedOver: (template) => this.events.push(`turned over to ${template}`),
    },
  });

  static async start(): Promise<Scene> {
    const scene = new Scene();
    scene.known.set('new', scene.next);
    scene.pool.start();
    await scene.settle();
    return scene;
  }

  /** Lets the pool come to rest. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) await pass(0);
  }

  begin(order: Partial<RolloutOrder> = {}, signal = new AbortController().signal) {
    return this.rollouts.begin({ ...ORDER, ...order }, signal);
  }

  /** How many ready guests are of each template. */
  get ready(): Record<string, number> {
    const templates = this.pool.ready.map(({ template }) => template);
    return Object.fromEntries([...Map.groupBy(templates, String)].map(([id, { length }]) => [id, length]));
  }

  ran(count: number, isFailed = false): void {
    for (let run = 0; run < count; run += 1) this.supply.ran('new', isFailed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rollouts[Symbol.asyncDispose]();
    await this.pool[Symbol.asyncDispose]();
    await this.supply[Symbol.asyncDispose]();
  }
}

test('a template that passes is the one of the next start and of every ready guest', async () => {
  await using scene = await Scene.start();
  const rollout = scene.begin();
  await scene.settle();
  expect(scene.ready).toEqual({ old: 2, new: 2 });
  expect(scene.rollouts.view).toMatchObject({ template: 'new', figures: { canary: { restores: 2 } } });
  expect(scene.onDisk).toBe('old');
  scene.ran(10);
  expect(await rollout).toMatchObject({ outcome: 'promoted', template: 'new', before: 'old' });
  expect(scene.onDisk).toBe('new');
  await scene.settle();
  expect(scene.ready).toEqual({ new: 4 });
  expect(scene.events).toEqual(['began new', 'promoted new', 'turned over to new']);
  expect([scene.old.closed, scene.next.closed]).toEqual([1, 0]);
  expect(scene.rollouts.view).toBeNull();
});

test('a template whose guests fail runs is given up at once, with its ready guests', async () => {
  await using scene = await Scene.start();
  const rollout = scene.begin();
  await scene.settle();
  scene.ran(2, true);
  const result = await rollout;
  expect(result).toMatchObject({ outcome: 'rolledBack', figures: { canary: { runs: 2, runsFailed: 2 } } });
  expect(result.reason).toBe('2 of 2 runs were failed by their guest; at most 10 % may');
  expect(scene.ready).toEqual({ old: 2 });
  await scene.settle();
  expect(scene.ready).toEqual({ old: 4 });
  expect([scene.onDisk, scene.supply.id]).toEqual(['old', 'old']);
  expect([scene.old.closed, scene.next.closed]).toEqual([0, 1]);
});

test('a template whose first guest fails its proof never gets into the pool', async () => {
  await using scene = await Scene.start();
  scene.next.onRestore = () => Promise.reject(new Error('two clones drew the same'));
  expect(await scene.begin()).toMatchObject({
    outcome: 'rolledBack',
    reason: 'no guest could be restored from it: two clones drew the same',
    figures: null,
  });
  expect(scene.ready).toEqual({ old: 4 });
  expect(scene.next.closed).toBe(1);
  expect(scene.events).toEqual(['began new', 'rolledBack new']);
});

test('a first guest that fails on a busy host is tried for again', async () => {
  await using scene = await Scene.start();
  let attempts = 0;
  scene.next.onRestore = async () => {
    attempts += 1;
    if (attempts < 3) throw new Error('too slow');
  };
  const rollout = scene.begin();
  await pass(0);
  scene.ran(10);
  expect(await rollout).toMatchObject({ outcome: 'promoted' });
});

test('is decided when the time is up, by what was seen', async () => {
  await using scene = await Scene.start();
  const rollout = scene.begin();
  await pass(29_000);
  expect(scene.rollouts.view).not.toBeNull();
  await pass(1_000);
  expect(await rollout).toMatchObject({ outcome: 'promoted' });
});

test.each(['an operator', 'the one who ordered it', 'the end of the server'])(
  '%s gives it up',
  async (who) => {
    await using scene = await Scene.start();
    const left = new AbortController();
    const given = failure(scene.begin({}, left.signal));
    await scene.settle();
    if (who === 'an operator') expect(scene.rollouts.abort('enough')).toBe(true);
    else if (who === 'the end of the server') void scene.rollouts[Symbol.asyncDispose]();
    else left.abort(new Error('enough'));
    const reason = who === 'the end of the server' ? 'the server is ending' : 'enough';
    expect(String(await given)).toBe(`RolloutRefusedError: it was given up: ${reason}`);
    expect(scene.events).toContain('rolledBack new');
    // Nothing is known against its guests: they are replaced one after the other.
    expect(scene.pool.counts.ready).toBe(4);
    await scene.settle();
    expect(scene.ready).toEqual({ old: 4 });
    expect(scene.onDisk).toBe('old');
  },
);

test('a template that cannot be promoted on disk is not used either', async () => {
  await using scene = await Scene.start();
  scene.onPromote = () => Promise.reject(new Error('no space left'));
  const rollout = failure(scene.begin());
  await scene.settle();
  scene.ran(10);
  expect(String(await rollout)).toContain('given up: it could not be promoted: no space left');
  await scene.settle();
  expect(scene.ready).toEqual({ old: 4 });
  expect(scene.supply.id).toBe('old');
});

test('what cannot be tried is refused: damaged, in use, for another machine, or beside another', async () => {
  await using scene = await Scene.start();
  const other = new FakeSourceTemplate('other', 512);
  scene.known.set('other', other);
  const refusal = async (template: string) => {
    const error = await failure(scene.begin({ template }));
    expect(error).toBeInstanceOf(RolloutRefusedError);
    return String(error);
  };
  expect(await refusal('unknown')).toContain('template unknown is damaged');
  expect(await refusal('old')).toContain('in use already');
  expect(await refusal('other')).toContain('512 MiB in place of 256): promote it and restart the server');
  expect(other.closed).toBe(1);
  const rollout = failure(scene.begin());
  await settle();
  expect(await refusal('unknown')).toContain('just now');
  expect(scene.rollouts.abort('enough')).toBe(true);
  await rollout;
  expect(scene.rollouts.abort('enough')).toBe(false);
  expect(scene.events.filter((event) => event.startsWith('began'))).toEqual(['began new']);
});

test('after a promotion by hand, the template of the next start is taken without a trial', async () => {
  await using scene = await Scene.start();
  expect(await scene.rollouts.reload()).toEqual({ template: 'old', isNew: false });
  scene.onDisk = 'new';
  expect(await scene.rollouts.reload()).toEqual({ template: 'new', isNew: true });
  await scene.settle();
  expect(scene.ready).toEqual({ new: 4 });
  expect(scene.events).toEqual(['replaced old by new', 'turned over to new']);
});

test('a template of the next start that gives no guest is refused, and the one before stays', async () => {
  await using scene = await Scene.start();
  scene.onDisk = 'new';
  scene.next.onRestore = () => Promise.reject(new Error('no state'));
  expect(await failure(scene.rollouts.reload())).toBeInstanceOf(RolloutRefusedError);
  expect(scene.supply.id).toBe('old');
  expect(scene.next.closed).toBe(1);
});
