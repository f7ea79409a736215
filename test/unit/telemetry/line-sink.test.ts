import { describe, expect, test } from 'bun:test';
import { closeSync, constants, openSync, readFileSync, readSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { LineSink } from '../../../src/telemetry/line-sink.ts';
import { parseRecord } from '../../support/log-file.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const note = (lines: number) => `${lines} missing\n`;

/** A pipe whose reader reads when the test says so. */
class SlowPipe implements AsyncDisposable {
  readonly path: string;
  text = '';
  readonly #folder: TempFolder;
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(1 << 16);

  private constructor(folder: TempFolder) {
    this.#folder = folder;
    this.path = folder.file('pipe');
    const made = Bun.spawnSync(['mkfifo', this.path]);
    if (!made.success) throw new Error(made.stderr.toString());
    this.#fd = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  static async create(): Promise<SlowPipe> {
    return new SlowPipe(await TempFolder.create());
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }

  /** Reads all that is there. */
  read(): void {
    for (;;) {
      try {
        const length = readSync(this.#fd, this.#buffer);
        if (length === 0) return;
        this.text += this.#buffer.toString('utf8', 0, length);
      } catch {
        return;
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    closeSync(this.#fd);
    await this.#folder[Symbol.asyncDispose]();
  }
}

describe('a reader that is behind', () => {
  test('goes on at the end of a file that was cut back, as logrotate does with copytruncate', async () => {
    await using folder = await TempFolder.create();
    const path = folder.file('log');
    using sink = LineSink.file(path, note);
    sink.write('first\n');
    truncateSync(path);
    sink.write('second\n');
    expect(readFileSync(path, 'utf8')).toBe('second\n');
  });

  test('delays nobody, and gets every line in order, whole', async () => {
    await using pipe = await SlowPipe.create();
    using sink = LineSink.file(pipe.path, note);
    const lines = Array.from({ length: 2_000 }, (_, at) => `${at} ${'é'.repeat(at % 300)}`);
    // More than a pipe holds: this would not come back if the sink waited.
    for (const line of lines) sink.write(`${line}\n`);
    await until('the reader to catch up', () => {
      pipe.read();
      return pipe.lines.length >= lines.length;
    });
    expect(pipe.lines).toEqual(lines);
  });

  test('loses the newest lines at last, and is told how many', async () => {
    await using pipe = await SlowPipe.create();
    using sink = LineSink.file(pipe.path, note);
    const line = `${'x'.repeat(99_999)}\n`;
    for (let at = 0; at < 200; at += 1) sink.write(line);
    await until('the reader to catch up', async () => {
      pipe.read();
      if (pipe.lines.length < 30) return false;
      sink.write('after\n');
      return pipe.lines.includes('after');
    });
    const kept = pipe.lines.filter((text) => text.length === 99_999).length;
    expect(pipe.lines.indexOf(`${200 - kept} missing`)).toBe(kept);
    expect(pipe.lines.indexOf('after')).toBe(kept + 1);
  });

  test('does not hold up the end when it reads no more', async () => {
    await using pipe = await SlowPipe.create();
    const sink = LineSink.file(pipe.path, note);
    for (let at = 0; at < 2_000; at += 1) sink.write(`${'x'.repeat(99)}\n`);
    sink[Symbol.dispose]();
    sink.write('late\n');
    pipe.read();
    expect(pipe.lines.length).toBeGreaterThan(0);
    expect(pipe.lines.length).toBeLessThan(2_000);
    expect(pipe.text).not.toContain('late');
  });
});

describe('what cannot be written', () => {
  test('is dropped when the reader is gone', async () => {
    const pipe = await SlowPipe.create();
    using sink = LineSink.file(pipe.path, note);
    await pipe[Symbol.asyncDispose]();
    for (let at = 0; at < 10; at += 1) sink.write('nobody\n');
  });

  test('is dropped when the disk is full', () => {
    using sink = LineSink.file('/dev/full', note);
    for (let at = 0; at < 10; at += 1) sink.write('no room\n');
  });
});

describe('standard output', () => {
  /** A process that logs to a pipe and ends in this way. */
  const end = async (how: string): Promise<string> => {
    const log = join(import.meta.dir, '../../../src/telemetry/log.ts');
    const script = `
      const { createLog } = await import(${JSON.stringify(log)});
      const log = createLog({ level: 'info', destination: 'stdout' });
      for (let at = 0; at < 3_000; at += 1) log.stopping(String(at));
      ${how}`;
    // A socket is what a child process would be given here; the shell makes a pipe.
    const shell = Bun.spawn([
      'sh',
      '-c',
      '"$0" -e "$1" 2>&1 | { sleep 0.2; cat; }',
      process.execPath,
      script,
    ]);
    return shell.stdout.text();
  };

  test.each([
    ['by itself', ''],
    ['by an exit', 'process.exit(3);'],
    ['by an error', 'setTimeout(() => { throw new Error("end"); }, 1);'],
  ])('has every line of a process that ends %s', async (_, how) => {
    const lines = (await end(how)).split('\n').filter((line) => line.startsWith('{"level"'));
    expect(lines.map((line) => parseRecord(line)['why'])).toEqual(
      Array.from({ length: 3_000 }, (_, at) => `${at}`),
    );
  });
});
