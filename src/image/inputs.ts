/** Everything that decides what an image is, and the digests that name it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recipe } from '../../vm-images/base/recipe.ts';
import { languages } from '../../vm-images/languages/mod.ts';
import { digestInputs } from '../lib/digest.ts';
import { agentFiles, type ImageFiles } from './agent-bundle.ts';
import { type LockedPackage, parseLock } from './lock.ts';
import { VM_IMAGES } from './paths.ts';
import type { Recipe } from './recipe.ts';

/** Raised when the build's own steps change what they make from the same inputs. */
const BUILDER_VERSION = '2';
/** The same for the base layer alone: a change of the other steps leaves the cached layer in use. */
const BASE_LAYER_VERSION = '1';

export const LOCK_FILE = join(VM_IMAGES, 'base/packages.lock');

export type ImageInputs = {
  readonly recipe: Recipe;
  readonly lock: readonly LockedPackage[];
  readonly init: Uint8Array;
  readonly agent: ImageFiles;
  /** SHA-256 over all inputs. */
  readonly digest: string;
  /** SHA-256 over those of the base layer. */
  readonly baseDigest: string;
  readonly agentDigest: string;
};

/**
 * Reads the inputs from the repository.
 * @param agentDirectory Where the agent's sources are; `vm-images/agent` unless a test brings its own.
 * @throws {ImageError} When the lock is malformed or the agent does not bundle.
 */
export async function readInputs(agentDirectory = join(VM_IMAGES, 'agent')): Promise<ImageInputs> {
  const lockText = await readFile(LOCK_FILE, 'utf8');
  const init = await readFile(join(VM_IMAGES, 'initramfs/init'));
  const agent = await agentFiles(agentDirectory);
  const baseDigest = await baseLayerDigest(recipe, lockText);
  const agentDigest = digestInputs(agent);
  const digest = digestInputs(
    new Map<string, Uint8Array | string>([
      ['builder', BUILDER_VERSION],
      ['base', baseDigest],
      ['recipe', JSON.stringify(recipe)],
      ['languages', JSON.stringify(languages)],
      ['init', init],
      ['agent', agentDigest],
    ]),
  );
  return { recipe, lock: parseLock(lockText), init, agent, digest, baseDigest, agentDigest };
}

/** Digest of what decides a base layer's content; `lockText` is a lock as it is stored. */
export async function baseLayerDigest(of: Recipe, lockText: string): Promise<string> {
  const { kernelModules: _modules, memoryMiB: _memory, tmpfsMiB: _sizes, ...installed } = of;
  return digestInputs(
    new Map<string, Uint8Array | string>([
      ['version', BASE_LAYER_VERSION],
      ['recipe', JSON.stringify(installed)],
      ['lock', lockText],
      ['customize', await readFile(join(VM_IMAGES, 'base/customize.sh'))],
    ]),
  );
}
