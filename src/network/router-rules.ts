/**
 * nftables rules of the router: a network of its own between guests and host. What no rule names is dropped, in each
 * direction. Pure.
 */

import { RESOLVER_USER } from '../host/users.ts';
import { GATEWAY } from './addresses.ts';

/** The router's table, and the one of the same name for what happens before addresses are looked at. */
export const TABLE = 'inet codeland';
export const INGRESS_TABLE = 'netdev codeland';

/** The router's end of its link with the host. */
export const UPLINK = 'uplink';

/** All taps. */
export const TAPS = 'tap*';

/** What no rule of a guest lets through is answered here, so that programs need not wait for a time limit. */
export const REFUSE = 'refuse';

export const DNS_PORT = 53;

/** A name server that the resolver asks. */
export type Upstream = { readonly address: string; readonly port: number };

/** What reads and writes of the router's own packets, and where each guest's rules are hung up. */
export function routerRules(address: string, upstreams: readonly Upstream[]): string {
  const dns = `ip daddr ${GATEWAY} meta l4proto { tcp, udp } th dport ${DNS_PORT}`;
  const asked = upstreams.map(
    ({ address: server, port }) => `${server} . tcp . ${port}, ${server} . udp . ${port}`,
  );
  return `
table ${TABLE} {
  map from_guest { type ifname : verdict; }
  map to_guest { type ifname : verdict; }
  chain untracked {
    type filter hook prerouting priority raw; policy accept;
    iifname "${TAPS}" ip daddr ${GATEWAY} udp dport ${DNS_PORT} notrack
  }
  chain untracked_answers {
    type filter hook output priority raw; policy accept;
    oifname "${TAPS}" ip saddr ${GATEWAY} udp sport ${DNS_PORT} notrack
  }
  chain arriving {
    type filter hook prerouting priority filter; policy drop;
    iifname "${UPLINK}" accept
    iifname vmap @from_guest
  }
  chain passing {
    type filter hook forward priority filter; policy drop;
    iifname "${TAPS}" oifname "${UPLINK}" accept
    iifname "${UPLINK}" oifname vmap @to_guest
  }
  chain in {
    type filter hook input priority filter; policy drop;
    iifname "${UPLINK}" ct state { established, related } accept
    iifname "${TAPS}" ${dns} accept
  }
  chain out {
    type filter hook output priority filter; policy drop;
    oifname "${TAPS}" ct state { established, related } accept
    oifname "${TAPS}" ip saddr ${GATEWAY} udp sport ${DNS_PORT} accept
    oifname "${UPLINK}" ct state established accept
    oifname "${UPLINK}" meta skuid ${RESOLVER_USER} ip daddr . meta l4proto . th dport { ${asked.join(', ')} } accept
  }
  chain leaving {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "${UPLINK}" snat ip to ${address}
  }
  chain ${REFUSE} {
    meta l4proto tcp reject with tcp reset
    reject with icmp type admin-prohibited
  }
}
table ${INGRESS_TABLE} { }
`;
}

/** Replaces what {@link routerRules} made, at once; guests' rules, connections and counters stay as they are. */
export function routerRulesAgain(address: string, upstreams: readonly Upstream[]): string {
  const rules = routerRules(address, upstreams);
  const chains = [...rules.matchAll(/^ {2}chain (\S+) /gm)].map(([, name]) => name);
  // The chains are there; what is declared again is only added to.
  return [...chains.map((name) => `flush chain ${TABLE} ${name}`), rules].join('\n');
}

/**
 * Settings of the router's kernel, below `/proc/sys/net`. Connections that ended or were never answered are forgotten
 * soon: all guests share the table of connections, and only those that are open count against a guest's limit.
 */
export const ROUTER_SETTINGS: Readonly<Record<string, string>> = {
  'ipv6/conf/all/disable_ipv6': '1',
  'ipv6/conf/default/disable_ipv6': '1',
  'ipv4/conf/all/accept_redirects': '0',
  'ipv4/conf/all/accept_source_route': '0',
  'ipv4/conf/all/rp_filter': '1',
  'ipv4/conf/all/send_redirects': '0',
  'ipv4/conf/default/send_redirects': '0',
  'ipv4/ip_forward': '1',
  'netfilter/nf_conntrack_generic_timeout': '10',
  'netfilter/nf_conntrack_icmp_timeout': '10',
  'netfilter/nf_conntrack_tcp_timeout_close': '10',
  'netfilter/nf_conntrack_tcp_timeout_close_wait': '30',
  'netfilter/nf_conntrack_tcp_timeout_established': '7200',
  'netfilter/nf_conntrack_tcp_timeout_fin_wait': '30',
  'netfilter/nf_conntrack_tcp_timeout_last_ack': '10',
  'netfilter/nf_conntrack_tcp_timeout_max_retrans': '60',
  'netfilter/nf_conntrack_tcp_timeout_syn_recv': '30',
  'netfilter/nf_conntrack_tcp_timeout_syn_sent': '30',
  'netfilter/nf_conntrack_tcp_timeout_time_wait': '10',
  'netfilter/nf_conntrack_tcp_timeout_unacknowledged': '60',
  'netfilter/nf_conntrack_udp_timeout': '10',
  'netfilter/nf_conntrack_udp_timeout_stream': '60',
};
