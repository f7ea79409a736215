/** What one request cost, and where its time went. */

export type RunReceipt = {
  /** In the queue, until a guest was ready, ms. 0 for a request that did not wait. */
  readonly queueMs: number;
  /** To take the guest, without the queue, ms. */
  readonly takeMs: number;
  /** To reach the agent and back: the exchange less `execMs`, ms. */
  readonly agentMs: number;
  /** The program itself, ms, as the guest says, within the exchange's own time; null when nothing was run. */
  readonly execMs: number | null;
  /** From the request to its end, ms. */
  readonly totalMs: number;
  /** CPU time of the program and its children, ms. The guest's own claim: nothing is charged by it. */
  readonly cpuMs: number | null;
  /** Peak memory of the program and its children, bytes. The guest's own claim. */
  readonly peakMemoryBytes: number | null;
  readonly bytesIn: number;
  /** Bytes that the program printed and that were kept. */
  readonly bytesOut: number;
};
