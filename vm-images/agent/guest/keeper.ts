/**
 * Takes the end of a program's memory out of its end. The kernel takes a process's memory apart, page by page, before
 * it tells that the process has ended: of a Bun, longer than a short program runs. Memory that another process has too
 * is taken apart when that one ends. So each waiting interpreter has a second process, the keeper, which shares its
 * memory, has no descriptor, takes no signal, and waits until the kernel kills it for the end of its parent.
 */
import { dlopen, FFIType, ptr, toArrayBuffer } from 'bun:ffi';

/** What the keeper executes, given its parent's id; `guest/python-zygote/sitecustomize.py` has the same. */
const CODE = [
  '89fb bf01000000 be09000000 b89d000000 0f05', // prctl(PR_SET_PDEATHSIG, SIGKILL)
  'b86e000000 0f05 31ff 39d8 7515', // if (getppid() != parent) goto end
  '83ceff 31d2 b8b4010000 0f05', // close_range(0, ~0, 0)
  'b822000000 0f05 ebf7', // for (;;) pause()
  'b83c000000 0f05', // end: exit(0)
];
const PAGE_BYTES = 4096;
const PROT_READ = 1;
const PROT_WRITE = 2;
const PROT_EXEC = 4;
const MAP_PRIVATE_ANONYMOUS = 0x22;
const SIG_SETMASK = 2;
const SIGNAL_SET_BYTES = 128;
const CLONE_VM = 0x100;

/** Starts this process's keeper. It is no child that the process could wait for without asking for clones (`__WCLONE`). */
export function startKeeper(): void {
  const { i32, u64, pointer } = FFIType;
  const { symbols: libc } = dlopen('libc.so.6', {
    mmap: { args: [pointer, u64, i32, i32, i32, u64], returns: pointer },
    mprotect: { args: [pointer, u64, i32], returns: i32 },
    pthread_sigmask: { args: [i32, pointer, pointer], returns: i32 },
    clone: { args: [pointer, pointer, i32, u64], returns: i32 },
  });
  // A page of code and one of stack. They stay: the keeper begins some time later.
  const page = libc.mmap(null, 2 * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
  if (page === null) throw new Error('no memory for the keeper');
  const code = Buffer.from(CODE.join('').replaceAll(' ', ''), 'hex');
  const memory = new Uint8Array(toArrayBuffer(page, 0, 2 * PAGE_BYTES));
  memory.set(code);
  libc.mprotect(page, PAGE_BYTES, PROT_READ | PROT_EXEC);
  // A handler of this process would run on this process's memory.
  const every = new Uint8Array(SIGNAL_SET_BYTES).fill(0xff);
  const usual = new Uint8Array(SIGNAL_SET_BYTES);
  libc.pthread_sigmask(SIG_SETMASK, ptr(every), ptr(usual));
  const pid = libc.clone(page, ptr(memory, 2 * PAGE_BYTES), CLONE_VM, process.pid);
  libc.pthread_sigmask(SIG_SETMASK, ptr(usual), null);
  if (pid < 0) throw new Error('the keeper does not start');
}
