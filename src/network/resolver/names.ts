/** What may be asked for. */
import { isIPv4 } from 'node:net';
import { isNever, opensOnRequest } from '../policy.ts';

/** What hosts, services and reverse zones are called (RFC 952, RFC 2782, RFC 2317). Never a dot or a control character. */
const LABEL = '[A-Za-z0-9_*/+-]{1,63}';
const NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
/** Without the dot at its end, which takes the byte that a name's first length takes on the wire. */
const NAME_LENGTH = 253;

/** Whether a name reads the same for everybody. */
export const isPlain = (name: string): boolean => name.length <= NAME_LENGTH && NAME.test(name);

/**
 * Names that mean something within a network only: special-use ones (RFC 6761, 6762, 7686, 8375, ICANN's `internal`),
 * and those that private networks are known to use (RFC 6762, appendix G; ICANN's name collision studies). A name
 * server that the host uses may know them, and guests are not to learn from it what is there.
 */
const LOCAL = new Set([
  ...['localhost', 'local', 'internal', 'test', 'invalid', 'onion', 'alt'],
  ...['localdomain', 'intranet', 'private', 'corp', 'home', 'lan', 'mail'],
]);
const LOCAL_ZONES = ['home.arpa', 'resolver.arpa', 'service.arpa', 'ip6.arpa'];

/** Whether a name is of local use: no guest is told about it. @param name In lower case. */
export function isLocal(name: string): boolean {
  const labels = name.split('.');
  const top = labels.at(-1) ?? '';
  if (labels.length === 1 || LOCAL.has(top)) return true;
  if (LOCAL_ZONES.some((zone) => name === zone || name.endsWith(`.${zone}`))) return true;
  return name.endsWith('.in-addr.arpa') && isLocalReverse(labels.slice(0, -2));
}

/** @param labels Of a reverse name, as they stand before `in-addr.arpa`. */
function isLocalReverse(labels: readonly string[]): boolean {
  const bytes = [...labels].reverse().slice(0, 4);
  const end = bytes.findIndex((byte) => !isIPv4(`0.0.0.${byte}`));
  const known = end < 0 ? bytes : bytes.slice(0, end);
  if (known.length === 0) return false;
  return isClosed([...known, '0', '0', '0'].slice(0, 4).join('.'), known.length * 8);
}

/**
 * Whether an address is one that no name may lead to: guests reach it never, or only by a policy that names it. So a
 * name of the outside cannot be made to mean something inside ("DNS rebinding").
 * @param address IPv4.
 */
export function isClosed(address: string, prefixLength = 32): boolean {
  const destination = { cidr: `${address}/${prefixLength}`, ports: null };
  return isNever(destination) || opensOnRequest(destination);
}
