/** `rebuild`: from the sources of the image to a pool of new guests, while the service runs. */
import type { RolloutBody } from '../../control/rollout.ts';
import { readDependants } from '../../dependants.ts';
import { Workshop } from '../../template/workshop.ts';
import { type Context, GateError, type Report } from './context.ts';
import { bakeStep, buildStep, jsonOfImage } from './make.ts';
import { rollOut } from './server.ts';
import { pruneRest } from './shelf.ts';
import { inUse } from './use.ts';

/** What is left out of the trial's is as the server usually has it. */
export type RebuildTerms = Omit<RolloutBody, 'template'> & { readonly restores: number };

/**
 * @throws {GateError} When the new template fails its verification, or does not do well on its share of the guests;
 *   the one before stays in use.
 * @throws {RefusedError} When the running server cannot go over to it without a restart.
 */
export async function rebuild(context: Context, { restores, ...terms }: RebuildTerms): Promise<Report> {
  const { config, store, step, signal } = context;
  await using workshop = await Workshop.open(config.home);
  const image = await buildStep(context, false);
  const id = await bakeStep(context, { workshop, image, verification: { restores, isFull: true } });
  signal.throwIfAborted();
  const rollout = await step('rollout', async (note) => {
    const decided = await rollOut(config.home, { template: id, ...terms }, signal);
    if (decided === null) {
      note('no server runs: promoting it');
      await store.promote(id);
    } else if (decided.outcome !== 'promoted') {
      throw new GateError(`template ${id} is not in use, its trial was ended: ${decided.reason}`);
    }
    return decided;
  });
  const pruned = await pruneRest(context, await readDependants(config.home), 0);
  const used = await inUse(store);
  const why = rollout === null ? 'no server runs' : rollout.reason;
  return {
    json: { image: jsonOfImage(image), template: id, ...used, rollout, ...pruned.json },
    text: `template ${id} is current (${why}); the last good one is ${used.previous ?? 'none'}\n${pruned.text}`,
  };
}
