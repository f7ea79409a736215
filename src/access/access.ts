/** The gate that every request passes: who it is from, and whether that one may go on. */
import { NO_LIMITS, type Principal } from './principal.ts';
import type { RateState } from './rate.ts';

export type Access = Disposable & {
  /**
   * Who a request is from.
   * @param authorization The header of this name, or null.
   * @throws {CodeLandError} `unauthorized` when there is no key in it, or one that is not known or revoked.
   */
  authenticate(authorization: string | null): Principal;
  /**
   * Counts a request.
   * @returns What to say in the `RateLimit-*` headers, or null for a key without such a limit.
   * @throws {RateLimitError} When the key has no request left in this minute.
   */
  admit(principal: Principal): RateState | null;
  /** @throws {TooManyRequestsError} When the key's CPU seconds of today are used up. */
  requireCpu(principal: Principal): void;
  /**
   * Adds CPU time to what a key has used today.
   * @param ownerId A principal's id.
   */
  charge(ownerId: string, cpuMs: number): void;
};

const LOCAL: Principal = { id: 'local', name: 'local', limits: NO_LIMITS };

/** The access of a server without keys: everybody who reaches it is `local`, without limits. */
export const openAccess: Access = {
  authenticate: () => LOCAL,
  admit: () => null,
  requireCpu: () => {},
  charge: () => {},
  [Symbol.dispose]: () => {},
};
