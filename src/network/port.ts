/** A guest's way out, as the rest of the server sees it. */
import type { EgressPolicy } from './policy.ts';

/** Which guest a port is connected for. */
export type ConnectedGuest = {
  /** Of the guest on this host; no two live guests have the same. */
  readonly number: number;
  /** IPv4, as `172.16.0.1`. Packets from any other are dropped. */
  readonly address: string;
  /** As `52:54:00:10:00:01`. Frames from any other are dropped. */
  readonly mac: string;
};

/** What a guest is to be told. Both are IPv4 addresses. */
export type Attachment = { readonly gateway: string; readonly resolver: string };

/** A way out for one guest. Unused it leads nowhere. */
export type NetworkPort = AsyncDisposable & {
  /**
   * For QEMU to inherit. Attached to no device until {@link NetworkPort.connect}, and nobody without CAP_NET_ADMIN in
   * the router's network namespace can attach it.
   */
  readonly fd: number;
  /**
   * Makes the tap and its rules. Once. Disposing removes them, is idempotent and never rejects; only after it may the
   * address be given to another guest.
   * @throws {EgressError} When they cannot be made, or this was called before.
   */
  connect(guest: ConnectedGuest, policy: EgressPolicy): Promise<Attachment>;
  /**
   * What went through; null before it is connected. After it is disposed of, what it was in the end.
   * @throws {EgressError} When the kernel cannot be asked.
   */
  report(): Promise<NetworkReport | null>;
};

/**
 * Seen from the guest: `rx` is what went to it. Counted by the host at the guest's tap, whole frames, those that were
 * dropped as well.
 */
export type NetworkReport = {
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly rxPackets: number;
  readonly txPackets: number;
  /** Bounded; see {@link NetworkReport.isComplete}. */
  readonly connections: readonly ConnectionRecord[];
  /** What was asked of the resolver; bounded. */
  readonly names: readonly NameRecord[];
  /** False when there may have been more connections or names than are listed. */
  readonly isComplete: boolean;
};

/** All packets of a guest with one destination. */
export type ConnectionRecord = {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'other';
  /** IPv4 address. */
  readonly destination: string;
  /** null where the protocol has none. */
  readonly port: number | null;
  readonly verdict: 'allowed' | 'denied';
  /** Bytes of IP packets, headers included. For a denied one: what the guest tried to send. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
};

/** A name that a guest looked up. */
export type NameRecord = {
  readonly name: string;
  /** Of the record, as `A`. */
  readonly type: string;
  readonly count: number;
  readonly verdict: 'answered' | 'refused';
};
