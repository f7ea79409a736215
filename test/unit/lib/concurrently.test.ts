import { expect, it } from 'bun:test';
import { mapAtMost } from '../../../src/lib/concurrently.ts';
import { failure } from '../../support/failure.ts';
import { settle } from '../../support/time.ts';

it('keeps the order of the items, whatever the order of the ends', async () => {
  const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const mapped = mapAtMost([0, 1, 2], 3, async (index) => {
    await gates[index]?.promise;
    return index * 10;
  });
  for (const gate of gates.toReversed()) {
    gate.resolve();
    await settle();
  }
  expect(await mapped).toEqual([0, 10, 20]);
});

it('works on as many at once as it may, and begins the next as soon as one ends', async () => {
  const under = new Map<number, () => void>();
  const mapped = mapAtMost([0, 1, 2, 3, 4], 2, async (index) => {
    await new Promise<void>((resolve) => under.set(index, resolve));
    under.delete(index);
  });
  await settle();
  expect([...under.keys()]).toEqual([0, 1]);
  under.get(1)?.();
  await settle();
  expect([...under.keys()]).toEqual([0, 2]);
  while (under.size > 0) {
    for (const end of under.values()) end();
    await settle();
  }
  expect(await mapped).toHaveLength(5);
});

it('rejects with the first failure', async () => {
  const error = new Error('second');
  const mapped = mapAtMost([0, 1, 2], 2, (index) =>
    index === 1 ? Promise.reject(error) : Promise.resolve(),
  );
  expect(await failure(mapped)).toBe(error);
});

it('gives nothing for no items', async () => {
  expect(await mapAtMost([], 4, async () => 1)).toEqual([]);
});
