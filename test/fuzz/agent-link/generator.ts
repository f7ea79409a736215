/** Hostile agents at random: good messages bent, frames that lie about themselves, and noise. */
import fc from 'fast-check';
import {
  encodeControl,
  encodeFrame,
  encodeOutput,
  FRAME_LIMIT,
  FrameKind,
} from '../../../src/protocol/frame.ts';
import { concat, cut } from '../../support/chunks.ts';
import { frameHeader } from '../../support/frame-header.ts';
import type { Case } from './fuzzer.ts';
import { ANSWERS, LIMITS } from './scene.ts';

type Bytes = fc.Arbitrary<Uint8Array>;

/** Pieces of JSON that have broken parsers and checks before. */
const TOKENS = [
  '__proto__',
  '"__proto__":{"type":"exit"},',
  '"constructor":{"prototype":{}},',
  '"toString":1,',
  '"type":"exit",',
  '"type":"hello",',
  '"id":5,',
  '"id":-0,',
  '"id":4294967301,',
  '"id":5.0,',
  '"id":5e0,',
  '"id":1e400,',
  '"id":"5",',
  '"id":[5],',
  '1e400',
  '-0',
  'NaN',
  'Infinity',
  'null',
  'true',
  '9007199254740993',
  '"\\ud800"',
  '\\udfff',
  '\\u0000',
  '\u2028',
  '\ufeff',
  '\0',
  '\\',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '/**/',
  '\n',
  '\t',
] as const;

/** Values that a field's check must know to refuse, or to take for what they are. */
const VALUES = fc.constantFrom<unknown[]>(
  -1,
  0,
  0.5,
  5,
  6,
  255,
  256,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 32 + 5,
  2 ** 53 - 1,
  2 ** 53,
  1e308,
  '',
  '5',
  'hello',
  'SIGKILL',
  `SIG${'A'.repeat(16)}`,
  `SIG${'A'.repeat(17)}`,
  'SIGKILL\n',
  'a'.repeat(64),
  'a'.repeat(65),
  'é'.repeat(1024),
  'a'.repeat(1025),
  `${'0'.repeat(15_000)}!`,
  '\u{d800}',
  true,
  false,
  null,
  [],
  [[]],
  {},
  { kernel: '0'.repeat(16) },
  Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`g${index}`, '0'.repeat(16)])),
  Array.from({ length: 65 }, () => 'x'),
);

const kinds = fc.constantFrom(FrameKind.control, FrameKind.stdout, FrameKind.stderr);
const streams = fc.constantFrom(FrameKind.stdout, FrameKind.stderr);
const runs = fc.constantFrom(...LIMITS.keys());
const places = (maxLength: number) => fc.array(fc.nat(1000), { maxLength });
const at = (place: number, length: number) => Math.floor((place * length) / 1000);

const answer = fc.constantFrom(...ANSWERS);
const control = (text: string) => encodeFrame(FrameKind.control, new TextEncoder().encode(text));
const good: Bytes = answer.map(encodeControl);

/** A message with some properties changed, added or left out. */
const bent: Bytes = fc
  .tuple(
    answer,
    fc.array(
      fc.tuple(
        fc.nat(1000),
        fc.option(VALUES, { nil: undefined }),
        fc.constantFrom('__proto__', 'more', 'id', ''),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([message, changes]) => {
    const entries = Object.entries<unknown>(message);
    for (const [place, value, name] of changes) {
      const index = at(place, entries.length + 1);
      const entry = entries[index];
      entries[index] = [entry?.[0] ?? name, value];
    }
    const text = entries
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    return control(`{${text.join()}}`);
  });

/** A message whose text was cut and pasted into. */
const garbled: Bytes = fc
  .tuple(
    answer,
    fc.array(fc.tuple(fc.nat(1000), fc.nat(8), fc.constantFrom(...TOKENS)), { minLength: 1, maxLength: 4 }),
  )
  .map(([message, edits]) => {
    let text = JSON.stringify(message);
    for (const [place, length, token] of edits) {
      const start = at(place, text.length);
      text = text.slice(0, start) + token + text.slice(start + length);
    }
    return control(text);
  });

/** A good message with white space up to about the limits, which JSON allows. */
const padded: Bytes = fc
  .tuple(answer, fc.constantFrom(16 * 1024, FRAME_LIMIT.fromGuest), fc.integer({ min: -2, max: 2 }))
  .map(([message, limit, more]) => {
    const text = JSON.stringify(message);
    return control(text + ' '.repeat(limit + more - text.length));
  });

const nested: Bytes = fc
  .tuple(fc.constantFrom('[', '{"a":', '[{"a":'), fc.constantFrom(100, 2000, 16_000, 100_000))
  .map(([open, depth]) => control(open.repeat(Math.ceil(depth / open.length))));

const json: Bytes = fc.jsonValue().map((value) => control(JSON.stringify(value)));

const output: Bytes = fc
  .tuple(streams, runs, fc.oneof(fc.nat(8), fc.constantFrom(63, 64, 65, 4095, 4096, 4097)))
  .map(([kind, run, length]) => encodeOutput(kind, run, new Uint8Array(length).fill(0x61)));

const lostOutput: Bytes = fc
  .tuple(streams, fc.constantFrom(0, 4, 8, 2 ** 31, 2 ** 32 - 1), fc.nat(4))
  .map(([kind, run, length]) => encodeOutput(kind, run, new Uint8Array(length)));

const MOST_FLOOD = 5000;
const floods = [FrameKind.stdout, FrameKind.stderr].map((kind) =>
  concat(...Array.from({ length: MOST_FLOOD }, (_, index) => encodeOutput(kind, 6, Uint8Array.of(index)))),
);

/** More of the smallest frames than one turn takes. */
const flood: Bytes = fc
  .tuple(fc.constantFrom(...floods), fc.oneof(fc.integer({ min: 100, max: 600 }), fc.nat(MOST_FLOOD)))
  .map(([frames, count]) => frames.subarray(0, (frames.length / MOST_FLOOD) * count));

/** A frame whose header says something else than what follows. */
const lying: Bytes = fc
  .tuple(
    fc.oneof(
      fc.nat(20),
      fc.constantFrom(FRAME_LIMIT.fromGuest, FRAME_LIMIT.fromGuest + 1, 2 ** 31, 2 ** 32 - 1),
    ),
    fc.oneof(kinds, fc.nat(255)),
    fc.uint8Array({ maxLength: 24 }),
  )
  .map(([length, kind, rest]) => concat(frameHeader(length, kind), rest));

const noise: Bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });

