import { describe, expect, it } from 'bun:test';
import { requirePlaceable } from '../../../src/http/runner/files.ts';
import { thrown } from '../../support/failure.ts';

const placed = (...paths: string[]) => requirePlaceable(Object.fromEntries(paths.map((path) => [path, ''])));

describe('files', () => {
  it.each([
    [[]],
    [['a', 'b/c', 'b/d']],
    [['a', 'ab/c', 'a.d/e']],
    [['x'.repeat(255)]],
    [[`${'é'.repeat(127)}/b`]],
    [['constructor', '__proto__/x']],
  ])('may lie beside each other: %j', (paths) => {
    placed(...paths);
  });

  it.each([
    [['a', 'a/b'], ['a/b']],
    [['a/b/c/d', 'a/b', 'x'], ['a/b/c/d']],
    [['é'.repeat(128)], ['é'.repeat(128)]],
    [[`a/${'🐎'.repeat(64)}/b`, 'c'], [`a/${'🐎'.repeat(64)}/b`]],
  ])('may not: %j', (paths, wrong) => {
    expect(thrown(() => placed(...paths))).toMatchObject({
      name: 'invalidRequest',
      facts: { details: wrong.map((path) => ({ field: `body.files[${JSON.stringify(path)}]` })) },
    });
  });
});
