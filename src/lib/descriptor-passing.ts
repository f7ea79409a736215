/** Messages with descriptors to a process that was started with the other end of a socket; unix(7), SCM_RIGHTS. */
import { libc } from './libc.ts';
import { closeDescriptor } from './posix.ts';

// Values from bits/socket.h and asm-generic/fcntl.h.
const AF_UNIX = 1;
const SOCK_SEQPACKET = 5;
const SOCK_CLOEXEC = 0o2_000_000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** `struct cmsghdr` without its data, and what it is aligned to, bytes. */
const HEADER_BYTES = 16;
const ALIGNMENT = 8;

export class PassingSocket implements Disposable {
  /** For a child to inherit; closed by {@link closeOther} once it has. */
  readonly other: number;
  readonly #fd: number;
  #isClosed = false;
  #hasOther = true;

  /** @throws {Error} When this process has no descriptor left. */
  constructor() {
    const pair = new Int32Array(2);
    if (libc.socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, new Uint8Array(pair.buffer)) !== 0) {
      throw new Error('this process has no descriptor left for a socket');
    }
    [this.#fd = -1, this.other = -1] = pair;
  }

  /**
   * Sends a message. The descriptors stay the sender's as well.
   * @throws {Error} When nobody is at the other end, or it has not read what was sent before.
   */
  send(message: Uint8Array, descriptors: readonly number[]): void {
    const length = HEADER_BYTES + descriptors.length * Int32Array.BYTES_PER_ELEMENT;
    const control = new Uint8Array(Math.ceil(length / ALIGNMENT) * ALIGNMENT);
    new BigUint64Array(control.buffer, 0, 1).set([BigInt(length)]);
    new Int32Array(control.buffer, 8).set([SOL_SOCKET, SCM_RIGHTS, ...descriptors]);
    const part = new BigUint64Array([libc.addressOf(message), BigInt(message.byteLength)]);
    const parts = new Uint8Array(part.buffer);
    // `struct msghdr`: no name, the parts and how many, the control data and its length, flags.
    const header = new BigUint64Array([
      0n,
      0n,
      libc.addressOf(parts),
      1n,
      libc.addressOf(control),
      BigInt(control.byteLength),
      0n,
    ]);
    const sent = libc.sendmsg(this.#fd, new Uint8Array(header.buffer), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (Number(sent) !== message.byteLength) throw new Error('the message could not be sent');
  }

  closeOther(): void {
    if (this.#hasOther) closeDescriptor(this.other);
    this.#hasOther = false;
  }

  [Symbol.dispose](): void {
    this.closeOther();
    if (!this.#isClosed) closeDescriptor(this.#fd);
    this.#isClosed = true;
  }
}
