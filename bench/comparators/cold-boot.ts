/**
 * A guest that is booted for its run: the same image and virtual hardware, kernel options that were chosen for a short
 * boot, memory that nobody shares, an uncompressed initramfs with the few modules it needs, and then the agent.
 */
import { kernelCommandLine } from '../../src/image/kernel-command-line.ts';
import type { ComparatorFactory } from '../comparator.ts';
import { BenchGuests, runOnAgent } from './bench-guest.ts';

export const coldBoot: ComparatorFactory = async (context) => {
  const guests = await BenchGuests.open(context);
  return {
    id: 'cold-boot',
    title: 'cold boot of the same guest',
    languages: ['javascript', 'typescript', 'python', 'bash'],
    prepare: () => guests.settle(),
    run: async (program) => {
      const { guest } = await guests.boot(
        { memory: 'anonymous' },
        kernelCommandLine,
        guests.present.image.initramfs,
      );
      try {
        return await runOnAgent(guest, program);
      } finally {
        guests.retire(guest);
      }
    },
    [Symbol.asyncDispose]: () => guests[Symbol.asyncDispose](),
  };
};
