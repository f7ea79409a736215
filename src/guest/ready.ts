/**
 * The restore proof: what a clone must show before anyone gets it. Clones of one snapshot wake with the same
 * memory; a guest is ready only when it has its own randomness, identity and the right time, and its real
 * path has been walked once (under TCG the first walk is mostly translation).
 */
import { randomBytes } from 'node:crypto';
import { within } from '../lib/deadline.ts';
import type { NetworkIdentity, PreparedReply, Program, StatsReply } from '../protocol/messages.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { RestoreProofError } from './errors.ts';
import type { Guest } from './guest.ts';
import { watchBalloon } from './stats.ts';

/** A program that a refill runs before a guest is called ready. */
export type WarmUp = { readonly language: string; readonly code: string };

export type ReadinessTerms = {
  /** Version of the agent's code that the template's manifest names. */
  readonly agent: string;
  readonly warmUps: readonly WarmUp[];
  /** Draws that earlier clones of this template made; no later one may repeat them. */
  readonly seenDraws: SeenDraws;
  /** How a guest is that it was just forked from: it is the same, and need not be asked. */
  readonly stats?: StatsReply | undefined;
  /** What its network device is to become, if not the guest's own: for a guest that nobody gets. */
  readonly network?: NetworkIdentity;
};

export type RestoreProof = {
  readonly hostname: string;
  readonly machineId: string;
  /** Of its network device, as the guest reads them back. */
  readonly mac: string;
  readonly address: string;
  /** Guest clock less host clock, ms, when the guest was prepared. */
  readonly clockOffsetMs: number;
  /** Generators whose draws were compared with those of earlier clones. */
  readonly generators: readonly string[];
};

/** What is known of a guest that is ready. */
export type Readiness = {
  readonly proof: RestoreProof;
  /** How it was when it was stopped, or forked. */
  readonly stats: StatsReply;
};

/** How far a guest's clock may be from the host's, ms. */
const CLOCK_TOLERANCE_MS = 100;
/** How long each step of making ready may take, ms. */
const STEP_DEADLINE_MS = 20_000;
const WARM_UP_LIMIT_MS = 15_000;
const WARM_UP_OUTPUT_BYTES = 1 << 20;
/** How much of a failed warm-up's output goes into the error, characters. */
const OUTPUT_TAIL = 500;
/** How often a guest tells of its memory while it runs, seconds. */
const BALLOON_SECONDS = 2;
/** Bytes of host randomness for the guest's pool: twice the 32 that the kernel's generator holds. */
const ENTROPY_BYTES = 64;

/** A program of nothing but code. */
export const plainProgram = (language: string, code: string): Program => ({
  language,
  code,
  stdin: '',
  args: [],
  env: {},
  files: {},
});

/** The host's wall clock, microseconds since 1970. `performance` would not follow when that clock is set right. */
export const nowMicros = (): number => Date.now() * 1000;

/** Remembers the draws of the latest clones. Bounded: a clone that repeats an older one cannot be told. */
export class SeenDraws {
  static readonly #LIMIT = 10_000;
  readonly #seen = new Set<string>();

