/** The C library's functions that are called by address, through the FFI of the runtime: Bun's or Deno's. */

/** A number of up to 64 bits. */
type Word = number | bigint;

export type Libc = {
  readonly memfd_create: (name: Uint8Array, flags: number) => number;
  readonly close: (fd: number) => number;
  readonly fcntl: (fd: number, command: number, argument: number) => number;
  readonly prctl: (option: number, a: Word, b: Word, c: Word, d: Word) => number;
};

/** What is used of Deno, which has no types here. */
declare const Deno: {
  dlopen(
    library: string,
    functions: Record<keyof Libc, { readonly parameters: readonly string[]; readonly result: string }>,
  ): { readonly symbols: Libc };
};

const LIBRARY = 'libc.so.6';

async function bunLibc(): Promise<Libc> {
  const { dlopen, FFIType } = await import('bun:ffi');
  const { i32, u32, u64, cstring } = FFIType;
  return dlopen(LIBRARY, {
    memfd_create: { args: [cstring, u32], returns: i32 },
    close: { args: [i32], returns: i32 },
    fcntl: { args: [i32, i32, i32], returns: i32 },
    prctl: { args: [i32, u64, u64, u64, u64], returns: i32 },
  }).symbols;
}

const denoLibc = (): Libc =>
  Deno.dlopen(LIBRARY, {
    memfd_create: { parameters: ['buffer', 'u32'], result: 'i32' },
    close: { parameters: ['i32'], result: 'i32' },
    fcntl: { parameters: ['i32', 'i32', 'i32'], result: 'i32' },
    prctl: { parameters: ['i32', 'u64', 'u64', 'u64', 'u64'], result: 'i32' },
  }).symbols;

export const libc: Libc = 'Bun' in globalThis ? await bunLibc() : denoLibc();
