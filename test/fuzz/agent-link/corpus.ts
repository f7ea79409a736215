/** Streams that are kept: what a hostile agent may try, and every one that was ever found to do harm. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { encodeFrame, encodeOutput, FrameKind } from '../../../src/protocol/frame.ts';
import { concat } from '../../support/chunks.ts';
import type { Case } from './fuzzer.ts';

const FOLDER = join(import.meta.dirname, 'corpus');

const strict = { additionalProperties: false } as const;
const Times = Type.Optional(Type.Integer({ minimum: 1 }));
const Part = Type.Union([
  /** Bytes as they are, so many times. */
  Type.Object({ hex: Type.String(), times: Times }, strict),
  /** A control frame with this text, in which the text comes so many times. */
  Type.Object({ control: Type.String(), times: Times }, strict),
  /** An output frame of that run with these bytes, so many times. */
  Type.Object({ stdout: Type.Integer(), hex: Type.String(), times: Times }, strict),
  Type.Object({ stderr: Type.Integer(), hex: Type.String(), times: Times }, strict),
]);

const Entry = Type.Object({
  /** What it is, in a sentence. */
  about: Type.String(),
  /** The host takes the guest over from another one: what the agent writes before it answers that. */
  before: Type.Optional(Type.Array(Part)),
  parts: Type.Array(Part),
  /** Where the stream is cut into the pieces that are written, in bytes from its start. */
  cuts: Type.Optional(Type.Array(Type.Integer())),
  ending: Type.Union([Type.Literal('hang up'), Type.Literal('drop'), Type.Literal('nothing')]),
  interference: Type.Optional(
    Type.Object({
      after: Type.Integer(),
      act: Type.Union([Type.Literal('kill'), Type.Literal('dispose')]),
    }),
  ),
  /** Why the link has to end when all of the stream is heard. */
  end: Type.String(),
});

export type CorpusEntry = {
  readonly name: string;
  readonly about: string;
  readonly stream: Uint8Array;
  readonly case: Case;
  readonly end: string;
};

/** @throws {AssertError} When a file has another form. */
export function readCorpus(): CorpusEntry[] {
  return readdirSync(FOLDER)
    .sort()
    .map((name) => {
      const entry = Value.Parse(Entry, JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));
      const { about, end, ending, interference, cuts = [] } = entry;
      const stream = concat(...entry.parts.flatMap(bytesOf));
      const before = entry.before && concat(...entry.before.flatMap(bytesOf));
      const ends = [...cuts, stream.length];
      const pieces = ends.map((to, index) => stream.subarray(ends[index - 1] ?? 0, to));
      return {
        name: name.replace('.json', ''),
        about,
        stream,
        end,
        case: { before, pieces, ending, interference },
      };
    });
}

/** Keeps a case that was found. @returns The file's path. */
export function keep(
  name: string,
  { before, pieces, ending, interference }: Case,
  about: string,
  end: string,
): string {
  let at = 0;
  const cuts = pieces.slice(0, -1).map(({ length }) => {
    at += length;
    return at;
  });
  const path = join(FOLDER, `${name}.json`);
  const parts = [{ hex: Buffer.concat(pieces).toString('hex') }];
  const earlier = before && [{ hex: Buffer.from(before).toString('hex') }];
  const entry = { about, before: earlier, parts, cuts, ending, interference, end };
  writeFileSync(path, `${JSON.stringify(entry, undefined, 2)}\n`);
  return path;
}

function bytesOf(part: (typeof Part)['static']): Uint8Array[] {
  const { times = 1 } = part;
  if ('control' in part) {
    return [encodeFrame(FrameKind.control, new TextEncoder().encode(part.control.repeat(times)))];
  }
  const bytes = new Uint8Array(Buffer.from(part.hex, 'hex'));
  return Array.from({ length: times }, () => {
    if ('stdout' in part) return encodeOutput(FrameKind.stdout, part.stdout, bytes);
    return 'stderr' in part ? encodeOutput(FrameKind.stderr, part.stderr, bytes) : bytes;
  });
}
