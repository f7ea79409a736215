/** Messages in a stream: each has its length in front, in two bytes (RFC 1035, 4.2.2). */

const LENGTH_BYTES = 2;

/** The first message of what was received, or undefined while it is not all there. */
export function firstMessage(received: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(received.buffer, received.byteOffset, received.length);
  if (bytes.length < LENGTH_BYTES) return undefined;
  const end = LENGTH_BYTES + bytes.readUInt16BE(0);
  return bytes.length < end ? undefined : bytes.subarray(LENGTH_BYTES, end);
}

/** A message as it goes into a stream. */
export function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
