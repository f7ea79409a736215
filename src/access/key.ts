/** Bearer keys: what a secret looks like, and how one is made. */
import { createHash, randomBytes } from 'node:crypto';
import { type NetworkPolicy, NO_NETWORK } from '../network/policy.ts';
import type { KeyLimits, KeyTable, NewKey } from '../store/keys.ts';

const SECRET_BYTES = 32;
const ID_BYTES = 6;

/** What is kept of a secret. Secrets are long and random, so a plain digest cannot be searched. */
export const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export const newSecret = (): string => `cl_${randomBytes(SECRET_BYTES).toString('base64url')}`;

/**
 * Adds a key to the table. The secret is not kept.
 * @param network What its runners may reach.
 * @throws When the secret is known already, or a key of this name that is not revoked.
 */
export function addKey(
  table: KeyTable,
  name: string,
  limits: KeyLimits,
  secret: string,
  network: NetworkPolicy = NO_NETWORK,
): NewKey {
  const id = `key_${randomBytes(ID_BYTES).toString('hex')}`;
  const key = { id, name, digest: digestOf(secret), limits, network, createdAt: Date.now() };
  table.insert(key);
  return key;
}
