/** What a fresh runner may reach: what the request asks for, as far as the key and the server allow it. */
import { type NetworkPolicy, NO_NETWORK } from '../../network/policy.ts';
import { CodeLandError } from '../../runner/errors.ts';

/**
 * @param asked Undefined for what the key has.
 * @param policy The key's.
 * @param offersEgress Whether this server gives any guest a way out.
 * @throws {CodeLandError} `forbidden` when there is no way out. Says who can change that, and how.
 */
export function decideNetwork(
  asked: NetworkPolicy['mode'] | undefined,
  policy: NetworkPolicy,
  offersEgress: boolean,
): NetworkPolicy {
  if ((asked ?? policy.mode) === 'none') return NO_NETWORK;
  if (policy.mode === 'none') {
    throw new CodeLandError(
      'forbidden',
      'this key has no network; use a key that was made with --network egress (scripts/keys create)',
    );
  }
  if (offersEgress) return policy;
  throw new CodeLandError(
    'forbidden',
    'this server gives no runner a network; start it with CODELAND_EGRESS=on, or send "network": "none"',
  );
}
