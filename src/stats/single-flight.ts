/** One question at a time to each peer. */

type Flight<T> = Set<(answer: T | null) => void>;

/**
 * Asks peers that may be slow, hang or be gone. Who asks while a question is open waits for its answer and sends no
 * second one, so a peer that hangs has one question to answer when it comes back, however often it was asked.
 */
export class SingleFlight<Peer extends object, Answer> {
  readonly #open = new WeakMap<Peer, Flight<Answer>>();

  /** The answer; null when the peer cannot answer or takes longer than `deadlineMs`. Never rejects. */
  ask(peer: Peer, question: () => Promise<Answer>, deadlineMs: number): Promise<Answer | null> {
    const waiting = this.#open.get(peer) ?? this.#start(peer, question);
    return new Promise((resolve) => {
      const settle = (answer: Answer | null) => {
        clearTimeout(timer);
        // A question may stay open for as long as its peer lives: it keeps nobody who has left.
        waiting.delete(settle);
        resolve(answer);
      };
      const timer = setTimeout(settle, deadlineMs, null);
      waiting.add(settle);
    });
  }

  #start(peer: Peer, question: () => Promise<Answer>): Flight<Answer> {
    const waiting: Flight<Answer> = new Set();
    const land = (answer: Answer | null) => {
      this.#open.delete(peer);
      for (const settle of waiting) settle(answer);
    };
    this.#open.set(peer, waiting);
    // A microtask later, so that a question that throws is a failed one too.
    Promise.resolve()
      .then(question)
      .then(land, () => land(null));
    return waiting;
  }
}
