/** The C library's functions that are called by address, through the FFI of the runtime: Bun's or Deno's. */

/** A number of up to 64 bits. */
type Word = number | bigint;

type Functions = {
  readonly memfd_create: (name: Uint8Array, flags: number) => number;
  readonly close: (fd: number) => number;
  readonly fcntl: (fd: number, command: number, argument: number) => number;
  readonly prctl: (option: number, a: Word, b: Word, c: Word, d: Word) => number;
  readonly socket: (domain: number, type: number, protocol: number) => number;
  readonly bind: (fd: number, address: Uint8Array, length: number) => number;
  readonly listen: (fd: number, backlog: number) => number;
  readonly socketpair: (domain: number, type: number, protocol: number, pair: Uint8Array) => number;
  readonly sendmsg: (fd: number, message: Uint8Array, flags: number) => Word;
  readonly pipe2: (pair: Uint8Array, flags: number) => number;
  readonly ioctl: (fd: number, request: Word, argument: Uint8Array | null) => number;
  readonly flock: (fd: number, operation: number) => number;
  readonly setns: (fd: number, type: number) => number;
  readonly unshare: (flags: number) => number;
  readonly chroot: (path: Uint8Array) => number;
  readonly setgroups: (count: Word, groups: Uint8Array) => number;
  readonly syscall: (number: Word, a: Word, b: Word, c: Word) => number;
};

export type Libc = Functions & {
  /** Where bytes are in memory, for a structure that points to them. Valid while the caller holds them. */
  readonly addressOf: (bytes: Uint8Array) => bigint;
};

/** What is used of Deno, which has no types here. */
declare const Deno: {
  dlopen(
    library: string,
    functions: Record<keyof Functions, { readonly parameters: readonly string[]; readonly result: string }>,
  ): { readonly symbols: Functions };
  readonly UnsafePointer: {
    of(bytes: Uint8Array): object | null;
    value(pointer: object | null): bigint;
  };
};

const LIBRARY = 'libc.so.6';

async function bunLibc(): Promise<Libc> {
  const { dlopen, FFIType, ptr: addressOf } = await import('bun:ffi');
  const { i32, u32, u64, i64_fast, cstring, ptr } = FFIType;
  const { symbols } = dlopen(LIBRARY, {
    memfd_create: { args: [cstring, u32], returns: i32 },
    close: { args: [i32], returns: i32 },
    fcntl: { args: [i32, i32, i32], returns: i32 },
    prctl: { args: [i32, u64, u64, u64, u64], returns: i32 },
    socket: { args: [i32, i32, i32], returns: i32 },
    bind: { args: [i32, ptr, u32], returns: i32 },
    listen: { args: [i32, i32], returns: i32 },
    socketpair: { args: [i32, i32, i32, ptr], returns: i32 },
    sendmsg: { args: [i32, ptr, i32], returns: i64_fast },
    pipe2: { args: [ptr, i32], returns: i32 },
    ioctl: { args: [i32, u64, ptr], returns: i32 },
    flock: { args: [i32, i32], returns: i32 },
    setns: { args: [i32, i32], returns: i32 },
    unshare: { args: [i32], returns: i32 },
    chroot: { args: [cstring], returns: i32 },
    setgroups: { args: [u64, ptr], returns: i32 },
    syscall: { args: [u64, u64, u64, u64], returns: i32 },
  });
  return { ...symbols, addressOf: (bytes) => BigInt(addressOf(bytes)) };
}

const denoLibc = (): Libc => ({
  ...Deno.dlopen(LIBRARY, {
    memfd_create: { parameters: ['buffer', 'u32'], result: 'i32' },
    close: { parameters: ['i32'], result: 'i32' },
    fcntl: { parameters: ['i32', 'i32', 'i32'], result: 'i32' },
    prctl: { parameters: ['i32', 'u64', 'u64', 'u64', 'u64'], result: 'i32' },
    socket: { parameters: ['i32', 'i32', 'i32'], result: 'i32' },
    bind: { parameters: ['i32', 'buffer', 'u32'], result: 'i32' },
    listen: { parameters: ['i32', 'i32'], result: 'i32' },
    socketpair: { parameters: ['i32', 'i32', 'i32', 'buffer'], result: 'i32' },
    sendmsg: { parameters: ['i32', 'buffer', 'i32'], result: 'i64' },
    pipe2: { parameters: ['buffer', 'i32'], result: 'i32' },
    ioctl: { parameters: ['i32', 'u64', 'buffer'], result: 'i32' },
    flock: { parameters: ['i32', 'i32'], result: 'i32' },
    setns: { parameters: ['i32', 'i32'], result: 'i32' },
    unshare: { parameters: ['i32'], result: 'i32' },
    chroot: { parameters: ['buffer'], result: 'i32' },
    setgroups: { parameters: ['u64', 'buffer'], result: 'i32' },
    syscall: { parameters: ['u64', 'u64', 'u64', 'u64'], result: 'i32' },
  }).symbols,
  addressOf: (bytes) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)),
});

export const libc: Libc = 'Bun' in globalThis ? await bunLibc() : denoLibc();