  /**
   * Adds a clone's draws.
   * @throws {RestoreProofError} When one was seen before.
   */
  add(draws: Readonly<Record<string, string>>): void {
    for (const [generator, draw] of Object.entries(draws)) {
      const key = `${generator}:${draw}`;
      if (this.#seen.has(key)) throw new RestoreProofError(`two clones drew the same from ${generator}`);
      this.#seen.add(key);
    }
    for (const oldest of this.#seen) {
      if (this.#seen.size <= SeenDraws.#LIMIT) break;
      this.#seen.delete(oldest);
    }
  }
}

/**
 * Takes a restored, stopped guest through its proof and warm-ups and stops it again. From then on it tells of its
 * memory while it runs.
 * @throws {RestoreProofError} When it fails its proof.
 * @throws {AgentLinkError | QmpDisconnectedError | DeadlineError} When it is lost or too slow.
 */
export async function makeReady(guest: Guest, terms: ReadinessTerms): Promise<Readiness> {
  const { warmUps, stats: known } = terms;
  // All that can be is written before the guest runs: each turn between the two takes time.
  const versions = checkVersions(guest, terms.agent);
  const proving = proveFresh(guest, terms);
  const figures = warmUps.length === 0 && !known ? askFigures(guest) : undefined;
  const resumed = guest.resume();
  const watched = within(STEP_DEADLINE_MS, 'the balloon', watchBalloon(guest.qmp, BALLOON_SECONDS));
  const [proof] = await Promise.all([proving, versions, resumed, watched]);
  for (const [index, warmUp] of warmUps.entries()) await walk(guest, index, warmUp);
  const stats = known ?? (await (figures ?? askFigures(guest)));
  await guest.pause();
  // Before the claim, which touches no file. A stopped guest uses no CPU.
  await guest.promote();
  return { proof, stats };
}

async function checkVersions(guest: Guest, expected: string): Promise<void> {
  const hello = guest.hello({ ask: true });
  const { protocol, agent } = await within(STEP_DEADLINE_MS, "the agent's hello", hello);
  if (protocol === PROTOCOL_VERSION && agent === expected) return;
  throw new RestoreProofError(
    `the guest runs agent ${agent}, protocol ${protocol}; the manifest says ${expected}, ${PROTOCOL_VERSION}`,
  );
}

function askFigures(guest: Guest): Promise<StatsReply> {
  const figures = within(STEP_DEADLINE_MS, "the agent's figures", guest.agentStats());
  // What fails first is told.
  figures.catch(() => {});
  return figures;
}

async function proveFresh(guest: Guest, terms: ReadinessTerms): Promise<RestoreProof> {
  const { seenDraws, network = guest.network } = terms;
  const machineId = randomBytes(16).toString('hex');
  const entropy = randomBytes(ENTROPY_BYTES).toString('base64');
  const askedAt = nowMicros();
  const request = guest.prepare({
    type: 'prepare',
    entropy,
    hostname: guest.name,
    machineId,
    nowMicros: askedAt,
    network,
  });
  const reply: PreparedReply = await within(STEP_DEADLINE_MS, 'the guest to prepare', request);
  // The guest read its clock at some moment between the two; the first exchange after a restore is slow.
  const clockOffsetMs = outside(reply.nowMicros, askedAt, nowMicros()) / 1000;
  if (reply.hostname !== guest.name || reply.machineId !== machineId) {
    throw new RestoreProofError('the guest did not take its identity');
  }
  if (reply.mac !== network.mac || reply.address !== network.address) {
    throw new RestoreProofError('the guest did not take its network address');
  }
  const generators = Object.keys(reply.draws);
  if (generators.length === 0) throw new RestoreProofError('the guest drew from no generator');
  seenDraws.add(reply.draws);
  if (Math.abs(clockOffsetMs) > CLOCK_TOLERANCE_MS) {
    throw new RestoreProofError(`the guest's clock is ${Math.round(clockOffsetMs)} ms off`);
  }
  const { hostname, mac, address } = reply;
  return { hostname, machineId, mac, address, clockOffsetMs, generators };
}

/** How far `value` lies outside of the interval; 0 within it. */
function outside(value: number, from: number, to: number): number {
  return value < from ? value - from : Math.max(0, value - to);
}

/** Runs a warm-up. @throws {RestoreProofError} When it fails. */
export async function walk(guest: Guest, id: number, { language, code }: WarmUp): Promise<void> {
  let printed = '';
  const decoder = new TextDecoder();
  const run = guest.run(
    {
      type: 'run',
      id,
      warmUp: true,
      keep: false,
      nowMicros: nowMicros(),
      ...plainProgram(language, code),
      timeLimitMs: WARM_UP_LIMIT_MS,
      outputLimitBytes: WARM_UP_OUTPUT_BYTES,
    },
    (_, chunk) => {
      printed = (printed + decoder.decode(chunk, { stream: true })).slice(-OUTPUT_TAIL);
    },
  );
  const { code: status, signal } = await within(STEP_DEADLINE_MS, `the ${language} warm-up`, run);
  if (status !== 0)
    throw new RestoreProofError(`the ${language} warm-up ended with ${signal ?? status}: ${printed}`);
}
