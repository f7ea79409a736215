/** An image could not be built, or is not what its manifest says. */
export class ImageError extends Error {
  override readonly name: string = 'ImageError';
}

/** A file of an image is missing, or differs from the manifest. */
export class ImageCorruptError extends ImageError {
  override readonly name = 'ImageCorruptError';
  /** Path of the offending file. */
  readonly path: string;

  constructor(path: string, what: string, options?: ErrorOptions) {
    super(`image file ${path} ${what}`, options);
    this.path = path;
  }
}

/** With `frozen`, the archive no longer offers what the lock names. */
export class LockDriftError extends ImageError {
  override readonly name = 'LockDriftError';
  /** One line per package that differs. */
  readonly drift: readonly string[];

  constructor(drift: readonly string[]) {
    super(`the package archive differs from the lock:\n  ${drift.join('\n  ')}`);
    this.drift = drift;
  }
}

/** A program that the build runs failed. */
export class CommandFailedError extends ImageError {
  override readonly name = 'CommandFailedError';
  readonly command: readonly string[];
  /** Exit status, or null when a signal ended it or it never started. */
  readonly status: number | null;

  constructor(command: readonly string[], status: number | null, output: string, options?: ErrorOptions) {
    super(`${command[0]} failed (${status ?? 'no exit status'}):\n${output}`, options);
    this.command = command;
    this.status = status;
  }
}
