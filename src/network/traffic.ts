/** What the kernel has counted for a guest. */
import { readFileSync } from 'node:fs';
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import type { NetworkNamespace } from '../lib/network-namespace.ts';
import { runIn } from './command.ts';
import { EgressError } from './errors.ts';
import { namesOf, RECORDED_DESTINATIONS } from './guest-rules.ts';
import type { ConnectionRecord, NetworkReport } from './port.ts';
import { TABLE } from './router-rules.ts';

/** What is used of nft's JSON, libnftables-json(5). */
const Element = Type.Object({
  elem: Type.Object({
    /** Address, protocol by its name or number, port. */
    val: Type.Object({
      concat: Type.Tuple([Type.String(), Type.Union([Type.String(), Type.Integer()]), Type.Integer()]),
    }),
    counter: Type.Object({ packets: Type.Integer(), bytes: Type.Integer() }),
  }),
});
const Listing = Type.Object({
  nftables: Type.Tuple([
    Type.Object({ metainfo: Type.Unknown() }),
    Type.Object({ set: Type.Object({ elem: Type.Optional(Type.Array(Element)) }) }),
  ]),
});
const listing = TypeCompiler.Compile(Listing);

type Counted = Static<typeof Element>['elem'];

export type Traffic = Omit<NetworkReport, 'names'>;

/**
 * Asks the kernel what a connected guest has sent and received until now.
 * @param number Of the guest.
 * @throws {EgressError} When it cannot be asked.
 */
export async function readTraffic(network: NetworkNamespace, number: number): Promise<Traffic> {
  const { tap, sent, received, denied } = namesOf(number);
  const [sentTo, receivedFrom, deniedTo] = await Promise.all(
    [sent, received, denied].map((name) => listSet(network, name)),
  );
  return {
    ...countersOf(tap, readDevices(network)),
    ...connectionsOf(sentTo ?? [], receivedFrom ?? [], deniedTo ?? []),
  };
}

const readDevices = (network: NetworkNamespace) =>
  network.enter(() => readFileSync('/proc/thread-self/net/dev', 'utf8'));

async function listSet(network: NetworkNamespace, name: string): Promise<readonly Counted[]> {
  const printed: unknown = JSON.parse(
    await runIn(network, ['nft', '-j', 'list', 'set', ...TABLE.split(' '), name]),
  );
  if (!listing.Check(printed))
    throw new EgressError(`nft lists the set ${name} in a way that is not known here`);
  return printed.nftables[1].set.elem?.map(({ elem }) => elem) ?? [];
}

/**
 * The counters of a tap, turned round: what it received is what its guest sent.
 * @param devices As `/proc/net/dev` has them, proc(5).
 * @throws {EgressError} When there is no such tap.
 */
export function countersOf(
  tap: string,
  devices: string,
): Pick<NetworkReport, 'rxBytes' | 'txBytes' | 'rxPackets' | 'txPackets'> {
  const line = devices.split('\n').find((text) => text.trim().startsWith(`${tap}:`));
  if (line === undefined) throw new EgressError(`the tap ${tap} is gone`);
  const fields = line
    .slice(line.indexOf(':') + 1)
    .trim()
    .split(/\s+/)
    .map(Number);
  const [txBytes = 0, txPackets = 0, , , , , , , rxBytes = 0, rxPackets = 0] = fields;
  return { rxBytes, txBytes, rxPackets, txPackets };
}

/** One record for each destination and verdict, from the elements of a guest's three sets. */
export function connectionsOf(
  sent: readonly Counted[],
  received: readonly Counted[],
  denied: readonly Counted[],
): Pick<NetworkReport, 'connections' | 'isComplete'> {
  const answered = new Map(received.map(({ val, counter }) => [keyOf(val.concat), counter.bytes]));
  const allowed = sent.map(({ val, counter }) =>
    record(val.concat, 'allowed', counter.bytes, answered.get(keyOf(val.concat)) ?? 0),
  );
  return {
    connections: [
      ...allowed,
      ...denied.map(({ val, counter }) => record(val.concat, 'denied', counter.bytes, 0)),
    ],
    isComplete: [sent, denied].every(({ length }) => length < RECORDED_DESTINATIONS),
  };
}

const keyOf = (destination: Counted['val']['concat']) => destination.join(' ');

function record(
  [destination, name, port]: Counted['val']['concat'],
  verdict: ConnectionRecord['verdict'],
  sentBytes: number,
  receivedBytes: number,
): ConnectionRecord {
  const protocol = name === 'tcp' || name === 'udp' || name === 'icmp' ? name : 'other';
  const hasPort = protocol === 'tcp' || protocol === 'udp';
  return { protocol, destination, port: hasPort ? port : null, verdict, sentBytes, receivedBytes };
}
