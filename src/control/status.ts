/** `GET /status`: what an operator asks before and while something is changed. */
import { Elysia } from 'elysia';
import type { RunnerPool } from '../runner/pool.ts';
import type { PoolCounts } from '../runner/pool-stats.ts';
import type { Runners } from '../runner/runners.ts';

export type StatusServices = {
  readonly pool: Pick<RunnerPool, 'counts'>;
  readonly runners: Pick<Runners, 'list'>;
  /** Ids of the templates that guests are restored from. */
  readonly templates: () => { readonly current: string };
};

/** What was restored from one template and is there still. */
export type TemplateGuests = {
  readonly template: string;
  /** Ready guests, which nobody has yet. */
  readonly ready: number;
  /** Names of the runners that somebody has. */
  readonly inUse: readonly string[];
};

export type ServerStatus = {
  /** Id of the template that guests are restored from. */
  readonly current: string;
  readonly pool: PoolCounts;
  readonly guests: readonly TemplateGuests[];
};

export const statusRoutes = ({ pool, runners, templates }: StatusServices) =>
  new Elysia().get(
    '/status',
    (): ServerStatus => ({
      ...templates(),
      pool: pool.counts,
      guests: byTemplate(runners.list()),
    }),
  );

type Listed = { readonly name: string; readonly template: string; readonly inUse: boolean };

function byTemplate(runners: readonly Listed[]): TemplateGuests[] {
  const groups = Map.groupBy(runners, ({ template }) => template);
  return [...groups].map(([template, guests]) => ({
    template,
    ready: guests.filter(({ inUse }) => !inUse).length,
    inUse: guests.filter(({ inUse }) => inUse).map(({ name }) => name),
  }));
}
