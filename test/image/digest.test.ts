import { describe, expect, it } from 'bun:test';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestFile, digestInputs, sha256 } from '../../src/image/digest.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

describe('the digest of inputs', () => {
  it('does not depend on their order', () => {
    const inputs: [string, string][] = [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ];
    expect(digestInputs(new Map(inputs))).toBe(digestInputs(new Map(inputs.toReversed())));
  });

  it('changes with a name, a content, and with where one ends and the other begins', () => {
    const digests = [
      new Map([['a', '1']]),
      new Map([['a', '2']]),
      new Map([['b', '1']]),
      new Map([
        ['a', '1'],
        ['b', ''],
      ]),
      new Map([['a1', '']]),
    ].map(digestInputs);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('is the same for text and for its bytes', () => {
    const bytes = new TextEncoder().encode('é');
    expect(digestInputs(new Map([['a', 'é']]))).toBe(digestInputs(new Map([['a', bytes]])));
  });
});

it('the digest of a file covers all of it, also when it is read in several pieces', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'file');
  const content = Buffer.alloc(3 * 1024 * 1024 + 5, 'codeland');
  await writeFile(path, content);
  const expected = createHash('sha256').update(content).digest('hex');
  expect(await digestFile(path)).toEqual({ sha256: expected, bytes: content.length });
  expect(sha256(content)).toBe(expected);
});
