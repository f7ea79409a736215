/** nftables rules of one guest in the router, from its policy. Pure. */
import { GATEWAY } from './addresses.ts';
import { type Decision, decide } from './decisions.ts';
import type { EgressPolicy } from './policy.ts';
import type { ConnectedGuest } from './port.ts';
import { DNS_PORT, INGRESS_TABLE, REFUSE, TABLE } from './router-rules.ts';

/** Destinations of a guest that are kept in each list. */
export const RECORDED_DESTINATIONS = 512;

/** What the resolver is sent, packets a second, and connections with it at once. */
const QUESTIONS_PER_SECOND = 200;
const RESOLVER_CONNECTIONS = 8;

/** ARP requests: one a minute is what a guest needs. */
const ARP_PER_SECOND = 10;

/**
 * What may be sent at once beyond a second's worth: a packet that the kernel has put together for speed has up to
 * 64 KiB, and is dropped as a whole.
 */
const BURST_KIB = 256;

/** Names of a guest's tap and of its sets in {@link TABLE}. */
export const namesOf = (number: number) =>
  ({
    tap: `tap${number}`,
    sent: `sent_${number}`,
    received: `received_${number}`,
    denied: `denied_${number}`,
  }) as const;

/**
 * What is checked, in this order. As frames come in: only IPv4 and questions for the gateway's hardware address, with
 * the guest's own addresses, whole and without options. Then rate; then what the policy says of new connections; then
 * how many there are. Every destination is counted, refused ones as well.
 * @param own IPv4 addresses of the host.
 */
export function guestRules(guest: ConnectedGuest, policy: EgressPolicy, own: readonly string[]): string {
  const { number, address, mac } = guest;
  const { tap, sent, received, denied } = namesOf(number);
  const { kibPerSecond, connections } = policy;
  const from = `from_${number}`;
  const to = `to_${number}`;
  const fresh = `new_${number}`;
  const ask = `ask_${number}`;
  const list = (name: string) =>
    `set ${name} { type ipv4_addr . inet_proto . inet_service; flags dynamic; size ${RECORDED_DESTINATIONS}; counter; }`;
  const rate = `limit rate over ${kibPerSecond} kbytes/second burst ${BURST_KIB} kbytes counter drop`;
  return `
table ${INGRESS_TABLE} {
  chain ${tap} {
    type filter hook ingress device "${tap}" priority filter; policy drop;
    ether saddr != ${mac} drop
    ether type arp arp operation request arp saddr ether ${mac} arp saddr ip ${address} arp daddr ip ${GATEWAY} limit rate ${ARP_PER_SECOND}/second accept
    ether type ip ip saddr ${address} ip hdrlength 5 ip frag-off & 0x3fff == 0 accept
  }
}
table ${TABLE} {
  ${list(sent)}
  ${list(received)}
  ${list(denied)}
  chain ${denied} {
    meta l4proto { tcp, udp } add @${denied} { ip daddr . meta l4proto . th dport }
    meta l4proto != { tcp, udp } add @${denied} { ip daddr . meta l4proto . 0 }
    goto ${REFUSE}
  }
  chain ${sent} {
    add @${sent} { ip daddr . meta l4proto . th dport }
    accept
  }
  chain allowed_${number} {
    limit rate over ${connections}/second burst ${connections} packets counter drop
    ct count over ${connections} counter goto ${denied}
    goto ${sent}
  }
  chain ${fresh} {
${decide(policy, own)
  .map((decision) => `    ${ruleOf(decision, `allowed_${number}`, denied)}`)
  .join('\n')}
  }
  chain ${ask} {
    limit rate over ${QUESTIONS_PER_SECOND}/second burst ${QUESTIONS_PER_SECOND} packets counter drop
    meta l4proto udp accept
    ct state established accept
    ct state != new drop
    ct count over ${RESOLVER_CONNECTIONS} counter drop
    accept
  }
  chain ${from} {
    ip saddr != ${address} drop
    ${rate}
    ip daddr ${GATEWAY} meta l4proto { tcp, udp } th dport ${DNS_PORT} goto ${ask}
    meta l4proto icmp ct state related accept
    meta l4proto != { tcp, udp } goto ${denied}
    ct state established goto ${sent}
    ct state new goto ${fresh}
  }
  chain ${to} {
    ${rate}
    meta l4proto icmp ct state related accept
    meta l4proto != { tcp, udp } drop
    ct state != established drop
    add @${received} { ip saddr . meta l4proto . th sport }
    accept
  }
}
add element ${TABLE} to_guest { "${tap}" : goto ${to} }
add element ${TABLE} from_guest { "${tap}" : goto ${from} }
`;
}

function ruleOf(
  { destinations, ports, protocol, verdict }: Decision,
  allowed: string,
  denied: string,
): string {
  return [
    ...(destinations ? [`ip daddr { ${destinations.join(', ')} }`] : []),
    ...(protocol ? [`meta l4proto ${protocol}`] : []),
    ...(ports ? [`th dport ${ports.first}-${ports.last}`] : []),
    `goto ${verdict === 'allowed' ? allowed : denied}`,
  ].join(' ');
}

/** Takes back what {@link guestRules} made. The kernel may have removed the chain of the tap with the tap. */
export function guestRemoval(number: number): string {
  const { tap, sent, received, denied } = namesOf(number);
  const chains = [
    `from_${number}`,
    `to_${number}`,
    `new_${number}`,
    `ask_${number}`,
    `allowed_${number}`,
    sent,
    denied,
  ];
  return [
    `delete element ${TABLE} from_guest { "${tap}" }`,
    `delete element ${TABLE} to_guest { "${tap}" }`,
    ...chains.map((chain) => `flush chain ${TABLE} ${chain}`),
    ...chains.map((chain) => `delete chain ${TABLE} ${chain}`),
    ...[sent, received, denied].map((set) => `delete set ${TABLE} ${set}`),
    `add chain ${INGRESS_TABLE} ${tap}`,
    `delete chain ${INGRESS_TABLE} ${tap}`,
    '',
  ].join('\n');
}
