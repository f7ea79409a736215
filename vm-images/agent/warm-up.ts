/** Warm-ups inside a waiting Bun: what it compiles for them stays compiled for the program that it waits for. */
import { join } from 'node:path';
import { FrameKind } from '../../src/protocol/frame.ts';
import type { ExitReport, RunRequest } from '../../src/protocol/messages.ts';
import type { Language } from '../languages/language.ts';
import { type Engine, LOOK_MS } from './engine.ts';
import { readSome } from './libc.ts';
import { now } from './loop.ts';
import { Output } from './output.ts';
import type { Settings } from './settings.ts';
import type { Spare } from './spare.ts';
import { writeFiles } from './workspace.ts';

const buffer = new Uint8Array(64 * 1024);

/**
 * Runs a program inside `spare`, which waits again afterwards, or has ended if the program ended it.
 * @param send Takes the frames of its output.
 */
export function warmInside(
  engine: Engine,
  settings: Settings,
  spare: Spare,
  request: RunRequest,
  language: Language,
  send: (frame: Uint8Array) => void,
): ExitReport {
  const started = now();
  const { cgroup, stdout, stderr } = spare.slot;
  const cpuMicrosBefore = cgroup.cpuMicros();
  const output = new Output(request.id, request.outputLimitBytes, send);
  const drain = () => {
    for (let count = readSome(stdout.reader.fd, buffer); count; count = readSome(stdout.reader.fd, buffer))
      output.add(FrameKind.stdout, buffer.subarray(0, count));
    for (let count = readSome(stderr.reader.fd, buffer); count; count = readSome(stderr.reader.fd, buffer))
      output.add(FrameKind.stderr, buffer.subarray(0, count));
  };
  const name = `warm-up-${request.id}-${language.fileName}`;
  writeFiles(settings, [[name, request.code]]);
  spare.order({ do: 'warm', path: join(settings.home, name) });
  let timedOut = false;
  engine.waitUntil(
    'a warm-up',
    () => {
      drain();
      timedOut = now() - started > request.timeLimitMs;
      return timedOut || spare.answers.length > 0 || spare.state === 'ended';
    },
    LOOK_MS,
  );
  const answer = spare.answers.shift();
  if (answer === undefined) cgroup.kill();
  drain();
  output.flush();
  return {
    type: 'exit',
    id: request.id,
    code: answer === undefined ? null : Number(answer !== 'warmed 0'),
    signal: answer === undefined ? 'SIGKILL' : null,
    timedOut,
    truncated: output.truncated,
    outOfMemory: cgroup.memoryKills() > 0,
    wallMs: now() - started,
    cpuMs: (cgroup.cpuMicros() - cpuMicrosBefore) / 1000,
    peakMemoryBytes: cgroup.peakMemoryBytes(),
  };
}
