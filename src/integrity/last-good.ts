/** Which of the templates in the data folder guests can be restored from: the one in use, else the last good one. */
import { ImageError } from '../image/errors.ts';
import { TemplateError, TemplateMisfitError } from '../template/manifest.ts';
import { TemplateStore } from '../template/store.ts';
import { damagedFile, isDamage, quarantine } from './damage.ts';

/** No template in the data folder can be restored from here. Says why of each, and what to do. */
export class NoTemplateError extends Error {
  override readonly name = 'NoTemplateError';

  constructor(reasons: readonly Error[]) {
    const why = reasons.map(({ message }) => message).join('; ');
    super(`${why}. Bake a template for this host with scripts/up, or set CODELAND_REBAKE=auto`);
  }
}

export type Found<T> = {
  readonly opened: T;
  /** Names of the files that were found damaged on the way to it. */
  readonly damaged: readonly string[];
};

/**
 * Opens the template in use, when it is whole and fits this host; else the last good one, which is in use from then on.
 * What is damaged is taken out of use for good. What does not fit stays, for the host that it was baked for.
 * @param home The data folder; no server uses it.
 * @param open Opens the template in a folder.
 * @param report Told of everything that is wrong.
 * @throws {NoTemplateError} When none can be used.
 * @throws What opening one fails with for a reason that is not the template's.
 */
export async function openLastGood<T extends AsyncDisposable>(
  home: string,
  open: (folder: string) => Promise<T>,
  report: (problem: Error) => void,
): Promise<Found<T>> {
  const store = new TemplateStore(home);
  const problems: Error[] = [];
  const refuse = (error: unknown): Error => {
    if (!(error instanceof TemplateError || error instanceof ImageError)) throw error;
    problems.push(error);
    report(error);
    return error;
  };
  // Each round takes one template out of use, or is the last.
  for (;;) {
    const folder = await store.current().catch(refuse);
    if (!(folder instanceof Error)) {
      const opened = await open(folder).catch(refuse);
      if (!(opened instanceof Error)) {
        return { opened, damaged: problems.filter(isDamage).map(damagedFile) };
      }
      if (isDamage(opened)) {
        await quarantine({ home, store }, folder, opened);
        continue;
      }
      if (!(opened instanceof TemplateMisfitError)) throw new NoTemplateError(problems);
    }
    const other = await store.previous();
    if (other === undefined || !(await isUsable(other))) throw new NoTemplateError(problems);
    await store.rollback();
  }

  async function isUsable(folder: string): Promise<boolean> {
    const opened = await open(folder).catch(refuse);
    if (!(opened instanceof Error)) {
      await opened[Symbol.asyncDispose]();
      return true;
    }
    if (isDamage(opened)) await quarantine({ home, store }, folder, opened);
    return false;
  }
}
