/**
 * Frames that may be wanted again, on end in few pieces of memory: a program that writes single bytes to one stream and
 * then the other would else cost many times what it writes.
 */

const BLOCK_BYTES = 16 * 1024;

type Block = { readonly memory: Uint8Array; used: number };

export class FrameLog {
  readonly #blocks: Block[] = [];
  #bytes = 0;
  /** Where the next {@link read} begins. */
  #block = 0;
  #offset = 0;

  /** Memory that it has taken, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Memory that it takes more to add `frame`, bytes. */
  costOf(frame: Uint8Array): number {
    const last = this.#blocks.at(-1);
    const isRoom = last && last.memory.length - last.used >= frame.length;
    return isRoom ? 0 : Math.max(BLOCK_BYTES, frame.length);
  }

  /** Copies `frame`. */
  add(frame: Uint8Array): void {
    const cost = this.costOf(frame);
    if (cost > 0) this.#blocks.push({ memory: new Uint8Array(cost), used: 0 });
    this.#bytes += cost;
    const last = this.#blocks.at(-1);
    last?.memory.set(frame, last.used);
    if (last) last.used += frame.length;
  }

  /** Some whole frames that follow those read before; undefined at the end. They are not to be changed. */
  read(): Uint8Array | undefined {
    for (;;) {
      const block = this.#blocks[this.#block];
      if (!block) return undefined;
      if (this.#offset < block.used) {
        const frames = block.memory.subarray(this.#offset, block.used);
        this.#offset = block.used;
        return frames;
      }
      // What is added next may still go into the last one.
      if (this.#block + 1 >= this.#blocks.length) return undefined;
      this.#block += 1;
      this.#offset = 0;
    }
  }

  /** What is read next is the first frame again. */
  rewind(): void {
    this.#block = 0;
    this.#offset = 0;
  }
}
