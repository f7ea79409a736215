/** What a policy means for a new connection, as a list of cases. Pure. */
import {
  type Destination,
  type EgressPolicy,
  MAIL_PORT,
  NEVER,
  ON_REQUEST,
  opensMail,
  opensOnRequest,
  type PortRange,
} from './policy.ts';

/** The first that a connection fits decides. */
export type Decision = {
  /** Blocks of IPv4 addresses; null: all. */
  readonly destinations: readonly string[] | null;
  /** null: all. */
  readonly ports: PortRange | null;
  /** null: TCP and UDP; there are no others. */
  readonly protocol: 'tcp' | null;
  readonly verdict: 'allowed' | 'denied';
};

/** Names are looked up at the gateway, whose resolver keeps to the policy, and nowhere else. */
const DNS_PORT = 53;

const onlyPort = (port: number): PortRange => ({ first: port, last: port });

/**
 * @param own The host's own addresses, which no policy opens.
 * @returns Ends with a decision that every connection fits.
 */
export function decide({ allow, deny }: EgressPolicy, own: readonly string[]): Decision[] {
  const closed: Decision[] = [
    ...deny.map((destination) => decision(destination, 'denied')),
    { destinations: NEVER, ports: null, protocol: null, verdict: 'denied' },
    ...(own.length > 0 ? [{ ...EVERYTHING, destinations: own }] : []),
    { ...EVERYTHING, ports: onlyPort(DNS_PORT) },
  ];
  const mail = opened(allow.filter(opensMail)).map((entry) => ({
    ...entry,
    ports: onlyPort(MAIL_PORT),
    protocol: 'tcp' as const,
  }));
  const otherwise: Decision = allow.length > 0 ? EVERYTHING : { ...EVERYTHING, verdict: 'allowed' };
  return [
    ...closed,
    ...mail,
    { ...EVERYTHING, ports: onlyPort(MAIL_PORT), protocol: 'tcp' },
    ...opened(allow),
    otherwise,
  ];
}

const EVERYTHING: Decision = { destinations: null, ports: null, protocol: null, verdict: 'denied' };

/** Blocks that are closed unless they are named come between the entries that name them and those that do not. */
function opened(allow: readonly Destination[]): Decision[] {
  return [
    ...allow.filter(opensOnRequest).map((entry) => decision(entry, 'allowed')),
    { ...EVERYTHING, destinations: ON_REQUEST },
    ...allow.filter((entry) => !opensOnRequest(entry)).map((entry) => decision(entry, 'allowed')),
  ];
}

const decision = ({ cidr, ports }: Destination, verdict: Decision['verdict']): Decision => ({
  destinations: [cidr],
  ports,
  protocol: null,
  verdict,
});
