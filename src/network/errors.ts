/** Guests cannot be given a way out, or not this one. Says why, and what to do where something can be done. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
}
