/** What is told of a run, whether it ended or was ended. */
import { type TSchema, Type } from '@sinclair/typebox';

export const nullable = <const T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const Duration = Type.Number({ description: 'Milliseconds from the request to its end.' });

export const RunId = Type.String({
  description: 'Names the run on its runner, which tells of it afterwards; only on a runner that stays.',
});

export const Output = {
  res: Type.String({
    description:
      'Base64 of what was printed to stdout and stderr, in that order of time, less one trailing newline.',
  }),
  stdout: Type.String({ description: 'Invalid UTF-8 is replaced.' }),
  stderr: Type.String({ description: 'Invalid UTF-8 is replaced.' }),
  truncated: Type.Boolean({ description: 'More was printed than is shown.' }),
};

export const Receipt = Type.Object(
  {
    queueMs: Type.Number({ description: 'In the queue for a runner, ms.' }),
    takeMs: Type.Number({ description: 'To take the runner, without the queue, ms.' }),
    agentMs: Type.Number({ description: 'To reach the agent in the runner and back, ms.' }),
    execMs: nullable(Type.Number({ description: 'The program itself, ms; null when none was run.' })),
    totalMs: Type.Number({ description: 'From the request to its end, ms.' }),
    cpuMs: nullable(Type.Number({ description: 'CPU time of the program and its children, ms.' })),
    peakMemoryBytes: nullable(
      Type.Number({
        description: 'Peak memory of the program and its children, bytes; null when not known.',
      }),
    ),
    bytesIn: Type.Integer({ description: 'Size of the request’s body.' }),
    bytesOut: Type.Integer({ description: 'Output that was kept, bytes.' }),
  },
  { description: 'What the request cost, and where its time went.' },
);
