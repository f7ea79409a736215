/**
 * nftables rules of the host for one router. They keep to the router's link, and hold when the router's own do not:
 * the host itself, and what no guest may reach, is closed to it. Pure.
 */
import { NEVER } from './policy.ts';
import type { Upstream } from './router-rules.ts';

/** A point-to-point link between host and router. */
export type Link = {
  /** Name of the host's end, and of the host's table for it. */
  readonly device: string;
  /** IPv4 addresses of both ends, and the length of their prefix. */
  readonly host: string;
  readonly router: string;
  readonly prefixLength: number;
};

export const hostTable = ({ device }: Link) => `inet codeland_${device}`;

/** Replaces what a server that was killed has left. */
export function hostRules(link: Link, upstreams: readonly Upstream[]): string {
  const { device, router } = link;
  const table = hostTable(link);
  const asked = upstreams.map(
    ({ address, port }) => `${address} . tcp . ${port}, ${address} . udp . ${port}`,
  );
  return `
table ${table} { }
delete table ${table}
table ${table} {
  ct timeout short_tcp {
    protocol tcp; l3proto ip;
    policy = { syn_sent: 30, syn_recv: 30, established: 7200, fin_wait: 30, close_wait: 30, last_ack: 10, time_wait: 10, close: 10 };
  }
  ct timeout short_udp {
    protocol udp; l3proto ip;
    policy = { unreplied: 10, replied: 60 };
  }
  set upstreams { type ipv4_addr . inet_proto . inet_service; elements = { ${asked.join(', ')} } }
  chain arriving {
    type filter hook prerouting priority mangle; policy accept;
    iifname "${device}" goto from_router
  }
  chain from_router {
    ip saddr != ${router} counter drop
    meta nfproto != ipv4 counter drop
    meta l4proto tcp ct timeout set "short_tcp"
    meta l4proto udp ct timeout set "short_udp"
    ip daddr . meta l4proto . th dport @upstreams accept
    fib daddr type != unicast counter drop
    ip daddr { ${NEVER.join(', ')} } counter drop
  }
  chain in {
    type filter hook input priority filter - 10; policy accept;
    iifname "${device}" ip daddr . meta l4proto . th dport @upstreams accept
    iifname "${device}" counter drop
  }
  chain passing {
    type filter hook forward priority filter - 10; policy accept;
    iifname "${device}" oifname "${device}" drop
    oifname "${device}" ct state != { established, related } counter drop
  }
  chain leaving {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${router} oifname != "${device}" masquerade
  }
}
`;
}

/** Takes back what {@link hostRules} made, if it is there. */
export const hostRemoval = (link: Link) => `table ${hostTable(link)} { }\ndelete table ${hostTable(link)}\n`;
