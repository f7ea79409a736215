/** The latest errors, for those who look after the service. */

export type RecentError = {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** One line: the error's message and that of its cause. */
  readonly message: string;
};

const KEPT = 20;
/** A message can hold what a guest printed; characters. */
const LONGEST_MESSAGE = 500;

export class RecentErrors {
  #errors: readonly RecentError[] = [];

  add({ message, cause }: Error): void {
    const whole = cause instanceof Error ? `${message}: ${cause.message}` : message;
    const line = whole.replace(/\s+/g, ' ').trim().slice(0, LONGEST_MESSAGE);
    this.#errors = [...this.#errors, { at: Date.now(), message: line }].slice(-KEPT);
  }

  /** Oldest first. */
  get list(): readonly RecentError[] {
    return this.#errors;
  }
}
