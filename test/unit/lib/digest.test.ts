import { describe, expect, it } from 'bun:test';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestFile, digestInputs, sha256 } from '../../../src/lib/digest.ts';
import { temporaryDirectory } from '../../image/support/temporary-directory.ts';

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

it.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
])('a file with a known text has its known digest', async (content, known) => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'a');
  await writeFile(path, content);
  expect((await digestFile(path)).sha256).toBe(known);
});

it('a file that is not there has none', async () => {
  await using directory = await temporaryDirectory();
  await expect(digestFile(join(directory.path, 'none'))).rejects.toThrow('ENOENT');
});
