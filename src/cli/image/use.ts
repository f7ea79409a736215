/** `promote`, `rollback`: which template guests are restored from. */
import { basename } from 'node:path';
import type { TemplateStore } from '../../template/store.ts';
import { type Context, openOne, type Report } from './context.ts';
import { reload } from './server.ts';

/** @throws {GateError} When the template is damaged, or does not fit this host. */
export async function promote(context: Context, id: string): Promise<Report> {
  await checkStep(context, id);
  await context.store.promote(id);
  return report(context);
}

/**
 * @throws {NoPreviousTemplateError} When there is none.
 * @throws {GateError} When it is damaged, or does not fit this host.
 */
export async function rollback(context: Context): Promise<Report> {
  const previous = await context.store.previous();
  if (previous !== undefined) await checkStep(context, basename(previous));
  await context.store.rollback();
  return report(context);
}

async function checkStep(context: Context, id: string): Promise<void> {
  await context.step(`checking template ${id}`, async () => {
    await using _ = await openOne(context, id);
    context.signal.throwIfAborted();
  });
}

/** Has the server take what is current now, and says what is used. */
async function report({ config, store }: Context): Promise<Report> {
  const used = await inUse(store);
  const server = await reload(config.home);
  const text = [
    `template ${used.current} is current; the last good one is ${used.previous ?? 'none'}`,
    server === null
      ? 'no server runs: the next start restores from it'
      : (server.refusal ?? 'the server restores from it'),
  ].join('\n');
  return { json: { ...used, server }, text };
}

export async function inUse(store: TemplateStore) {
  const previous = await store.previous();
  return { current: basename(await store.current()), previous: previous ? basename(previous) : null };
}
