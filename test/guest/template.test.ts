/** What a template survives, and what is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { cp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTemplate } from '../../src/installed.ts';
import { listFolder } from '../../src/lib/files.ts';
import { bakeTemplate } from '../../src/template/bake.ts';
import { TemplateStore } from '../../src/template/store.ts';
import { loadWarmUps } from '../../src/template/warm-ups.ts';
import { Workshop } from '../../src/template/workshop.ts';
import { Clones, run } from '../support/clones.ts';
import { until } from '../support/until.ts';

let clones: Clones;
beforeAll(async () => {
  clones = await Clones.open();
}, 600_000);
afterAll(() => clones[Symbol.asyncDispose]());

describe('a balloon', () => {
  it('that is inflated from the host leaves the template whole', async () => {
    const before = memoryDigest();
    {
      const { guest } = await clones.ready();
      await using _ = guest;
      await guest.resume();
      // What is left is enough to run something: the balloon would otherwise take the program's memory, too.
      const left = 160 * 2 ** 20;
      await guest.qmp.execute('balloon', { value: left });
      await until('the balloon to inflate', async () => {
        const { actual } = await guest.qmp.execute('query-balloon');
        return actual <= left;
      });
      expect((await run(guest, 'javascript', 'console.log(6 * 7)')).stdout).toBe('42\n');
    }
    expect(memoryDigest()).toBe(before);
    const { guest } = await clones.ready();
    await using _ = guest;
    expect((await run(guest, 'python', 'print(6 * 7)')).stdout).toBe('42\n');
  }, 120_000);

  /** What QEMU itself may do with the descriptor it inherits: nothing but read. */
  it('cannot be helped by a QEMU that was taken over', () => {
    const fd = clones.template.restorePoint.memoryFd;
    expect(() => writeThrough(fd)).toThrow(/EPERM/);
  });
});

describe('a template', () => {
  /** A data folder whose template is a copy that a test may damage. */
  async function damaged(damage: (folder: string) => Promise<void>): Promise<string> {
    await using stack = new AsyncDisposableStack();
    const { home, present } = clones;
    const own = stack.adopt(`${home.path}/damaged`, (path) => rm(path, { recursive: true, force: true }));
    const current = await new TemplateStore(home.path).current();
    await cp(current, join(own, 'templates/copy'), { recursive: true });
    await Bun.$`ln -s copy ${join(own, 'templates/current')}`.quiet();
    await damage(join(own, 'templates/copy'));
    try {
      await using _ = await openTemplate(own, present);
      return 'opened';
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
    }
  }

  it('opens as a whole copy', async () => {
    expect(await damaged(async () => {})).toBe('opened');
  });

  it.each(['ram', 'state'])('with one bit of its %s flipped is refused', async (name) => {
    expect(await damaged((folder) => flip(join(folder, name)))).toMatch(
      /^TemplateDamagedError: .*is damaged: its SHA-256/,
    );
  });

  it.each(['ram', 'state'])('whose %s is cut short is refused', async (name) => {
    const cut = async (folder: string) => {
      const path = join(folder, name);
      await Bun.$`chmod u+w ${path}`.quiet();
      await truncate(path, 4096);
    };
    expect(await damaged(cut)).toMatch(/^TemplateDamagedError: .*has 4096 bytes, the manifest says/);
  });

  it.each(['ram', 'state', 'manifest.json'])('without its %s is refused', async (name) => {
    expect(await damaged((folder) => rm(join(folder, name)))).toMatch(
      /^TemplateDamagedError: .*(is missing|cannot be read)/,
    );
  });

  it('that was baked for another QEMU is refused, and the difference named', async () => {
    const change = async (folder: string) => {
      const path = join(folder, 'manifest.json');
      const text = await readFile(path, 'utf8');
      await writeFile(
        path,
        text.replace(/"qemuVersion": "[^"]*"/, '"qemuVersion": "QEMU emulator version 1.0"'),
      );
    };
    expect(await damaged(change)).toContain('QEMU was "QEMU emulator version 1.0" at the bake and is "');
  });
});

describe('a bake', () => {
  it('that is interrupted publishes nothing and leaves nothing', async () => {
    const { home, present } = clones;
    const own = join(home.path, 'interrupted');
    const stop = new AbortController();
    await using workshop = await Workshop.open(own);
    const baking = bakeTemplate({
      store: new TemplateStore(own),
      image: present.image,
      present: present.pins,
      warmUps: await loadWarmUps(),
      workshop,
      onProgress: (what) => {
        if (what.startsWith('warming')) stop.abort(new Error('interrupted'));
      },
      signal: stop.signal,
    });
    await expect(baking).rejects.toThrow('interrupted');
    expect(await listFolder(join(own, 'templates'))).toEqual([]);
    expect(await listFolder(workshop.guests)).toEqual([]);
  }, 180_000);
});

/** SHA-256 of the sealed memory that every clone maps. */
function memoryDigest(): string {
  const fd = openSync(`/proc/self/fd/${clones.template.restorePoint.memoryFd}`, 'r');
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(1 << 20);
  for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk))
    hash.update(chunk.subarray(0, read));
  closeSync(fd);
  return hash.digest('hex');
}

function writeThrough(fd: number): void {
  const own = openSync(`/proc/self/fd/${fd}`, 'r+');
  try {
    writeSync(own, 'x', 0);
  } finally {
    closeSync(own);
  }
}

async function flip(path: string): Promise<void> {
  await Bun.$`chmod u+w ${path}`.quiet();
  await using file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, 123_456);
  await file.write(Buffer.of((byte[0] ?? 0) ^ 1), 0, 1, 123_456);
}
