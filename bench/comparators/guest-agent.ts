/**
 * QEMU's guest agent in the place of ours: the same guest, booted and warmed as the template is, restored by our own
 * method, and a program that is run by `guest-exec` and asked for by `guest-exec-status`. As ours before they are
 * ready, a restored guest has had each interpreter run once, which under TCG is most of a first run.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guest } from '../../src/guest/guest.ts';
import { FIRST_INHERITED_FD } from '../../src/guest/launch.ts';
import { migrateWithoutMemory } from '../../src/guest/migration.ts';
import { makeReady, SeenDraws } from '../../src/guest/ready.ts';
import { CommandFailedError } from '../../src/image/errors.ts';
import { kernelCommandLine } from '../../src/image/kernel-command-line.ts';
import { closeDescriptor, createMemoryFile, sealMemoryFile } from '../../src/lib/posix.ts';
import { saveState } from '../../src/template/bake.ts';
import { STATE_FILE } from '../../src/template/manifest.ts';
import { loadWarmUps } from '../../src/template/warm-ups.ts';
import type { BenchLanguage, ComparatorFactory } from '../comparator.ts';
import { BenchGuests } from './bench-guest.ts';
import { QgaClient } from './qga-client.ts';
import { QGA_PORT, writeQgaInitramfs } from './qga-initramfs.ts';

const SOCKET = 'qga.sock';
const SOCKET_FD = FIRST_INHERITED_FD;
const RAM_FD = SOCKET_FD + 1;
const STATE_FD = SOCKET_FD + 2;

const DEVICES = [
  ...['-chardev', `socket,id=qga,fd=${SOCKET_FD},server=on,wait=off`],
  ...['-device', 'virtio-serial-pci,id=qga-serial'],
  ...['-device', `virtserialport,chardev=qga,name=${QGA_PORT}`],
];

/** How long to wait before each `guest-exec-status`, ms. Of 2, 5, 10 and 20 the best: each asks a CPU that has a program to run. */
const POLL_MS = 10;

/** In the guest. */
const INTERPRETERS: Readonly<Record<BenchLanguage, readonly [path: string, flag: string]>> = {
  javascript: ['/usr/local/bin/bun', '-e'],
  typescript: ['/usr/local/bin/bun', '-e'],
  python: ['/usr/bin/python3', '-c'],
  bash: ['/bin/bash', '-c'],
};
const LANGUAGES = ['javascript', 'typescript', 'python', 'bash'] as const;
/** What is run in each language before a guest is ready. */
const NOTHING = ' ';

/** As the bake does. */
const WARM_UP_ROUNDS = 2;

type Restored = { readonly guest: Guest; readonly client: QgaClient };

export const guestAgent: ComparatorFactory = async (context) => {
  const id = 'guest-agent';
  const title = 'QEMU guest agent (`guest-exec`) on a restored guest';
  const { scratch, signal } = context;
  await using stack = new AsyncDisposableStack();
  const guests = stack.use(await BenchGuests.open(context));
  const folder = await mkdtemp(join(scratch, 'guest-agent-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const initramfs = join(folder, 'initramfs');
  try {
    await writeQgaInitramfs(guests.present.image.initramfs, { scratch, target: initramfs, signal });
  } catch (error) {
    if (error instanceof CommandFailedError) return { id, title, missing: error.message };
    throw error;
  }
  const ram = stack.adopt(createMemoryFile('bench-ram'), closeDescriptor);
  const hardware = { sockets: [SOCKET], more: DEVICES };
  const memory = { kind: 'writable', path: `/proc/self/fd/${RAM_FD}` } as const;
  const { guest, agent } = await guests.boot(
    { ...hardware, memory, inherited: [ram] },
    kernelCommandLine,
    initramfs,
  );
  try {
    const terms = { agent, warmUps: await loadWarmUps(), seenDraws: new SeenDraws() };
    for (let round = 0; round < WARM_UP_ROUNDS; round++) await makeReady(guest, terms);
    (await warm(guest, guests.socketOf(guest, SOCKET)))[Symbol.dispose]();
    await saveState(guest, folder, signal);
  } finally {
    await guest[Symbol.asyncDispose]();
  }
  sealMemoryFile(ram);

  const seenDraws = new SeenDraws();
  const restore = async (): Promise<Restored> => {
    // Each QEMU reads at a place of its own.
    await using state = await open(join(folder, STATE_FILE));
    const restored = await guests.start({
      ...hardware,
      memory: { kind: 'clone', fd: RAM_FD },
      start: { kind: 'restore' },
      inherited: [ram, state.fd],
    });
    try {
      const load = () => restored.qmp.execute('migrate-incoming', { uri: `fd:${STATE_FD}` });
      await migrateWithoutMemory(restored.qmp, load, signal);
      await makeReady(restored, { agent, warmUps: [], seenDraws });
      return { guest: restored, client: await warm(restored, guests.socketOf(restored, SOCKET)) };
    } catch (error) {
      await restored[Symbol.asyncDispose]();
      throw error;
    }
  };
  let ready: Restored | undefined;
  const retire = () => {
    ready?.client[Symbol.dispose]();
    if (ready) guests.retire(ready.guest);
    ready = undefined;
  };
  stack.defer(retire);
  const owned = stack.move();
  return {
    id,
    title,
    languages: LANGUAGES,
    prepare: async () => {
      retire();
      await guests.settle();
      ready = await restore();
    },
    run: async ({ language, code }) => {
      if (!ready) throw new Error('no guest is restored');
      const [path, flag] = INTERPRETERS[language];
      try {
        // Both are written in the same tick, as the product does.
        const ran = ready.client.run(path, [flag, code], POLL_MS);
        const [stdout] = await Promise.all([ran, ready.guest.resume()]);
        return stdout;
      } finally {
        retire();
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

/** Has each interpreter run once in a guest that is stopped, and stops it again. @param socket Of the guest agent. */
async function warm(guest: Guest, socket: string): Promise<QgaClient> {
  await guest.resume();
  const client = await QgaClient.connect(socket);
  try {
    for (const language of LANGUAGES) {
      const [path, flag] = INTERPRETERS[language];
      await client.run(path, [flag, NOTHING], POLL_MS);
    }
    await guest.pause();
    return client;
  } catch (error) {
    client[Symbol.dispose]();
    throw error;
  }
}
