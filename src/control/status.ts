/** `GET /status`: what an operator asks before and while something is changed. */
import { Elysia } from 'elysia';
import type { RolloutView } from '../rollout/rollouts.ts';
import type { TemplateSupply } from '../rollout/supply.ts';
import type { RunnerPool } from '../runner/pool.ts';
import type { PoolCounts } from '../runner/pool-stats.ts';
import type { Runners } from '../runner/runners.ts';
import type { TemplateStore } from '../template/store.ts';

export type StatusServices = {
  readonly pool: Pick<RunnerPool, 'counts'>;
  readonly runners: Pick<Runners, 'list'>;
  readonly supply: Pick<TemplateSupply<never>, 'id' | 'canaryId'>;
  readonly store: Pick<TemplateStore, 'list'>;
  readonly rollouts: { readonly view: RolloutView | null };
};

type Templates = {
  /** What guests are restored from. */
  readonly current: string;
  /** What some of them are restored from while it is tried. */
  readonly canary: string | null;
  /** What the next start would restore from, and what a rollback would make that. */
  readonly onDisk: { readonly current: string | null; readonly previous: string | null };
};

/** What was restored from one template and is there still. */
export type TemplateGuests = {
  readonly template: string;
  /** Ready guests, which nobody has yet. */
  readonly ready: number;
  /** Names of the runners that somebody has. */
  readonly inUse: readonly string[];
};

export type ServerStatus = Templates & {
  readonly rollout: RolloutView | null;
  readonly pool: PoolCounts;
  readonly guests: readonly TemplateGuests[];
};

export const statusRoutes = ({ pool, runners, supply, store, rollouts }: StatusServices) =>
  new Elysia().get(
    '/status',
    async (): Promise<ServerStatus> => ({
      ...(await idsOf(supply, store)),
      rollout: rollouts.view,
      pool: pool.counts,
      guests: byTemplate(runners.list()),
    }),
  );

async function idsOf(supply: StatusServices['supply'], store: StatusServices['store']): Promise<Templates> {
  const entries = await store.list();
  return {
    current: supply.id,
    canary: supply.canaryId ?? null,
    onDisk: {
      current: entries.find(({ isCurrent }) => isCurrent)?.id ?? null,
      previous: entries.find(({ isPrevious }) => isPrevious)?.id ?? null,
    },
  };
}

type Listed = { readonly name: string; readonly template: string; readonly inUse: boolean };

function byTemplate(runners: readonly Listed[]): TemplateGuests[] {
  const groups = Map.groupBy(runners, ({ template }) => template);
  return [...groups].map(([template, guests]) => ({
    template,
    ready: guests.filter(({ inUse }) => !inUse).length,
    inUse: guests.filter(({ inUse }) => inUse).map(({ name }) => name),
  }));
}
