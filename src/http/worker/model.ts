/** What is answered about the worker: the host and its pool of runners. */
import { t } from 'elysia';
import { nullable } from '../output.ts';

const Size = t.String({ description: 'With its unit, as `44.23 MiB`.' });
const Bytes = t.Number({ description: 'Bytes.' });

export const Memory = t.Object(
  {
    total: Size,
    available: Size,
    used: Size,
    percent: t.Number({ description: 'Used share, percent.' }),
    totalBytes: Bytes,
    availableBytes: Bytes,
    usedBytes: Bytes,
  },
  { description: 'Memory of the worker.' },
);
export type Memory = typeof Memory.static;

const Ms = nullable(t.Number({ description: 'Milliseconds; null before there was one.' }));

const Pool = t.Object({
  target: t.Integer({ description: 'Ready runners that the pool keeps.' }),
  ready: t.Integer(),
  restoring: t.Integer(),
  leased: t.Integer({ description: 'Runners that somebody has.' }),
  retiring: t.Integer(),
  failed: t.Integer({ description: 'Restores that failed since the server began.' }),
});

const Queue = t.Object(
  {
    length: t.Integer(),
    limit: t.Integer(),
    waits: t.Object(
      {
        count: t.Integer({
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

const Refill = t.Object(
  { meanRestoreMs: Ms, perSecond: nullable(t.Number({ description: 'Runners restored in a second.' })) },
  { description: 'How fast runners are restored, as measured; null before the first.' },
);

export const Worker = t.Object({
  memory: Memory,
  disk: t.Object(
    { total: Size, free: Size, totalBytes: Bytes, freeBytes: Bytes },
    { description: 'Of the file system that holds the data folder.' },
  ),
  load: t.Object(
    { one: t.Number(), five: t.Number(), fifteen: t.Number() },
    { description: 'Load averages over so many minutes.' },
  ),
  cpus: t.Integer(),
  template: t.String({ description: 'Id of the template that runners are restored from.' }),
  pool: Pool,
  queue: Queue,
  refill: Refill,
  lastErrors: t.Array(t.Object({ at: t.String({ format: 'date-time' }), message: t.String() }), {
    description: 'The latest failures of the pool, oldest first.',
  }),
});
export type Worker = typeof Worker.static;
