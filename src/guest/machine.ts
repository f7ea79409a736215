/** The virtual hardware of a guest. A saved state fits the machine it was saved on and no other. */

export type AcceleratorName = 'kvm' | 'tcg';

export type Machine = {
  /** Versioned machine type, as `pc-i440fx-7.2`. */
  readonly type: string;
  readonly accelerator: AcceleratorName;
  /** QEMU's CPU model. */
  readonly cpu: string;
  readonly memoryMiB: number;
};

/**
 * CPU model by accelerator. Under TCG the oldest model that Bun's baseline build runs on (SSE4.2): each feature
 * more costs emulation (12 ms against 17 ms a claim for `max`). Under KVM the host's own.
 */
export const CPU_MODEL: Readonly<Record<AcceleratorName, string>> = { kvm: 'host', tcg: 'Nehalem' };
