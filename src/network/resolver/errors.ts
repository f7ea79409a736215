/** The resolver of guests cannot be started, has ended, or does not answer the server. */
export class ResolverError extends Error {
  override readonly name = 'ResolverError';
}
