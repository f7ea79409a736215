/** The guests that are answered, and what each of them gets and has asked. */
import type { Socket } from 'node:net';
import type { NameRecord } from '../port.ts';
import { CONNECTIONS, PENDING, QUESTIONS, RECORDED_NAMES } from './limits.ts';

/** One guest, from its admission to its dismissal. Another with the same address is another one. */
export class Guest {
  readonly #names = new Map<string, { -readonly [Key in keyof NameRecord]: NameRecord[Key] }>();
  readonly #connections = new Set<Socket>();
  #allowance = QUESTIONS.burst;
  #countedAt = performance.now();
  #pending = 0;
  #isDismissed = false;

  get isDismissed(): boolean {
    return this.#isDismissed;
  }

  /** Whether the guest may ask one more question now; counts it. */
  mayAsk(): boolean {
    const now = performance.now();
    const earned = ((now - this.#countedAt) / 1000) * QUESTIONS.perSecond;
    this.#allowance = Math.min(QUESTIONS.burst, this.#allowance + earned);
    this.#countedAt = now;
    if (this.#allowance < 1) return false;
    this.#allowance -= 1;
    return true;
  }

  /** A place for a question whose answer is awaited, or undefined when all are taken. */
  wait(): Disposable | undefined {
    if (this.#pending === PENDING) return undefined;
    this.#pending += 1;
    return {
      [Symbol.dispose]: () => {
        this.#pending -= 1;
      },
    };
  }

  /** Whether the guest may have this connection; it ends with the guest. */
  take(connection: Socket): boolean {
    if (this.#connections.size === CONNECTIONS.most) return false;
    this.#connections.add(connection);
    connection.once('close', () => this.#connections.delete(connection));
    return true;
  }

  record(name: string, type: string, verdict: NameRecord['verdict']): void {
    const key = `${verdict} ${type} ${name}`;
    const known = this.#names.get(key);
    if (known) known.count += 1;
    else if (this.#names.size < RECORDED_NAMES) this.#names.set(key, { name, type, count: 1, verdict });
  }

  names(): readonly NameRecord[] {
    return [...this.#names.values()];
  }

  dismiss(): void {
    this.#isDismissed = true;
    for (const connection of this.#connections) connection.destroy();
  }
}

export class Guests {
  readonly #guests = new Map<string, Guest>();

  /** Nothing changes for a guest that is admitted already. */
  admit(address: string): void {
    if (!this.#guests.has(address)) this.#guests.set(address, new Guest());
  }

  dismiss(address: string): void {
    this.#guests.get(address)?.dismiss();
    this.#guests.delete(address);
  }

  dismissAll(): void {
    for (const address of this.#guests.keys()) this.dismiss(address);
  }

  get(address: string): Guest | undefined {
    return this.#guests.get(address);
  }
}
