/**
 * The bake: boots the image once, warms it, and saves its RAM and device state. What comes out is verified by
 * restoring it before anybody else can see it.
 */
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Guest } from '../guest/guest.ts';
import { launchGuest } from '../guest/launch.ts';
import { migrateWithoutMemory } from '../guest/migration.ts';
import { makeReady, SeenDraws, type WarmUp } from '../guest/ready.ts';
import { kernelCommandLine } from '../image/kernel-command-line.ts';
import type { Image } from '../image/manifest.ts';
import { within } from '../lib/deadline.ts';
import { digestFile } from '../lib/digest.ts';
import { makePrivateFolder, PRIVATE_FILE, syncFolder } from '../lib/files.ts';
import {
  type FileRecord,
  MANIFEST_FORMAT,
  type Manifest,
  type Pins,
  RAM_FILE,
  STATE_FILE,
  TemplateError,
  writeManifest,
} from './manifest.ts';
import { machineOf } from './pins.ts';
import type { TemplateStore } from './store.ts';
import { Template } from './template.ts';
import { LEAST, type Thoroughness, verifyTemplate } from './verify.ts';
import type { Workshop } from './workshop.ts';

export type BakeRequest = {
  readonly store: TemplateStore;
  readonly image: Image;
  readonly present: Pins;
  readonly warmUps: readonly WarmUp[];
  /** Where the bake's own guests are. */
  readonly workshop: Workshop;
  /** How it is verified; {@link LEAST} without. */
  readonly verification?: Thoroughness;
  readonly onProgress?: (what: string) => void;
  readonly signal?: AbortSignal;
};

/** A boot takes 3 s under TCG; on a machine with much else to do it has taken more than two minutes. */
const BOOT_DEADLINE_MS = 600_000;
/** How often it is said that the boot is still awaited, ms. */
const BOOT_NOTE_MS = 15_000;
const SAVE_DEADLINE_MS = 60_000;
/** Name of the guest that is baked; each clone takes its own. */
const BAKED_NAME = 'template';
/** Rounds of warm-ups in the template, so that what they load and compile is in its memory. */
const ROUNDS = 2;

/**
 * Bakes, verifies and publishes a template. It is not in use before it is promoted.
 * @returns Its id.
 * @throws {VerificationError} When the new template fails its verification; nothing is published then.
 */
export async function bakeTemplate(request: BakeRequest): Promise<string> {
  const { store, onProgress, signal = new AbortController().signal } = request;
  const id = new Date()
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/g, '')
    .toLowerCase();
  await using staging = await store.stage();
  const folder = join(staging.path, 'template');
  await makePrivateFolder(folder);
  const agentVersion = await saveGuest(request, folder, signal);
  onProgress?.('computing checksums');
  await writeManifest(folder, await describe({ id, folder, agentVersion, pins: request.present }));
  onProgress?.('verifying the template');
  await verifyStaged(request, folder, signal);
  signal.throwIfAborted();
  await store.publish(folder, id);
  return id;
}

/** Returns what the agent calls itself. */
async function saveGuest(request: BakeRequest, folder: string, signal: AbortSignal): Promise<string> {
  const { image, present, warmUps, workshop, onProgress } = request;
  onProgress?.('booting the image');
  await using guest = await launchGuest({
    name: BAKED_NAME,
    folder: join(workshop.guests, BAKED_NAME),
    machine: machineOf(present),
    memory: { kind: 'writable', path: join(folder, RAM_FILE) },
    start: {
      kind: 'boot',
      kernel: image.kernel,
      initramfs: image.initramfs,
      append: kernelCommandLine,
    },
    rootImage: image.root,
    signal,
  });
  const hello = guest.hello({ ask: false });
  await guest.resume();
  const ended = guest.lost.then(async (cause) => {
    throw new TemplateError('the guest ended while it booted', { cause });
  });
  const booted = Promise.race([hello, ended]);
  const note = setInterval(() => onProgress?.('booting the image: no word from it yet'), BOOT_NOTE_MS);
  const { agent } = await within(BOOT_DEADLINE_MS, 'the image to boot', booted, signal).finally(() =>
    clearInterval(note),
  );
  onProgress?.('warming the interpreters');
  const terms = { agent, warmUps, seenDraws: new SeenDraws() };
  for (let round = 0; round < ROUNDS; round++) await makeReady(guest, terms);
  onProgress?.('saving memory and device state');
  await saveState(guest, folder, signal);
  return agent;
}

/** Writes the state of a stopped guest to its file in `folder`; its RAM is in a file already. */
export async function saveState(guest: Guest, folder: string, signal: AbortSignal): Promise<void> {
  const { qmp } = guest;
  const socket = join(folder, 'save.sock');
  // QEMU sends the state to a socket of ours: it may start no helper process and open no file for it.
  const server = createServer();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(socket, { force: true }));
  stack.defer(() => {
    server.close();
  });
  const received = new Promise<void>((resolve, reject) => {
    server.once('connection', (connection) => {
      pipeline(connection, createWriteStream(join(folder, STATE_FILE), { mode: PRIVATE_FILE })).then(
        resolve,
        reject,
      );
    });
    server.once('error', reject);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  await migrateWithoutMemory(qmp, () => qmp.execute('migrate', { uri: `unix:${socket}` }), signal);
  await within(SAVE_DEADLINE_MS, 'the state to be written', received, signal);
}

async function describe({ id, folder, agentVersion, pins }: Bake): Promise<Manifest> {
  const [ram, state] = await Promise.all([settle(join(folder, RAM_FILE)), settle(join(folder, STATE_FILE))]);
  await syncFolder(folder);
  return {
    format: MANIFEST_FORMAT,
    id,
    created: new Date().toISOString(),
    pins,
    agentVersion,
    files: { ram, state },
  };
}

type Bake = {
  readonly id: string;
  readonly folder: string;
  readonly agentVersion: string;
  readonly pins: Pins;
};

/** Brings a written file to the disk and records what it holds. */
async function settle(path: string): Promise<FileRecord> {
  await using file = await open(path, 'r+');
  await file.chmod(0o400);
  await file.sync();
  return await digestFile(path);
}

async function verifyStaged(request: BakeRequest, folder: string, signal: AbortSignal): Promise<void> {
  const { present, image, warmUps, workshop, verification = LEAST, onProgress } = request;
  await using template = await Template.open(folder, { present, image, warmUps });
  await verifyTemplate(template, { ...verification, workshop, onProgress, signal });
}
