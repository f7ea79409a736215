/** The data folder's database cannot be used, or holds what it should not. Says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
