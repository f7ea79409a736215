/** What is answered about the worker: the host and its pool of runners. */
import { Type } from '@sinclair/typebox';
import * as examples from '../examples.ts';
import { nullable } from '../output.ts';

const Size = Type.String({ description: 'With its unit, as `44.23 MiB`.' });
const Bytes = Type.Number({ description: 'Bytes.' });

export const Memory = Type.Object(
  {
    total: Size,
    available: Size,
    used: Size,
    percent: Type.Number({ description: 'Used share, percent.' }),
    totalBytes: Bytes,
    availableBytes: Bytes,
    usedBytes: Bytes,
  },
  { description: 'Memory of the worker.' },
);
export type Memory = typeof Memory.static;

const Ms = nullable(Type.Number({ description: 'Milliseconds; null before there was one.' }));

const Pool = Type.Object({
  target: Type.Integer({ description: 'Ready runners that the pool keeps.' }),
  ready: Type.Integer(),
  restoring: Type.Integer(),
  leased: Type.Integer({ description: 'Runners that somebody has.' }),
  retiring: Type.Integer(),
  failed: Type.Integer({ description: 'Restores that failed since the server began.' }),
});

const Queue = Type.Object(
  {
    length: Type.Integer(),
    limit: Type.Integer(),
    waits: Type.Object(
      {
        count: Type.Integer({
          description: 'Waits that the other figures are of: the latest few hundred at most.',
        }),
        meanMs: Ms,
        p95Ms: Ms,
        maxMs: Ms,
      },
      { description: 'How long the latest waits were.' },
    ),
  },
  { description: 'Requests that wait for a runner.' },
);

const Refill = Type.Object(
  { meanRestoreMs: Ms, perSecond: nullable(Type.Number({ description: 'Runners restored in a second.' })) },
  { description: 'How fast runners are restored, as measured; null before the first.' },
);

export const Worker = Type.Object(
  {
    memory: Memory,
    disk: Type.Object(
      { total: Size, free: Size, totalBytes: Bytes, freeBytes: Bytes },
      { description: 'Of the file system that holds the data folder.' },
    ),
    load: Type.Object(
      { one: Type.Number(), five: Type.Number(), fifteen: Type.Number() },
      { description: 'Load averages over so many minutes.' },
    ),
    cpus: Type.Integer(),
    template: Type.String({ description: 'Id of the template that runners are restored from.' }),
    pool: Pool,
    queue: Queue,
    refill: Refill,
    lastErrors: Type.Array(
      Type.Object({ at: Type.String({ format: 'date-time' }), message: Type.String() }),
      {
        description: 'The latest failures of the pool, oldest first.',
      },
    ),
  },
  { examples: [examples.worker] },
);
export type Worker = typeof Worker.static;
