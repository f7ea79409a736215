/** Keeps what a run printed, as it came. */
export class OutputRecorder {
  /** Stream and bytes in hexadecimal of each chunk. */
  readonly chunks: (readonly [stream: 'stdout' | 'stderr', hex: string])[] = [];

  readonly listen = (stream: 'stdout' | 'stderr', chunk: Uint8Array): void => {
    this.chunks.push([stream, Buffer.from(chunk).toString('hex')]);
  };

  get text(): string {
    return this.chunks.map(([, hex]) => Buffer.from(hex, 'hex').toString()).join('');
  }
}
