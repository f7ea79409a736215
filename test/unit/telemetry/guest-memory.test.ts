import { describe, expect, test } from 'bun:test';
import { GuestMemory } from '../../../src/telemetry/guest-memory.ts';

const MIB = 2 ** 20;

describe('the memory of all guests', () => {
  test('is the sum over those that could be read', async () => {
    const memory = new GuestMemory({
      pids: () => [1, 2, 3, 4, 5, 6, 7],
      read: async (pid) => {
        if (pid === 3) throw new Error('not readable');
        return { pssBytes: pid === 5 ? null : pid * MIB };
      },
    });
    expect(await memory.sample()).toMatchObject({ guests: 5, bytes: (1 + 2 + 4 + 6 + 7) * MIB });
  });

  test('is 0 without guests', async () => {
    const memory = new GuestMemory({ pids: () => [], read: async () => ({ pssBytes: MIB }) });
    expect(await memory.sample()).toMatchObject({ guests: 0, bytes: 0 });
  });

  test('is read once for all who ask at about the same time, a few guests at once', async () => {
    let reads = 0;
    let atOnce = 0;
    let most = 0;
    const pids = Array.from({ length: 20 }, (_, at) => at);
    const memory = new GuestMemory({
      pids: () => pids,
      read: async () => {
        reads += 1;
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setTimeout(resolve, 1));
        atOnce -= 1;
        return { pssBytes: 1 };
      },
    });
    const samples = await Promise.all([memory.sample(), memory.sample(), memory.sample()]);
    samples.push(await memory.sample());
    expect(samples.map((sample) => sample?.bytes)).toEqual([20, 20, 20, 20]);
    expect(reads).toBe(20);
    expect(most).toBeLessThan(10);
    expect(pids).toHaveLength(20);
  });

  test('is unknown, rather than waited for, while a guest hangs', async () => {
    const hanging = Promise.withResolvers<{ pssBytes: number }>();
    const memory = new GuestMemory({ pids: () => [1], read: () => hanging.promise });
    expect(await memory.sample()).toBeUndefined();
    const later = memory.sample();
    hanging.resolve({ pssBytes: MIB });
    expect(await later).toMatchObject({ guests: 1, bytes: MIB });
  });
});
