/** Finds kernel modules with all they depend on, in an order in which they can be loaded. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from './errors.ts';

export type KernelModule = { readonly name: string; readonly content: Uint8Array };

/** Module names are written with `-` in file names and with `_` elsewhere. */
const canonical = (name: string): string => name.replaceAll('-', '_');

/**
 * The modules named and their dependencies, each after those it needs.
 * @param directory Folder to search, as `…/lib/modules/<version>`.
 * @throws {ImageError} When a module, or one that it needs, is not there.
 */
export async function kernelModules(
  directory: string,
  names: readonly string[],
): Promise<readonly KernelModule[]> {
  const files = new Map<string, string>();
  for (const entry of await readdir(directory, { recursive: true }))
    if (entry.endsWith('.ko')) files.set(canonical(entry.slice(entry.lastIndexOf('/') + 1, -3)), entry);

  const sorted = new Map<string, KernelModule>();
  const add = async (name: string, neededBy: string): Promise<void> => {
    if (sorted.has(name)) return;
    const file = files.get(name);
    if (!file) throw new ImageError(`kernel module ${name}, needed by ${neededBy}, is not in ${directory}`);
    const content = await readFile(join(directory, file));
    for (const dependency of moduleDependencies(content)) await add(dependency, name);
    sorted.set(name, { name, content });
  };
  for (const name of names) await add(canonical(name), 'the recipe');
  return [...sorted.values()];
}

/** Names in a module's `depends=` entry (section .modinfo: NUL-terminated `key=value` strings). */
export function moduleDependencies(content: Uint8Array): readonly string[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const key = '\0depends=';
  const start = bytes.indexOf(key);
  if (start < 0) return [];
  const value = bytes.toString('latin1', start + key.length, bytes.indexOf(0, start + key.length));
  return value.split(',').filter(Boolean).map(canonical).sort();
}
