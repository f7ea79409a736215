/** `list`, `prune`: the templates that are there, and those that nobody needs. */

import { readDependants } from '../../dependants.ts';
import { pruneImages } from '../../image/prune.ts';
import { formatSize } from '../../lib/size.ts';
import type { Dependants, TemplateEntry } from '../../template/entry.ts';
import { Workshop } from '../../template/workshop.ts';
import { table } from '../table.ts';
import type { Context, Report } from './context.ts';

export async function list({ config, store }: Context): Promise<Report> {
  const templates = await store.list(await readDependants(config.home));
  if (templates.length === 0) {
    return {
      json: { templates },
      text: 'There are no templates; scripts/up, or scripts/image rebuild, makes one',
    };
  }
  const lines = [
    table(
      [
        { heading: 'ID' },
        { heading: 'STATE' },
        { heading: 'CREATED' },
        { heading: 'SIZE', isFigure: true },
        { heading: 'IMAGE' },
        { heading: 'NEEDED BY' },
      ],
      templates.map((entry) => [
        entry.id,
        stateOf(entry),
        entry.created?.slice(0, 16).replace('T', ' ') ?? '-',
        formatSize(entry.bytes),
        entry.pins?.imageId ?? '-',
        entry.dependants.join(', ') || '-',
      ]),
    ),
    ...templates.flatMap(({ id, reason }) => (reason === null ? [] : [`${id}: ${reason}`])),
  ];
  return { json: { templates }, text: lines.join('\n') };
}

function stateOf({ state, isCurrent, isPrevious }: TemplateEntry): string {
  if (isCurrent) return 'current';
  return isPrevious ? 'last good' : state;
}

/** @throws {TemplateInUseError} When one of the named is needed; those before it are gone then. */
export async function prune(context: Context, ids: readonly string[], keep: number): Promise<Report> {
  await using _ = await Workshop.open(context.config.home);
  const dependants = await readDependants(context.config.home);
  if (ids.length === 0) return await pruneRest(context, dependants, keep);
  const removed: TemplateEntry[] = [];
  for (const id of ids) removed.push(await context.store.remove(id, dependants));
  return await report(context, { removed, inUse: [] });
}

/** Removes all that nobody needs. The caller is in the workshop. */
export async function pruneRest(context: Context, dependants: Dependants, keep: number): Promise<Report> {
  return report(context, await context.store.prune({ keep, dependants }));
}

async function report(
  { config, store }: Context,
  { removed, inUse }: { removed: readonly TemplateEntry[]; inUse: readonly TemplateEntry[] },
): Promise<Report> {
  const needed = (await store.list()).flatMap(({ pins }) => (pins ? [pins.imageId] : []));
  const { images, layers, bytes } = await pruneImages(config.home, new Set(needed));
  const templates = removed.map(({ id }) => id);
  const freedBytes = removed.reduce((sum, entry) => sum + entry.bytes, bytes);
  const left = inUse.map(({ id, dependants }) => ({ id, dependants }));
  const names = [...templates, ...images.map((id) => `image ${id}`), ...layers];
  const text = [
    names.length === 0 ? 'nothing to remove' : `removed ${names.join(', ')}: ${formatSize(freedBytes)}`,
    ...left.map(({ id, dependants }) => `${id} is left, which ${dependants.join(', ')} need`),
  ].join('\n');
  return { json: { removed: { templates, images, layers }, freedBytes, inUse: left }, text };
}
