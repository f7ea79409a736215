import { expect, test } from 'bun:test';
import { closest } from '../../../src/lib/closest.ts';

const KNOWN = ['bake', 'verify', 'promote', 'prune'];

test.each([
  ['bake', 'bake'],
  ['bkae', 'bake'],
  ['bakes', 'bake'],
  ['verfiy', 'verify'],
  ['promot', 'promote'],
  ['prun', 'prune'],
  ['x', undefined],
  ['', undefined],
  ['something else', undefined],
])('%j is closest to %j', (word, expected) => {
  expect(closest(word, KNOWN)).toBe(expected);
});

test('nothing is close to nothing', () => {
  expect(closest('bake', [])).toBeUndefined();
});
