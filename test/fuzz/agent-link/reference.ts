/**
 * What the bytes of an agent must come to, said a second time: byte by byte and without speed, so that it shares
 * neither the decoder nor the compiled checks with what it is compared with.
 */
import { isUtf8 } from 'node:buffer';
import { Value } from '@sinclair/typebox/value';
import { AgentMessage } from '../../../src/protocol/messages.ts';
import type { Answer, Outcome } from './scene.ts';
import { LIMITS, RUNS } from './scene.ts';

const PAYLOAD_LIMIT = 128 * 1024;
const MESSAGE_LIMIT = 16 * 1024;

/** How a link ends whose guest broke no rule. */
export const CLOSED = 'the agent link was closed';

function littleEndian(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let place = 3; place >= 0; place -= 1) value = value * 256 + (bytes[at + place] ?? 0);
  return value;
}

export type ReferenceFrame = { readonly kind: number; readonly payload: Uint8Array };

/** The frames of a stream, and why it breaks off. */
export function referenceFrames(bytes: Uint8Array): {
  frames: ReferenceFrame[];
  failure: string | undefined;
} {
  const frames: ReferenceFrame[] = [];
  let at = 0;
  while (at + 5 <= bytes.length) {
    const length = littleEndian(bytes, at);
    const kind = bytes[at + 4] ?? 0;
    if (kind > 2) return { frames, failure: `unknown frame kind ${kind}` };
    if (length > PAYLOAD_LIMIT) {
      return { frames, failure: `frame of ${length} bytes is over the limit of ${PAYLOAD_LIMIT}` };
    }
    at += 5;
    if (at + length > bytes.length) break;
    frames.push({ kind, payload: bytes.subarray(at, at + length) });
    at += length;
  }
  return { frames, failure: undefined };
}

/** What the host must make of it when the agent then hangs up, and the kinds of frames that it takes. */
export function referenceOutcome(bytes: Uint8Array): { outcome: Outcome; taken: string[] } {
  const host = new ReferenceHost();
  const { frames, failure } = referenceFrames(bytes);
  let broken: string | undefined;
  for (const frame of frames) {
    broken = host.take(frame);
    if (broken !== undefined) break;
  }
  broken ??= failure;
  const end = broken === undefined ? CLOSED : `the guest broke the agent protocol: ${broken}`;
  return { outcome: host.outcome(end), taken: host.taken };
}

const UNREADABLE = 'a message that cannot be read';

class ReferenceHost {
  readonly taken: string[] = [];
  readonly #answers = new Map<string, AgentMessage>();
  readonly #output = new Map<number, string[]>([...LIMITS.keys()].map((id) => [id, []]));
  readonly #used = new Map<number, number>();

  /** Returns why the link must end, if it must. */
  take({ kind, payload }: ReferenceFrame): string | undefined {
    if (kind === 0) return this.#takeMessage(payload);
    if (payload.length < 4) return 'output frame without a run id';
    const id = littleEndian(payload, 0);
    const chunk = payload.subarray(4);
    const limit = LIMITS.get(id);
    const output = this.#output.get(id);
    if (limit === undefined || !output || this.#answers.has(`run ${id}`)) {
      return 'output of a run that is not under way';
    }
    if (chunk.length === 0) return 'output of no bytes';
    const used = (this.#used.get(id) ?? 0) + chunk.length;
    if (used > limit) return 'more output than the run may have';
    this.#used.set(id, used);
    const stream = kind === 1 ? 'stdout' : 'stderr';
    output.push(`${stream}:${Buffer.from(chunk).toString('hex')}`);
    this.taken.push(stream);
    return undefined;
  }

  outcome(end: string): Outcome {
    const { hello, prepared, stats } = Object.fromEntries(this.#answers);
    const lost = { kind: 'lost' } as const;
    return {
      hello: hello?.type === 'hello' ? { kind: 'answer', value: hello } : lost,
      prepared: prepared?.type === 'prepared' ? { kind: 'answer', value: prepared } : lost,
      stats: stats?.type === 'stats' ? { kind: 'answer', value: stats } : lost,
      exits: RUNS.map((id) => exitOf(this.#answers.get(`run ${id}`))),
      output: RUNS.map((id) => this.#output.get(id) ?? []),
      end,
    };
  }

  #takeMessage(payload: Uint8Array): string | undefined {
    if (payload.length > MESSAGE_LIMIT) return 'a message that is too long';
    if (!isUtf8(payload)) return UNREADABLE;
    let message: unknown;
    try {
      message = JSON.parse(
        Buffer.from(payload)
          .toString()
          .replace(/^\ufeff/, ''),
      );
    } catch {
      return UNREADABLE;
    }
    if (!Value.Check(AgentMessage, message)) return 'a message of unknown form';
    switch (message.type) {
      case 'hello':
        return this.#answer('hello', message, 'a hello that nobody asked for');
      case 'prepared':
        return this.#answer('prepared', message, 'a proof that nobody asked for');
      case 'stats':
        if (message.id !== 0) return 'figures that nobody asked for';
        return this.#answer('stats', message, 'figures that nobody asked for');
      case 'exit':
      case 'refused': {
        const unknown = 'an answer about a run that is not under way';
        return LIMITS.has(message.id) ? this.#answer(`run ${message.id}`, message, unknown) : unknown;
      }
    }
  }

  /** Each question has one answer. */
  #answer(question: string, message: AgentMessage, again: string): string | undefined {
    if (this.#answers.has(question)) return again;
    this.#answers.set(question, message);
    this.taken.push(message.type);
    return undefined;
  }
}

function exitOf(message: AgentMessage | undefined): Outcome['exits'][number] {
  if (message?.type === 'exit') return { kind: 'answer', value: message };
  if (message?.type === 'refused') return { kind: 'refused', message: message.message };
  return { kind: 'lost' };
}

/** Whether `seen` is what the host can have seen when the link was cut somewhere in the stream. */
export function isPartOf(seen: Outcome, whole: Outcome): boolean {
  const isPart = <T>(part: Answer<T>, full: Answer<T>) =>
    part.kind === 'lost' || Bun.deepEquals(part, full, true);
  return (
    isPart(seen.hello, whole.hello) &&
    isPart(seen.prepared, whole.prepared) &&
    isPart(seen.stats, whole.stats) &&
    seen.exits.every((exit, index) => {
      const other = whole.exits[index];
      return other !== undefined && isPart(exit, other);
    }) &&
    seen.output.every((chunks, index) =>
      Bun.deepEquals(chunks, whole.output[index]?.slice(0, chunks.length), true),
    )
  );
}
