/** What warm-ups need besides an ordinary run: they leave the guest as it was before. */
import type { ExitReport, RunRequest } from '../../src/protocol/messages.ts';
import type { Language } from '../languages/mod.ts';
import { type Engine, LOOK_MS } from './engine.ts';
import type { RunListener } from './listener.ts';
import type { Remains } from './remains.ts';
import type { Run } from './run.ts';
import type { Settings } from './settings.ts';
import type { Stock } from './stock.ts';
import { warmInside } from './warm-up.ts';
import { cleanWorkspace } from './workspace.ts';

export type WarmUpsParts = {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly stock: Stock;
  readonly remains: Remains;
};

export class WarmUps {
  readonly #parts: WarmUpsParts;

  constructor(parts: WarmUpsParts) {
    this.#parts = parts;
  }

  /** Runs a program inside the waiting Bun, which waits on, and reports. */
  runInside(request: RunRequest, language: Language, listener: RunListener): void {
    const report = this.#inside(request, language, (frame) => listener.output(frame));
    this.#restore();
    listener.end(report);
  }

  /** Follows a run that was a warm-up; its own process is about to die. */
  finish({ spare, request, language }: Run): void {
    // What replaces it is to be as warm.
    if (spare.kind === 'bun') this.#inside(request, language, () => {});
    this.#restore();
  }

  #inside(request: RunRequest, language: Language, send: (frame: Uint8Array) => void): ExitReport {
    const { engine, settings, stock, remains } = this.#parts;
    const spare = stock.take('bun');
    engine.waitUntil('start of bun', () => spare.state !== 'starting');
    const report = warmInside(engine, settings, spare, request, language, send);
    if (spare.state === 'waiting') stock.giveBack(spare);
    else remains.kill(spare);
    return report;
  }

  /** Brings the guest back to where it was before a warm-up. */
  #restore(): void {
    const { engine, settings, stock, remains } = this.#parts;
    // A starting process may have a file in the working directory.
    stock.settle();
    engine.waitUntil('end of a warm-up', () => remains.sweep(), LOOK_MS);
    cleanWorkspace(settings);
    stock.fillAndSettle();
    // The next collection is not to be a clone's.
    Bun.gc(true);
  }
}
