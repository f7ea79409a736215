/** Templates without files, and what is restored from them. */
import type { GuestMaker } from '../../src/rollout/maker.ts';
import type { SourceTemplate } from '../../src/rollout/source.ts';
import { FakeGuest } from './fake-guest.ts';
import { manifest } from './manifest.ts';

export class FakeSourceTemplate implements SourceTemplate {
  readonly manifest: SourceTemplate['manifest'];
  readonly restorePoint: SourceTemplate['restorePoint'];
  /** How often it was closed. */
  closed = 0;
  readonly restored: string[] = [];
  /** What each restore waits for; rejects to have it fail. */
  onRestore: () => Promise<void> = async () => {};

  constructor(id: string, memoryMiB = 256) {
    this.manifest = manifest({ id });
    const machine = { type: 'pc', accelerator: 'tcg', cpu: 'Nehalem', memoryMiB } as const;
    this.restorePoint = {
      machine,
      rootImage: '',
      qemuProgram: '',
      rootFd: -1,
      stateFd: -1,
      memoryFd: -1,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed += 1;
  }
}

/** As the service makes guests of a template. */
export const makerOfFake = (template: FakeSourceTemplate): GuestMaker => ({
  isWarming: false,
  make: async (name) => {
    if (template.closed > 0) throw new Error(`${template.manifest.id} is closed`);
    template.restored.push(name);
    await template.onRestore();
    return { ...new FakeGuest(name).ready, template: template.manifest.id };
  },
  [Symbol.asyncDispose]: async () => {},
});
