/** What the agent keeps of runs for a host that comes later: decisions that need no guest. */
import { describe, expect, it } from 'bun:test';
import {
  decodeOutput,
  encodeOutput,
  FRAME_LIMIT,
  FrameDecoder,
  FrameKind,
} from '../../src/protocol/frame.ts';
import { FrameLog } from '../../vm-images/agent/frame-log.ts';
import { KeptRuns, MOST_BYTES, MOST_ENDED } from '../../vm-images/agent/kept-runs.ts';
import { BACKLOG_BYTES, DirectListener } from '../../vm-images/agent/listener.ts';
import { exitReport } from '../support/agent-messages.ts';
import { concat } from '../support/chunks.ts';

/** A link whose host takes everything, or nothing until it is told to. */
class FakeLink {
  queuedBytes = 0;
  isStuck = false;
  readonly #heard: Uint8Array[] = [];

  queue(frame: Uint8Array): void {
    this.#heard.push(frame.slice());
    this.queuedBytes += frame.length;
  }

  flush(): void {
    if (!this.isStuck) this.queuedBytes = 0;
  }

  /** What the host has heard since it was asked last: `1:text` of output, `1 ends`, or a refusal. */
  heard(): string[] {
    const decoder = new FrameDecoder(FRAME_LIMIT.fromGuest);
    const frames = [...decoder.push(concat(...this.#heard.splice(0)))];
    return frames.map(({ kind, payload }) => {
      if (kind === FrameKind.control) return `${JSON.parse(Buffer.from(payload).toString()).id} ends`;
      const { runId, chunk } = decodeOutput(payload);
      return `${runId}:${chunk.length > 16 ? chunk.length : Buffer.from(chunk).toString()}`;
    });
  }
}

const text = (id: number, words: string) =>
  encodeOutput(FrameKind.stdout, id, new Uint8Array(Buffer.from(words)));
const bulk = (id: number) => encodeOutput(FrameKind.stdout, id, new Uint8Array(128 * 1024 - 4));
/** Frames that {@link MOST_BYTES} have room for. */
const MOST_BULK = Math.floor(MOST_BYTES / bulk(0).length);
const UNKNOWN = 'the run is not known any more';
const INCOMPLETE = 'the output of the run is not all there any more';

function scene(): { link: FakeLink; runs: KeptRuns } {
  const link = new FakeLink();
  return { link, runs: new KeptRuns(link) };
}

describe('a log of frames', () => {
  it('gives whole frames once, and again from the first one on when it is told to', () => {
    const log = new FrameLog();
    const read = () => {
      const parts: Uint8Array[] = [];
      for (let part = log.read(); part; part = log.read()) parts.push(part);
      return Buffer.concat(parts).toString('hex');
    };
    const hex = (...frames: Uint8Array[]) => Buffer.concat(frames).toString('hex');
    expect(read()).toBe('');
    log.add(text(1, 'a'));
    expect(read()).toBe(hex(text(1, 'a')));
    expect(read()).toBe('');
    log.add(text(1, 'b'));
    log.add(bulk(1));
    log.add(text(1, 'c'));
    expect(read()).toBe(hex(text(1, 'b'), bulk(1), text(1, 'c')));
    log.rewind();
    expect(read()).toBe(hex(text(1, 'a'), text(1, 'b'), bulk(1), text(1, 'c')));
  });

  it('cuts no frame, since what others say may come between', () => {
    const log = new FrameLog();
    for (let index = 0; index < 20_000; index += 1) log.add(text(1, 'x'.repeat(index % 7)));
    for (let part = log.read(); part; part = log.read()) {
      const decoder = new FrameDecoder(FRAME_LIMIT.fromGuest);
      const bytes = [...decoder.push(part)].reduce((sum, { payload }) => sum + 5 + payload.length, 0);
      expect(bytes).toBe(part.length);
    }
  });

  it('takes the memory that it says, which is little more than the frames', () => {
    const log = new FrameLog();
    let bytes = 0;
    let said = 0;
    for (let index = 0; index < 50_000; index += 1) {
      said += log.costOf(text(1, 'x'));
      log.add(text(1, 'x'));
      bytes += text(1, 'x').length;
    }
    expect(log.bytes).toBe(said);
    expect(log.bytes).toBeGreaterThanOrEqual(bytes);
    expect(log.bytes).toBeLessThan(bytes * 1.1);
  });
});

describe('a kept run', () => {
  it('is heard as it goes, and all of it again by a later host', () => {
    const { link, runs } = scene();
    const run = runs.begin(1);
    run.output(text(1, 'a'));
    expect(link.heard()).toEqual(['1:a']);
    runs.detach();
    run.output(text(1, 'b'));
    expect(link.heard()).toEqual([]);
    expect(runs.resume(1)).toBeUndefined();
    expect(link.heard()).toEqual(['1:a', '1:b']);
    run.output(text(1, 'c'));
    run.end(exitReport(1));
    expect(link.heard()).toEqual(['1:c', '1 ends']);
  });

  it('that ends while nobody listens is reported to each host that asks', () => {
    const { link, runs } = scene();
    const run = runs.begin(1);
    run.output(text(1, 'a'));
    runs.detach();
    run.end(exitReport(1));
    link.heard();
    for (let host = 0; host < 2; host += 1) {
      expect(runs.resume(1)).toBeUndefined();
      expect(link.heard()).toEqual(['1:a', '1 ends']);
      runs.detach();
    }
  });

  it('that did not begin is kept as well', () => {
    const { link, runs } = scene();
    runs.detach();
    const run = runs.begin(1);
    runs.detach();
    run.end({ type: 'refused', id: 1, message: 'no such language' });
    expect(runs.resume(1)).toBeUndefined();
    expect(link.heard()).toEqual(['1 ends']);
  });

  it('is not known when there was none', () => {
    expect(scene().runs.resume(1)).toBe(UNKNOWN);
  });

  it(`is there until ${MOST_ENDED} later ones have ended`, () => {
    const { runs } = scene();
    const underWay = runs.begin(0);
    for (let id = 1; id <= MOST_ENDED + 1; id += 1) runs.begin(id).end(exitReport(id));
    runs.detach();
    expect(runs.resume(0)).toBeUndefined();
    expect(runs.resume(1)).toBe(UNKNOWN);
    expect(runs.resume(2)).toBeUndefined();
    underWay.end(exitReport(0));
    expect(runs.resume(2)).toBe(UNKNOWN);
    expect(runs.resume(3)).toBeUndefined();
  });

  it('gives its room to later ones once it has ended', () => {
    const { runs } = scene();
    const first = runs.begin(1);
    for (let count = 0; count < MOST_BULK / 2; count += 1) first.output(bulk(1));
    first.end(exitReport(1));
    runs.begin(2).end(exitReport(2));
    const third = runs.begin(3);
    for (let count = 0; count < MOST_BULK - 1; count += 1) third.output(bulk(3));
    expect(runs.resume(1)).toBe(UNKNOWN);
    expect(runs.resume(3)).toBeUndefined();
  });

  it('that is too large is kept no longer, and says so, and takes no room', () => {
    const { link, runs } = scene();
    const large = runs.begin(1);
    for (let count = 0; count <= MOST_BULK; count += 1) large.output(bulk(1));
    large.output(text(1, 'after'));
    expect(link.heard()).toEqual([...Array(MOST_BULK + 1).fill(`1:${128 * 1024 - 4}`), '1:after']);
    runs.detach();
    expect(runs.resume(1)).toBe(INCOMPLETE);
    const other = runs.begin(2);
    for (let count = 0; count < MOST_BULK - 1; count += 1) other.output(bulk(2));
    large.end(exitReport(1));
    expect(runs.resume(1)).toBe(INCOMPLETE);
    expect(runs.resume(2)).toBeUndefined();
  });

  it('waits for a host that takes nothing, and loses nothing', () => {
    const { link, runs } = scene();
    const run = runs.begin(1);
    runs.detach();
    for (let count = 0; count < 32; count += 1) run.output(bulk(1));
    run.end(exitReport(1));
    link.isStuck = true;
    runs.resume(1);
    expect(link.queuedBytes).toBeLessThan(BACKLOG_BYTES + 2 * bulk(1).length);
    const begun = link.heard();
    expect(begun).not.toContain('1 ends');
    // A link that takes it all at once tells nobody that it has room again.
    link.isStuck = false;
    runs.goOn();
    expect([...begun, ...link.heard()]).toEqual([...Array(32).fill(`1:${128 * 1024 - 4}`), '1 ends']);
  });

  it('that goes while a host takes nothing has been handed on before', () => {
    const { link, runs } = scene();
    const run = runs.begin(1);
    link.isStuck = true;
    for (let count = 0; count < 32; count += 1) run.output(bulk(1));
    run.end(exitReport(1));
    for (let id = 2; id <= MOST_ENDED + 1; id += 1) runs.begin(id).end(exitReport(id));
    const ofFirst = link.heard().filter((word) => word.startsWith('1'));
    expect(ofFirst).toEqual([...Array(32).fill(`1:${128 * 1024 - 4}`), '1 ends']);
  });

  it('gives way to a new one of its id', () => {
    const { link, runs } = scene();
    runs.begin(1).output(text(1, 'old'));
    runs.begin(1).output(text(1, 'new'));
    link.heard();
    runs.detach();
    runs.resume(1);
    expect(link.heard()).toEqual(['1:new']);
  });
});

describe('a run that is not kept', () => {
  it('is heard by the host that began it and by no other', () => {
    const link = new FakeLink();
    const run = new DirectListener(link);
    run.output(text(1, 'a'));
    run.detach();
    run.output(text(1, 'b'));
    run.end(exitReport(1));
    expect(link.heard()).toEqual(['1:a']);
  });
});
