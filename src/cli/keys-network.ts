/** The options of `scripts/keys create` about the network, and what keys may reach in words. */
import {
  DEFAULT_CONNECTIONS,
  DEFAULT_KIB_PER_SECOND,
  type Destination,
  DestinationError,
  type EgressPolicy,
  formatDestination,
  isNever,
  MOST_DESTINATIONS,
  type NetworkPolicy,
  NO_NETWORK,
  parseDestination,
} from '../network/policy.ts';
import { type Options, readNumber } from './keys-usage.ts';
import { UsageError } from './usage-error.ts';

/** About 1 GiB/s. */
const LARGEST_KIB_PER_SECOND = 1_000_000;
/** More would let one guest take the connections of all. */
const LARGEST_CONNECTIONS = 4_096;
const EGRESS_ONLY = ['allow', 'deny', 'kib-per-second', 'connections'] as const;

/** @throws {UsageError} */
export function readNetwork(options: Options): NetworkPolicy {
  const { network = 'none', allow = [], deny = [] } = options;
  if (network !== 'none' && network !== 'egress') {
    throw new UsageError(`--network is "${network}"; it must be none or egress`);
  }
  if (network === 'none') {
    const stray = EGRESS_ONLY.find((flag) => options[flag] !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} needs --network egress`);
    return NO_NETWORK;
  }
  return {
    mode: 'egress',
    allow: readDestinations('allow', allow, requireReachable),
    deny: readDestinations('deny', deny),
    kibPerSecond: readNumber(options, 'kib-per-second', LARGEST_KIB_PER_SECOND) ?? DEFAULT_KIB_PER_SECOND,
    connections: readNumber(options, 'connections', LARGEST_CONNECTIONS) ?? DEFAULT_CONNECTIONS,
  };
}

function readDestinations(
  flag: 'allow' | 'deny',
  given: readonly string[],
  check?: (destination: Destination, text: string) => void,
): Destination[] {
  if (given.length > MOST_DESTINATIONS) {
    throw new UsageError(`--${flag} is given ${given.length} times; ${MOST_DESTINATIONS} are the most`);
  }
  return given.map((text) => {
    try {
      const destination = parseDestination(text);
      check?.(destination, text);
      return destination;
    } catch (error) {
      if (error instanceof DestinationError) throw new UsageError(`--${flag}: ${error.message}`);
      throw error;
    }
  });
}

function requireReachable(destination: Destination, text: string): void {
  if (!isNever(destination)) return;
  const blocks = 'loopback, link-local, metadata, multicast, the guests’ own 172.16.0.0/12';
  throw new UsageError(`--allow is "${text}", which no guest reaches (${blocks}); leave it out`);
}

/** What a key may reach, in a few words. */
export const describeNetwork = (policy: NetworkPolicy): string =>
  policy.mode === 'none' ? 'no network' : `egress${inParentheses(policy)}`;

function inParentheses({ allow, deny, kibPerSecond, connections }: EgressPolicy): string {
  const parts = [
    allow.length > 0 && `only ${allow.map(formatDestination).join(' ')}`,
    deny.length > 0 && `not ${deny.map(formatDestination).join(' ')}`,
    `${kibPerSecond} KiB/s each way`,
    `${connections} connections`,
  ].filter((part) => part !== false);
  return ` (${parts.join('; ')})`;
}

/** A policy as JSON has it: destinations as an operator writes them. */
export const jsonOfNetwork = (policy: NetworkPolicy) =>
  policy.mode === 'none'
    ? policy
    : {
        ...policy,
        allow: policy.allow.map(formatDestination),
        deny: policy.deny.map(formatDestination),
      };
