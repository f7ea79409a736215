import { createConnection, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { onAbort } from './abort.ts';
import { QmpConnectError } from './errors.ts';

/** Pause between two attempts, in milliseconds: well below the time QEMU takes to start. */
const retryMilliseconds = 3;

/**
 * QEMU has not created the socket yet, or has bound it and does not listen yet.
 *
 * Bun gives the second code for other failures, too; there it is the signal alone that ends a hopeless wait.
 */
const notYetCodes: ReadonlySet<unknown> = new Set(['ENOENT', 'ECONNREFUSED']);

export interface OpenSocketOptions {
  readonly path: string;
  readonly waitForSocket: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Connects to a Unix socket, if asked as soon as somebody listens there.
 *
 * @throws QmpConnectError with the socket's error, or the signal's reason, as its cause.
 */
export async function openSocket({ path, waitForSocket, signal }: OpenSocketOptions): Promise<Socket> {
  try {
    for (;;) {
      try {
        return await dial(path, signal);
      } catch (error) {
        if (!waitForSocket || !isNotYet(error)) throw error;
      }
      await setTimeout(retryMilliseconds, undefined, { signal });
    }
  } catch (error) {
    throw new QmpConnectError(path, { cause: signal?.aborted === true ? signal.reason : error });
  }
}

function dial(path: string, signal: AbortSignal | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = createConnection({ path });
    const release = onAbort(signal, (reason) => {
      socket.destroy();
      reject(reason);
    });
    const failed = (error: Error) => {
      release();
      reject(error);
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      release();
      socket.off('error', failed);
      resolve(socket);
    });
  });
}

function isNotYet(error: unknown): boolean {
  return error instanceof Error && 'code' in error && notYetCodes.has(error.code);
}
