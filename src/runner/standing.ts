/** What becomes of a ready guest for its template's sake. */

/**
 * `wanted`: it waits for somebody; `outdated`: another takes its place when that is ready; `failed`: it is ended at
 * once, as nobody should get it.
 */
export type Standing = 'wanted' | 'outdated' | 'failed';
