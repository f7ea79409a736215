import { describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import { open, readFile, truncate, writeFile } from 'node:fs/promises';
import { isErrno } from '../../../src/lib/files.ts';
import { createMemoryFile, sealMemoryFile } from '../../../src/lib/posix.ts';
import { TemplateError } from '../../../src/template/manifest.ts';
import { MemoryImage } from '../../../src/template/memory-image.ts';
import { failure, thrown } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const MEMORY_FILE = 'codeland-template';

const record = (content: Uint8Array) => ({
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
});

/** Bytes with a hole of zeros in the middle and an end that fills no whole page. */
function sample(): Uint8Array {
  const content = new Uint8Array(300_001);
  content.fill(1, 0, 100_000);
  content.fill(2, 250_000);
  return content;
}

/** Descriptors of this process that are memory images. */
function openImages(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes(MEMORY_FILE);
    } catch {
      // The descriptor of the listing itself is gone by now.
      return false;
    }
  }).length;
}

describe('MemoryImage', () => {
  test.each([
    ['with a hole', sample()],
    ['of one byte', Uint8Array.of(7)],
    ['of zeros', new Uint8Array(65_537)],
    ['of whole chunks', new Uint8Array(131_072).fill(3)],
  ])('holds exactly the bytes of a file %s', async (_, content) => {
    await using folder = await TempFolder.create();
    await writeFile(folder.file('ram'), content);
    await using image = await MemoryImage.load(folder.file('ram'), record(content), MEMORY_FILE);
    const loaded = await readFile(`/proc/self/fd/${image.fd}`);
    expect(record(loaded)).toEqual(record(content));
  });

  test('does not change with its file', async () => {
    await using folder = await TempFolder.create();
    await writeFile(folder.file('ram'), sample());
    await using image = await MemoryImage.load(folder.file('ram'), record(sample()), MEMORY_FILE);
    await truncate(folder.file('ram'), 0);
    expect(record(await readFile(`/proc/self/fd/${image.fd}`))).toEqual(record(sample()));
  });

  test('can be written by nobody, through no descriptor', async () => {
    await using folder = await TempFolder.create();
    await writeFile(folder.file('ram'), sample());
    await using image = await MemoryImage.load(folder.file('ram'), record(sample()), MEMORY_FILE);
    const path = `/proc/self/fd/${image.fd}`;
    await using again = await open(path, 'r+');
    for (const fd of [image.fd, again.fd]) {
      for (const position of [0, 150_000, sample().length]) {
        expect(
          isErrno(
            thrown(() => writeSync(fd, 'x', position)),
            'EPERM',
          ),
        ).toBe(true);
      }
      for (const length of [0, 1, sample().length + 1]) {
        expect(
          isErrno(
            thrown(() => ftruncateSync(fd, length)),
            'EPERM',
          ),
        ).toBe(true);
      }
    }
    expect(isErrno(await failure(truncate(path, 0)), 'EPERM')).toBe(true);
    expect(await failure(writeFile(path, 'x'))).toBeInstanceOf(Error);
    expect(record(await readFile(path))).toEqual(record(sample()));
  });

  test('is closed with its owner', async () => {
    await using folder = await TempFolder.create();
    await writeFile(folder.file('ram'), sample());
    const before = openImages();
    const image = await MemoryImage.load(folder.file('ram'), record(sample()), MEMORY_FILE);
    expect(openImages()).toBe(before + 1);
    await image[Symbol.asyncDispose]();
    expect(openImages()).toBe(before);
  });

  test.each([
    ['has one other byte', sample().with(150_000, 1), record(sample())],
    ['has another digest', sample(), { ...record(sample()), sha256: '0'.repeat(64) }],
    ['is cut off', sample().subarray(0, -1), record(sample())],
    ['is longer', new Uint8Array([...sample(), 0]), record(sample())],
    ['is empty', new Uint8Array(), record(sample())],
    ['is missing', undefined, record(sample())],
  ])(
    'is not made of a file that %s; its name is told and no descriptor stays',
    async (_, content, wanted) => {
      await using folder = await TempFolder.create();
      if (content) await writeFile(folder.file('ram'), content);
      const before = openImages();
      const error = await failure(MemoryImage.load(folder.file('ram'), wanted, MEMORY_FILE));
      expect(error).toBeInstanceOf(TemplateError);
      expect(error).toMatchObject({ message: expect.stringContaining(folder.file('ram')) });
      expect(openImages()).toBe(before);
    },
  );

  test('is not made of a folder, and no descriptor stays', async () => {
    await using folder = await TempFolder.create();
    const before = openImages();
    expect(await failure(MemoryImage.load(folder.path, record(sample()), MEMORY_FILE))).toBeInstanceOf(Error);
    expect(openImages()).toBe(before);
  });
});

describe('a memory file', () => {
  test('can be written until it is sealed, and be sealed once', () => {
    const fd = createMemoryFile('codeland-unit-test');
    try {
      expect(readlinkSync(`/proc/self/fd/${fd}`)).toContain('codeland-unit-test');
      expect(writeSync(fd, 'abc')).toBe(3);
      sealMemoryFile(fd);
      expect(
        isErrno(
          thrown(() => writeSync(fd, 'x', 0)),
          'EPERM',
        ),
      ).toBe(true);
      expect(thrown(() => sealMemoryFile(fd))).toBeInstanceOf(Error);
    } finally {
      closeSync(fd);
    }
  });

  test('is the only kind of file that can be sealed', async () => {
    await using folder = await TempFolder.create();
    await using file = await open(folder.file('plain'), 'w+');
    expect(thrown(() => sealMemoryFile(file.fd))).toBeInstanceOf(Error);
    expect(thrown(() => sealMemoryFile(-1))).toBeInstanceOf(Error);
  });
});
