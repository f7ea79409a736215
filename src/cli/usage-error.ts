/** Something about the command line. Names the option and what it may be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
