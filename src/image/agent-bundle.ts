/** The guest agent as the files that go into the image. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from './errors.ts';

/** Path → content. */
export type ImageFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Bundles `main.ts` of `directory` to `agent.js` and takes every file below `guest/` as it is.
 * @throws {ImageError} When the agent does not bundle.
 */
export async function agentFiles(directory: string): Promise<ImageFiles> {
  const files = new Map<string, Uint8Array>();
  const result = await Bun.build({
    entrypoints: [join(directory, 'main.ts')],
    target: 'bun',
    // Leaves out the comments that name each source relative to the working directory: the bundle, and with it
    // the image, must not depend on where the build is started.
    minify: { whitespace: true, syntax: false, identifiers: false },
    sourcemap: 'none',
    throw: false,
  });
  const [bundle] = result.outputs;
  if (!result.success || !bundle)
    throw new ImageError(
      `the agent does not bundle:\n${result.logs.map(({ message }) => message).join('\n')}`,
    );
  files.set('agent.js', new Uint8Array(await bundle.arrayBuffer()));

  const guest = join(directory, 'guest');
  if (!existsSync(guest)) return files;
  const entries = await readdir(guest, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(guest.length + 1), await readFile(path));
  }
  return files;
}