const frame: Bytes = fc.oneof(
  { weight: 60, arbitrary: good },
  { weight: 60, arbitrary: output },
  { weight: 40, arbitrary: bent },
  { weight: 40, arbitrary: garbled },
  { weight: 10, arbitrary: json },
  { weight: 10, arbitrary: lying },
  { weight: 5, arbitrary: lostOutput },
  { weight: 5, arbitrary: noise },
  { weight: 2, arbitrary: padded },
  { weight: 4, arbitrary: flood },
  { weight: 1, arbitrary: nested },
);

type Damage = readonly [place: number, act: 'flip' | 'drop' | 'double' | 'cut', size: number];

function damaged(bytes: Uint8Array, damages: readonly Damage[]): Uint8Array {
  let result = bytes;
  for (const [place, act, size] of damages) {
    const start = at(place, result.length);
    const before = result.subarray(0, start);
    const part = result.subarray(start, start + size);
    const after = result.subarray(start + size);
    if (act === 'flip') {
      result = result.map((byte, index) => (index === start ? byte ^ (1 << (size % 8)) : byte));
    } else if (act === 'drop') result = concat(before, after);
    else if (act === 'double') result = concat(before, part, part, after);
    else result = before;
  }
  return result;
}

/**
 * Cases at random.
 * @param seeds Streams that were of interest before: some cases are made of one of them.
 */
export function cases(seeds: readonly Uint8Array[]): fc.Arbitrary<Case> {
  const frames = fc.array(frame, { maxLength: 10 }).map((list) => concat(...list));
  const stream =
    seeds.length === 0
      ? frames
      : fc.oneof(
          { weight: 3, arbitrary: frames },
          {
            weight: 1,
            arbitrary: fc.tuple(fc.constantFrom(...seeds), frames).map((parts) => concat(...parts)),
          },
        );
  const damage: fc.Arbitrary<Damage> = fc.tuple(
    fc.nat(1000),
    fc.constantFrom('flip', 'drop', 'double', 'cut'),
    fc.nat(12),
  );
  const damages = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Damage[]>([]) },
    { weight: 1, arbitrary: fc.array(damage, { minLength: 1, maxLength: 3 }) },
  );
  return fc
    .record({
      stream,
      damages,
      cuts: fc.oneof(
        { weight: 1, arbitrary: fc.constant<number[]>([]) },
        { weight: 1, arbitrary: places(6) },
      ),
      ending: fc.constantFrom<Case['ending'][]>(
        'hang up',
        'hang up',
        'hang up',
        'hang up',
        'drop',
        'nothing',
      ),
      before: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: stream }),
      interference: fc.oneof(
        { weight: 5, arbitrary: fc.constant(undefined) },
        {
          weight: 1,
          arbitrary: fc.record({
            after: fc.nat(6),
            act: fc.constantFrom('kill' as const, 'dispose' as const),
          }),
        },
      ),
    })
    .map(({ stream: bytes, damages: list, cuts, before, ending, interference }) => ({
      before,
      pieces: cut(damaged(bytes, list), cuts),
      ending,
      interference,
    }));
}
