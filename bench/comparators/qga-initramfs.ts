/**
 * The image's initramfs with QEMU's guest agent in it, which is started just before the image's own. The image stays
 * as it is. Programs that this agent starts are root's.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runCommand } from '../../src/image/command.ts';
import { type CpioEntry, cpioArchive } from '../../src/image/cpio.ts';
import { findProgram } from '../../src/lib/child-environment.ts';

/** Name of its virtio-serial port, as libvirt has it too. */
export const QGA_PORT = 'org.qemu.guest_agent.0';

const PACKAGE = 'qemu-guest-agent';
const FOLDER = 'qga';

/** In the place of busybox's own, which the image's init hands over with: `switch_root ROOT PROGRAM…` as process 1. */
const SWITCH_ROOT = `#!/bin/busybox sh
export PATH=/bin
mkdir "$1/run/${FOLDER}"
cp /${FOLDER}/* "$1/run/${FOLDER}"
port=
while [ -z "$port" ]; do
  for file in "$1"/sys/class/virtio-ports/*/name; do
    read -r name <"$file"
    [ "$name" != ${QGA_PORT} ] || port=$(basename "$(dirname "$file")")
  done
done
# What the image's init sets for its own agent alone.
unset BUN_JSC_useBaselineJIT
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
/bin/busybox chroot "$1" /run/${FOLDER}/loader --library-path /run/${FOLDER} /run/${FOLDER}/qemu-ga \\
  --daemonize --method=virtio-serial --path="/dev/$port" --statedir=/run/${FOLDER} --pidfile=/run/${FOLDER}/pid
exec /bin/busybox switch_root "$@"
`;

/**
 * The program: this host's, or one that is taken from its package, which is not installed, as it would begin to serve
 * whoever holds this host.
 * @param folder Where it is kept.
 * @throws {CommandFailedError} When it cannot be had.
 */
async function findAgent(folder: string, signal: AbortSignal): Promise<string> {
  const kept = join(folder, 'usr/sbin/qemu-ga');
  const found = (await findProgram('/usr/sbin/qemu-ga')) ?? (await findProgram(kept));
  if (found !== undefined) return found;
  const staging = `${folder}.new`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  const download = () => runCommand(['apt-get', 'download', '-q', PACKAGE], { cwd: staging, signal });
  // Without a list of packages, or with one that is out of date.
  await download().catch(async () => {
    signal.throwIfAborted();
    await runCommand(['apt-get', 'update', '-q'], { signal });
    await download();
  });
  await runCommand(['sh', '-c', 'dpkg-deb --extract ./*.deb .'], { cwd: staging, signal });
  await rm(folder, { recursive: true, force: true });
  await rename(staging, folder);
  return kept;
}

/** A program's libraries on this host and what loads them, by the names that it finds them under. */
async function librariesOf(program: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const lines = await runCommand(['ldd', program], { signal });
  const libraries = [...lines.matchAll(/^\s*(\S+) => (\/\S+) /gm)].map(
    ([, name = '', path = '']) => [name, path] as const,
  );
  const loader = /^\s*(\/\S+) \(/m.exec(lines)?.[1] ?? '';
  return new Map([...libraries, ['loader', loader]]);
}

/**
 * Writes such an initramfs.
 * @param scratch Where what is needed is kept; the initramfs is at `target`.
 * @throws {CommandFailedError} When the agent cannot be had.
 */
export async function writeQgaInitramfs(
  initramfs: string,
  { scratch, target, signal }: { scratch: string; target: string; signal: AbortSignal },
): Promise<void> {
  const agent = await findAgent(join(scratch, PACKAGE), signal);
  const libraries = await librariesOf(agent, signal);
  const executable = async (path: string, from: string): Promise<CpioEntry> => ({
    path,
    type: 'file',
    content: await readFile(from),
    executable: true,
  });
  const entries: CpioEntry[] = [
    { path: FOLDER, type: 'directory' },
    await executable(`${FOLDER}/${basename(agent)}`, agent),
    ...(await Promise.all([...libraries].map(([name, from]) => executable(`${FOLDER}/${name}`, from)))),
    { path: 'bin/switch_root', type: 'file', content: Buffer.from(SWITCH_ROOT), executable: true },
  ];
  // The kernel unpacks one archive after the other.
  await writeFile(target, Buffer.concat([await readFile(initramfs), cpioArchive(entries)]));
}
