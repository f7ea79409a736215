/** What is told of a runner's network: what it may reach, and what it has reached. */
import { Type } from '@sinclair/typebox';
import type { NetworkPolicy } from '../../network/policy.ts';
import type { NetworkFigures, NetworkLog } from '../../stats/sample.ts';
import { nullable } from '../output.ts';

/** What an answer has of each list at most; who counts has bounds of its own. */
const MOST_CONNECTIONS = 1024;
const MOST_NAMES = 256;

const Count = Type.Integer({ minimum: 0 });

const Connection = Type.Object(
  {
    protocol: Type.Union([
      Type.Literal('tcp'),
      Type.Literal('udp'),
      Type.Literal('icmp'),
      Type.Literal('other'),
    ]),
    destination: Type.String({ description: 'IPv4 address.' }),
    port: nullable(Type.Integer({ description: 'Null where the protocol has none.' })),
    verdict: Type.Union([Type.Literal('allowed'), Type.Literal('denied')]),
    sentBytes: Type.Integer({
      minimum: 0,
      description: 'IP packets to the destination; of a denied one: what the runner tried to send.',
    }),
    receivedBytes: Type.Integer({ minimum: 0, description: 'IP packets from the destination.' }),
  },
  { description: 'All packets with one destination, as the host counted them.' },
);

const Name = Type.Object(
  {
    name: Type.String(),
    type: Type.String({ description: 'Of the record, as `A`.' }),
    count: Count,
    verdict: Type.Union([Type.Literal('answered'), Type.Literal('refused')]),
  },
  { description: 'A name that was looked up.' },
);

export const Source = Type.Union([Type.Literal('guest'), Type.Literal('host')], {
  description: 'Who counted: the host, where the runner has a way out; else the runner itself.',
});

/** A guest may count in fractions. */
const counter = (description: string) => nullable(Type.Number({ minimum: 0, description }));

export const Traffic = Type.Object(
  {
    mode: Type.Union([Type.Literal('none'), Type.Literal('egress')], {
      description: 'Whether the runner reaches anything: what its request and its key said when it was made.',
    }),
    rxBytes: counter('To the runner.'),
    txBytes: counter('From the runner.'),
    rxPackets: counter('To the runner.'),
    txPackets: counter('From the runner.'),
    source: nullable(Source),
    connections: nullable(Type.Array(Connection, { maxItems: MOST_CONNECTIONS })),
    names: nullable(Type.Array(Name, { maxItems: MOST_NAMES })),
    isComplete: Type.Boolean({ description: 'False when the lists leave something out, or are not known.' }),
  },
  { description: 'A figure or a list that is not known is null.' },
);
export type Traffic = typeof Traffic.static;

/**
 * @param figures The counters of the runner's network device.
 * @param log What the host saw of a runner with egress; null when that is not known.
 */
export function describeTraffic(
  mode: NetworkPolicy['mode'],
  figures: NetworkFigures | null,
  log: NetworkLog | null,
): Traffic {
  const counters = {
    rxBytes: figures?.rxBytes ?? null,
    txBytes: figures?.txBytes ?? null,
    rxPackets: figures?.rxPackets ?? null,
    txPackets: figures?.txPackets ?? null,
    source: figures?.source ?? null,
  };
  if (mode === 'none') return { mode, ...counters, connections: [], names: [], isComplete: true };
  if (!log) return { mode, ...counters, connections: null, names: null, isComplete: false };
  const { connections, names, isComplete } = log;
  return {
    mode,
    ...counters,
    connections: connections.slice(0, MOST_CONNECTIONS).map((record) => ({ ...record })),
    names: names.slice(0, MOST_NAMES).map((record) => ({ ...record })),
    isComplete: isComplete && connections.length <= MOST_CONNECTIONS && names.length <= MOST_NAMES,
  };
}
