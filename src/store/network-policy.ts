/** A key's network policy as it is kept: JSON, with destinations as an operator writes them. */
import { Type } from '@sinclair/typebox';
import {
  DestinationError,
  formatDestination,
  MOST_DESTINATIONS,
  type NetworkPolicy,
  NO_NETWORK,
  parseDestination,
} from '../network/policy.ts';
import { StoreError } from './errors.ts';
import { checkRow, parseText } from './row.ts';

const strict = { additionalProperties: false } as const;
const Destinations = Type.Array(Type.String(), { maxItems: MOST_DESTINATIONS });
const Rate = Type.Integer({ minimum: 1 });

const Kept = Type.Union([
  Type.Object({ mode: Type.Literal('none') }, strict),
  Type.Object(
    {
      mode: Type.Literal('egress'),
      allow: Destinations,
      deny: Destinations,
      kibPerSecond: Rate,
      connections: Rate,
    },
    strict,
  ),
]);

export function encodePolicy(policy: NetworkPolicy): string {
  if (policy.mode === 'none') return JSON.stringify(NO_NETWORK);
  const { allow, deny } = policy;
  return JSON.stringify({
    ...policy,
    allow: allow.map(formatDestination),
    deny: deny.map(formatDestination),
  });
}

/**
 * @param table Where the text was, for the message.
 * @throws {StoreError} When it is no policy.
 */
export function decodePolicy(table: string, text: string): NetworkPolicy {
  const kept = checkRow(table, Kept, parseText(text));
  if (kept.mode === 'none') return NO_NETWORK;
  try {
    return { ...kept, allow: kept.allow.map(parseDestination), deny: kept.deny.map(parseDestination) };
  } catch (cause) {
    if (!(cause instanceof DestinationError)) throw cause;
    throw new StoreError(`a row of the table ${table} is damaged: ${cause.message}`, { cause });
  }
}
