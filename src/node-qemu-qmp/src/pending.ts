import { onAbort } from './abort.ts';
import { QmpCommandError, QmpDisconnectedError } from './errors.ts';

/** A command as it goes onto the wire. */
export interface Command {
  /** `exec-oob` runs it ahead of commands that wait their turn. */
  readonly verb: 'execute' | 'exec-oob';
  readonly name: string;
  readonly arguments: object | undefined;
}

/** What the server says to a command. */
export type Reply =
  | { readonly kind: 'return'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'error';
      readonly id: number;
      readonly errorClass: string;
      readonly description: string;
    };

interface Waiting {
  readonly command: Command;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** Takes the abort listener off the caller's signal. */
  readonly release: () => void;
}

/** The commands that wait for their reply, by id. */
export class PendingCommands {
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /**
   * Gives the command an id, hands its line to `write`, and waits for the reply.
   *
   * All of it but the wait happens before this returns. Rejects with QmpCommandError, with what `end` was called
   * for, with the signal's reason, or with a TypeError if the arguments are not JSON.
   */
  send(command: Command, signal: AbortSignal | undefined, write: (line: string) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      this.#lastId += 1;
      const id = this.#lastId;
      const line = JSON.stringify({ [command.verb]: command.name, arguments: command.arguments, id });
      const release = onAbort(signal, (reason) => {
        this.#waiting.delete(id);
        reject(reason);
      });
      this.#waiting.set(id, { command, resolve, reject, release });
      write(`${line}\n`);
    });
  }

  /** Settles the command of that reply. An id nobody waits for belongs to an aborted wait: it is dropped. */
  settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    this.#waiting.delete(reply.id);
    waiting.release();
    if (reply.kind === 'return') {
      waiting.resolve(reply.value);
      return;
    }
    const { name: command, arguments: sent } = waiting.command;
    const { errorClass, description } = reply;
    waiting.reject(new QmpCommandError({ command, arguments: sent, errorClass, description }));
  }

  /** Rejects every wait with QmpDisconnectedError. */
  end(reason: Error): void {
    for (const { command, reject, release } of this.#waiting.values()) {
      release();
      reject(disconnected(command, reason));
    }
    this.#waiting.clear();
  }
}

export function disconnected(command: Command, reason: Error): QmpDisconnectedError {
  return new QmpDisconnectedError(`the reply to ${command.name}`, reason);
}
