/** Unpacks a base layer, adds the agent and packs the result as a read-only erofs image. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImageFiles } from './agent-bundle.ts';
import { BASE_FOLDER, SOURCE_DATE_EPOCH } from './base-layer.ts';
import { runCommand } from './command.ts';

/** Where the agent's files are in the guest. */
const AGENT_DIRECTORY = '/opt/codeland/agent';

/** Any fixed value: one image is one guest's only disk, so that nothing looks for it by its id. */
const FILE_SYSTEM_UUID = 'c0de1a0d-0000-4000-8000-000000000001';

/** What the package tools left for themselves. */
const NOT_UNPACKED = [BASE_FOLDER, 'etc/apt', 'etc/dpkg/dpkg.cfg.d', 'var/lib/apt', 'var/cache', 'dev'];

/** Made anew, since nothing of them is unpacked or the bootstrap leaves them out. */
const MOUNT_POINTS = ['dev', 'proc', 'sys', 'run', 'tmp', 'var/cache'];

/**
 * Writes the root image to `target`.
 * @param tree An empty folder beside it to unpack to; the caller removes it.
 * @param agent Path below {@link AGENT_DIRECTORY} → content.
 * @throws {CommandFailedError} When unpacking or packing fails.
 */
export async function writeRootImage(
  baseTar: string,
  agent: ImageFiles,
  tree: string,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(tree, { recursive: true });
  const excluded = NOT_UNPACKED.map((path) => `--exclude=./${path}`);
  // Owners are dropped: every file of the image is root's, also when someone else builds it.
  const options = ['--no-same-owner', '--anchored', ...excluded];
  await runCommand(['tar', '-xpf', baseTar, '-C', tree, ...options], { signal });
  const mountPoints = MOUNT_POINTS.map((path) => join(tree, path));
  for (const path of mountPoints) await mkdir(path, { recursive: true });
  for (const [path, content] of agent) {
    const file = join(tree, AGENT_DIRECTORY, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { mode: 0o755 });
  }
  // Whatever the umask of whoever builds.
  const own = [join(tree, dirname(AGENT_DIRECTORY)), ...mountPoints];
  await runCommand(['chmod', '-R', 'u=rwX,go=rX', ...own], { signal });
  // Not compressed: the guest's page faults then cost no decompression. -x-1: no extended attributes.
  const flags = ['--quiet', '-x-1', '--all-root', `-T${SOURCE_DATE_EPOCH}`, `-U${FILE_SYSTEM_UUID}`];
  await runCommand(['mkfs.erofs', ...flags, target, tree], { signal });
}
