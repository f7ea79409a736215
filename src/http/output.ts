/** What is told of a run, whether it ended or was ended. */
import { type TSchema, t } from 'elysia';

export const nullable = <const T extends TSchema>(schema: T) => t.Union([schema, t.Null()]);

export const Duration = t.Number({ description: 'Milliseconds from the request to its end.' });

export const Output = {
  res: t.String({
    description:
      'Base64 of what was printed to stdout and stderr, in that order of time, less one trailing newline.',
  }),
  stdout: t.String({ description: 'Invalid UTF-8 is replaced.' }),
  stderr: t.String({ description: 'Invalid UTF-8 is replaced.' }),
  truncated: t.Boolean({ description: 'More was printed than is shown.' }),
};

export const Receipt = t.Object(
  {
    queueMs: t.Number({ description: 'In the queue for a runner, ms.' }),
    takeMs: t.Number({ description: 'To take the runner, without the queue, ms.' }),
    agentMs: t.Number({ description: 'To reach the agent in the runner and back, ms.' }),
    execMs: nullable(t.Number({ description: 'The program itself, ms; null when none was run.' })),
    totalMs: t.Number({ description: 'From the request to its end, ms.' }),
    cpuMs: nullable(t.Number({ description: 'CPU time of the program and its children, ms.' })),
    peakMemoryBytes: nullable(
      t.Number({ description: 'Peak memory of the program and its children, bytes; null when not known.' }),
    ),
    bytesIn: t.Integer({ description: 'Size of the request’s body.' }),
    bytesOut: t.Integer({ description: 'Output that was kept, bytes.' }),
  },
  { description: 'What the request cost, and where its time went.' },
);
