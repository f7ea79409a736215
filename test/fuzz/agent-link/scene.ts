/** What the host waits for while the agent under test speaks: the same in every case, so that a case is its bytes. */
import type { AgentLink, OutputListener } from '../../../src/guest/agent-link.ts';
import type {
  AgentMessage,
  ExitReport,
  HelloReply,
  PreparedReply,
  StatsReply,
} from '../../../src/protocol/messages.ts';
import {
  exitReport,
  helloReply,
  preparedReply,
  prepareRequest,
  runRequest,
  statsReply,
} from '../../support/agent-messages.ts';

/** The runs under way, with the output each may have, bytes. The second may have more frames than a turn takes. */
export const LIMITS: ReadonlyMap<number, number> = new Map([
  [5, 64],
  [6, 4096],
  [7, 64],
  [8, 64],
]);
/** A run of which nobody listens to the end, which may come as a failure. */
const UNHEARD = 7;
/** A run that an earlier host began. */
const RESUMED = 8;
/** Those that are listened to. */
export const RUNS = [...LIMITS.keys()].filter((id) => id !== UNHEARD);
const STATS = 0;

/** Everything that the host would take as an answer. */
export const ANSWERS: readonly AgentMessage[] = [
  helloReply(),
  preparedReply(),
  statsReply(STATS),
  statsReply(STATS, { network: null }),
  ...[...LIMITS.keys()].flatMap((id): AgentMessage[] => [
    exitReport(id),
    exitReport(id, { code: null, signal: 'SIGKILL', timedOut: true, truncated: true }),
    { type: 'refused', id, message: 'no such language' },
  ]),
];

/** How a wait ended. */
export type Answer<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'refused'; readonly message: string }
  /** By the end of the link. */
  | { readonly kind: 'lost' };

/** How a link's life went, as the host saw it. */
export type Outcome = {
  readonly hello: Answer<HelloReply>;
  readonly prepared: Answer<PreparedReply>;
  readonly stats: Answer<StatsReply>;
  readonly exits: readonly Answer<ExitReport>[];
  /** Of each run in turn: its output, in the order it came, as `stdout:00ff`. */
  readonly output: readonly (readonly string[])[];
  /** Why the link ended. */
  readonly end: string;
};

/** The waits of the scene, begun. */
export type Questions = {
  readonly hello: Promise<HelloReply>;
  readonly prepared: Promise<PreparedReply>;
  readonly stats: Promise<StatsReply>;
  readonly exits: readonly Promise<ExitReport>[];
  readonly output: readonly string[][];
};

/** Asks the agent everything at once. */
export function ask(link: AgentLink): Questions {
  const output: string[][] = RUNS.map(() => []);
  void link.run(runRequest(UNHEARD, { outputLimitBytes: LIMITS.get(UNHEARD) ?? 0 }), () => {});
  return {
    hello: link.hello({ ask: true }),
    prepared: link.prepare(prepareRequest()),
    stats: link.stats(),
    exits: RUNS.map((id, index) => {
      const outputLimitBytes = LIMITS.get(id) ?? 0;
      const listen: OutputListener = (stream, chunk) =>
        output[index]?.push(`${stream}:${Buffer.from(chunk).toString('hex')}`);
      return id === RESUMED
        ? link.resumeRun({ id, outputLimitBytes }, listen)
        : link.run(runRequest(id, { outputLimitBytes }), listen);
    }),
    output,
  };
}
