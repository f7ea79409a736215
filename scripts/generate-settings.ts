/** Writes what operators read of the settings. A test notices when the checked-in files are not what this writes. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { renderReference, renderSample } from '../src/config/render.ts';

/** Paths in the repository, and what is in the files there. */
export const settingsFiles: ReadonlyMap<string, string> = new Map([
  ['docs/configuration.md', renderReference()],
  ['deploy/codeland.conf', renderSample()],
]);

if (import.meta.main) {
  for (const [name, content] of settingsFiles) {
    const path = join(import.meta.dirname, '..', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    console.log(name);
  }
}
