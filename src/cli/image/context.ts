/** What each verb of `scripts/image` is given, and what it gives. */
import type { Config } from '../../config.ts';
import { ImageError } from '../../image/errors.ts';
import { type Installed, openFolder } from '../../installed.ts';
import { listFolder } from '../../lib/files.ts';
import { TemplateError } from '../../template/manifest.ts';
import type { TemplateStore } from '../../template/store.ts';

export type Context = {
  readonly config: Config;
  readonly store: TemplateStore;
  /** Aborted when the operator interrupts. */
  readonly signal: AbortSignal;
  /** Tells the operator that something begins and ends. */
  readonly step: <T>(label: string, work: (note: (what: string) => void) => Promise<T>) => Promise<T>;
};

/** What was done: for a program, and for people. */
export type Report = { readonly json: object; readonly text: string };

/** It cannot be done as things are. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** A template is not good enough to be used. */
export class GateError extends Error {
  override readonly name = 'GateError';
}

/**
 * Opens a template as a start of the server would.
 * @throws {GateError} When it is damaged, or does not fit this host; the message names each difference.
 * @throws {TemplateError} When there is no such template.
 */
export async function openOne({ config, store }: Context, id: string): Promise<Installed> {
  const folder = store.folder(id);
  if ((await listFolder(folder)).length === 0) {
    throw new TemplateError(`there is no template "${id}"; "scripts/image list" shows them`);
  }
  try {
    return await openFolder(config, folder);
  } catch (error) {
    if (!(error instanceof TemplateError || error instanceof ImageError)) throw error;
    throw new GateError(error.message, { cause: error });
  }
}
