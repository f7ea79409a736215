/** The longest `Uint8Array` in elements that `act` asks for by length. */
export function longestAllocation(act: () => void): number {
  const original = globalThis.Uint8Array;
  let longest = 0;
  globalThis.Uint8Array = new Proxy(original, {
    construct(target, args, newTarget) {
      const [length] = args;
      if (typeof length === 'number') longest = Math.max(longest, length);
      return Reflect.construct(target, args, newTarget);
    },
  });
  try {
    act();
  } finally {
    globalThis.Uint8Array = original;
  }
  return longest;
}
