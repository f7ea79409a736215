/**
 * Notices, while the server runs, that what its template was baked for is another one on this host now: QEMU, as after a
 * package upgrade, or what this version makes its image of. Guests are restored by the QEMU that the template was baked
 * with or not at all; this is for the operator, who is to know before the next start.
 */
import { qemuPath } from '../guest/qemu.ts';
import { readInputs } from '../image/inputs.ts';
import { imageId } from '../image/paths.ts';
import { KeptDigest } from '../lib/kept-digest.ts';
import type { Pins } from '../template/manifest.ts';
import type { TemplateStore } from '../template/store.ts';

export const UPGRADED = ['qemu', 'image'] as const;
export type Upgraded = (typeof UPGRADED)[number];

/** What the template in use was baked with is another one now. */
export class UpgradeNotice extends Error {
  override readonly name = 'UpgradeNotice';
}

export type UpgradesOptions = {
  readonly store: Pick<TemplateStore, 'list'>;
  /** Of the template that guests are restored from. */
  readonly pins: () => Pins;
  /** Bakes and promotes a new template, for the next start; undefined where that is not to happen by itself. */
  readonly renew: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Takes what is current now into use. Rejects when it cannot be restored from. */
  readonly reload: () => Promise<unknown>;
  /** Told at the first look, and when the answer changes. */
  readonly onUpgraded: (what: Upgraded, isUpgraded: boolean) => void;
  readonly onNotice: (notice: UpgradeNotice) => void;
};

export class Upgrades {
  readonly #options: UpgradesOptions;
  #path: string | undefined;
  #qemu: KeptDigest | undefined;
  /** The QEMU of the last look; one that is just being installed is another one at the next. */
  #seen: string | undefined;
  #told: string | undefined;
  #isImageKnown = false;

  constructor(options: UpgradesOptions) {
    this.#options = options;
  }

  /**
   * Looks once. Cheap, as long as nothing is replaced.
   * @param signal Ends a bake.
   * @throws {QemuMissingError} When QEMU is gone.
   * @throws What a bake fails with.
   */
  async look(signal: AbortSignal): Promise<void> {
    await this.#lookAtImage(signal);
    await this.#lookAtQemu(signal);
  }

  async #lookAtQemu(signal: AbortSignal): Promise<void> {
    const path = await qemuPath();
    if (path !== this.#path) {
      this.#path = path;
      this.#qemu = new KeptDigest(path);
    }
    const { pins, onUpgraded, onNotice, renew } = this.#options;
    const found = await this.#qemu?.read();
    const isSettled = found === this.#seen;
    this.#seen = found;
    if (!isSettled || found === this.#told) return;
    this.#told = found;
    const isUpgraded = found !== pins().qemuProgram;
    onUpgraded('qemu', isUpgraded);
    if (!isUpgraded) return;
    onNotice(
      new UpgradeNotice(
        `${path} was replaced. Guests go on with the QEMU that their template was baked with, as long as they can; bake a template for the new one and restart the server`,
      ),
    );
    await renew?.(signal);
  }

  /** Once: a version that is installed later comes into effect with the next start. */
  async #lookAtImage(signal: AbortSignal): Promise<void> {
    if (this.#isImageKnown) return;
    this.#isImageKnown = true;
    const { pins, store, onUpgraded, onNotice, renew, reload } = this.#options;
    const id = imageId((await readInputs()).digest);
    const isUpgraded = id !== pins().imageId;
    onUpgraded('image', isUpgraded);
    if (!isUpgraded) return;
    onNotice(
      new UpgradeNotice(
        `the template in use has image ${pins().imageId}, and this version makes image ${id}: agent, languages or packages differ. Build and bake it with scripts/up or a rebuild`,
      ),
    );
    // Where there is a template of it, somebody has gone back from that.
    const isTried = (await store.list()).some((entry) => entry.pins?.imageId === id);
    if (isTried || !renew) return;
    await renew(signal);
    await reload();
  }
}
