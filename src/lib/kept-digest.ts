/** The digest of a file that is asked for often and changes hardly ever. */
import { type BigIntStats, promises } from 'node:fs';
import { digestFile } from './digest.ts';

export class KeptDigest {
  readonly #path: string;
  #mark = '';
  #sha256: Promise<string> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * SHA-256 of the file. It is read when it is another file than the last time, or was written since; else this is one
   * look at its inode.
   * @throws When it cannot be read.
   */
  async read(): Promise<string> {
    const mark = markOf(await promises.stat(this.#path, { bigint: true }));
    if (this.#sha256 === undefined || mark !== this.#mark) {
      this.#mark = mark;
      this.#sha256 = digestFile(this.#path).then(({ sha256 }) => sha256);
    }
    try {
      return await this.#sha256;
    } catch (error) {
      this.#sha256 = undefined;
      throw error;
    }
  }
}

/** Not by its last change, which is also that of its names: an upgrade takes the name of a program that still runs. */
const markOf = ({ dev, ino, size, mtimeNs }: BigIntStats) => `${dev} ${ino} ${size} ${mtimeNs}`;
