import { expect, test } from 'bun:test';
import { formatSize } from '../../../src/lib/size.ts';

test.each([
  [0, '0.00 B'],
  [1, '1.00 B'],
  [1023, '1023.00 B'],
  [1024, '1.00 KiB'],
  [1536, '1.50 KiB'],
  [46_378_516, '44.23 MiB'],
  [2 ** 20, '1.00 MiB'],
  [2 ** 30, '1.00 GiB'],
  [1.5 * 2 ** 40, '1.50 TiB'],
  [2 ** 50, '1024.00 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});
