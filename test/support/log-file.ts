import { readFileSync } from 'node:fs';
import { createLog, type Log, type LogOptions } from '../../src/telemetry/log.ts';
import { TempFolder } from './temp-folder.ts';

export type LogRecord = Readonly<Record<string, unknown>>;

/** A log in a file of its own, to be read back. */
export class LogFile implements AsyncDisposable {
  readonly log: Log;
  readonly path: string;
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder, level: LogOptions['level']) {
    this.#folder = folder;
    this.path = folder.file('server.log');
    this.log = createLog({ level, destination: { path: this.path } });
  }

  static async create(level: LogOptions['level'] = 'debug'): Promise<LogFile> {
    return new LogFile(await TempFolder.create(), level);
  }

  get text(): string {
    return readFileSync(this.path, 'utf8');
  }

  /** @throws {SyntaxError} When a line is not JSON. */
  get records(): LogRecord[] {
    return this.text.split('\n').slice(0, -1).map(parseRecord);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.log[Symbol.dispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

export function parseRecord(line: string): LogRecord {
  const record: unknown = JSON.parse(line);
  if (!isRecord(record)) throw new Error(`not an object: ${line}`);
  return record;
}

const isRecord = (value: unknown): value is LogRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
