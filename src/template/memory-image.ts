/** A file of a template as every guest gets it: an immutable file in memory. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { closeDescriptor, createMemoryFile, openMemoryFile, sealMemoryFile } from '../lib/posix.ts';
import { type FileRecord, ofFile, TemplateDamagedError, TemplateError } from './manifest.ts';

const CHUNK_BYTES = 64 * 1024;
const zeros = Buffer.alloc(CHUNK_BYTES);

/**
 * A sealed memory file with the bytes of a template's file. What is checked is what is used: the digest is taken over
 * the very bytes that are copied. Neither a guest nor its QEMU process can write it afterwards, and a balloon
 * cannot punch holes into it (QEMU discards the backing of a file that it may write).
 */
export class MemoryImage implements AsyncDisposable {
  readonly fd: number;
  #isOpen = true;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /**
   * @param name Shown in `/proc/<pid>/fd`; for people only.
   * @throws {TemplateDamagedError} When the file is missing, truncated, or not what its record says.
   * @throws {TemplateError} When the host has no memory for it.
   */
  static async load(path: string, record: FileRecord, name: string): Promise<MemoryImage> {
    const fd = createMemoryFile(name);
    try {
      const sha256 = await ofFile(path, fill(fd, path, record.bytes));
      if (sha256 !== record.sha256) {
        throw new TemplateDamagedError(
          path,
          `is damaged: its SHA-256 is ${sha256}, the manifest says ${record.sha256}`,
        );
      }
      sealMemoryFile(fd);
      return new MemoryImage(fd);
    } catch (error) {
      closeDescriptor(fd);
      throw error;
    }
  }

  /** Later calls do nothing: the number may be another file's by then. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOpen) closeDescriptor(this.fd);
    this.#isOpen = false;
  }
}

async function fill(fd: number, path: string, bytes: number): Promise<string> {
  await using file = await openMemoryFile(fd);
  await file.truncate(bytes);
  return await copy(path, file, bytes);
}

/** Copies all but the zero pages, which stay holes, and returns the digest of the whole. */
async function copy(path: string, target: FileHandle, bytes: number): Promise<string> {
  await using source = await open(path, 'r');
  const { size } = await source.stat();
  if (size !== bytes) {
    throw new TemplateDamagedError(path, `has ${size} bytes, the manifest says ${bytes}`);
  }
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let offset = 0; offset < bytes; ) {
    const { bytesRead } = await source.read(chunk, 0, CHUNK_BYTES, offset);
    if (bytesRead === 0) throw new TemplateDamagedError(path, 'ended early');
    const part = chunk.subarray(0, bytesRead);
    hash.update(part);
    if (!part.equals(zeros.subarray(0, bytesRead))) {
      const { bytesWritten } = await target.write(part, 0, bytesRead, offset);
      if (bytesWritten !== bytesRead) throw new TemplateError('no memory is left for the template’s RAM');
    }
    offset += bytesRead;
  }
  return hash.digest('hex');
}
