/**
 * What a request about runners may hold. By TypeBox's own types: Elysia's integer also takes a string.
 */
import { type TString, Type } from '@sinclair/typebox';
import type { LimitsConfig } from '../../config.ts';

const MAX_ENTRIES = 256;
const MAX_NAME = 256;
/** A path below the working directory: no empty, `.` or `..` part, not absolute, no NUL. */
const RELATIVE_PATH = '^(?!/)(?!(?:[^]*/)?\\.{1,2}(?:/|$))(?![^]*//)[^\\u0000]{1,255}(?<!/)$';
const ENV_NAME = '^[A-Za-z_][A-Za-z0-9_]{0,255}$';
const NO_NUL = '^[^\\u0000]*$';

const strict = { additionalProperties: false } as const;

/** Names of this form → text. TypeBox by itself loses the type of a record that is optional. */
const texts = (names: string, text: TString, description: string) =>
  Type.Unsafe<Record<string, string>>(
    Type.Record(Type.String({ pattern: names }), text, {
      ...strict,
      maxProperties: MAX_ENTRIES,
      description,
    }),
  );

const Code = Type.String({ description: 'The program.' });

/** What may come with the code. */
const circumstances = {
  language: Type.Optional(
    // No `default`: with one, Elysia copies the body, which takes `__proto__` for more than a name.
    Type.String({
      maxLength: MAX_NAME,
      description: 'Name or alias of a language; `javascript` without one.',
    }),
  ),
  stdin: Type.Optional(Type.String({ description: 'What the program reads from standard input.' })),
  args: Type.Optional(
    Type.Array(Type.String({ pattern: NO_NUL }), {
      maxItems: MAX_ENTRIES,
      description: 'Arguments of the program.',
    }),
  ),
  env: Type.Optional(
    texts(ENV_NAME, Type.String({ pattern: NO_NUL }), 'Name of an environment variable → value.'),
  ),
  files: Type.Optional(texts(RELATIVE_PATH, Type.String(), 'Path below the working directory → content.')),
};

const hello = { code: "console.log('Hello, CodeLand!');" };
const greeting = {
  language: 'python',
  code: "import sys\nprint(open('greeting.txt').read(), sys.stdin.read(), sys.argv[1])",
  stdin: 'from standard input',
  args: ['and an argument'],
  env: { LANG: 'C.UTF-8' },
  files: { 'greeting.txt': 'Hello' },
};

/** Of a run on a runner that is there. */
export const RunBody = Type.Object(
  { code: Code, ...circumstances },
  { ...strict, examples: [hello, greeting] },
);
export type RunBody = typeof RunBody.static;

const network = Type.Optional(
  Type.Union([Type.Literal('none'), Type.Literal('egress')], {
    description:
      'What the runner may reach: nothing, or what the key’s policy says; without it, whatever the key has.',
  }),
);

/** Of a run on a fresh runner. */
export const RunOnceBody = Type.Object(
  { code: Code, ...circumstances, network },
  { ...strict, examples: [hello, { ...greeting, network: 'none' }] },
);
export type RunOnceBody = typeof RunOnceBody.static;

const lifetime = (seconds: number, description: string) =>
  Type.Optional(
    Type.Integer({ minimum: 1, maximum: seconds, description: `${description} The default is the most.` }),
  );

export const newBody = ({ idleSeconds, maxAgeSeconds }: LimitsConfig) =>
  Type.Object(
    {
      code: Type.Optional(Code),
      ...circumstances,
      network,
      idleSeconds: lifetime(idleSeconds, 'Ends the runner after so many seconds without a run.'),
      maxAgeSeconds: lifetime(maxAgeSeconds, 'Ends the runner so many seconds after it was made.'),
    },
    {
      ...strict,
      examples: [
        { code: "console.log('Initializing new runner');" },
        {
          network: 'none',
          idleSeconds: Math.min(60, idleSeconds),
          maxAgeSeconds: Math.min(600, maxAgeSeconds),
        },
      ],
    },
  );
export type NewBody = ReturnType<typeof newBody>['static'];

const time = ({ defaultSeconds, maxSeconds }: LimitsConfig) =>
  Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: maxSeconds,
      default: defaultSeconds,
      description: 'Longest run time, whole seconds.',
    }),
  );

const wait = ({ defaultWaitSeconds, maxWaitSeconds }: LimitsConfig) =>
  Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: maxWaitSeconds,
      default: defaultWaitSeconds,
      description: 'How long to wait for a fresh runner when none is ready, whole seconds.',
    }),
  );

/** Of a run on a runner that is there. */
export const runQuery = (limits: LimitsConfig) => Type.Object({ time: time(limits) }, strict);
export type RunQuery = ReturnType<typeof runQuery>['static'];

/** Of a request that takes a fresh runner. */
export const freshRunQuery = (limits: LimitsConfig) =>
  Type.Object({ time: time(limits), wait: wait(limits) }, strict);
export type FreshRunQuery = ReturnType<typeof freshRunQuery>['static'];

export const ListQuery = Type.Object(
  {
    detail: Type.Optional(
      Type.Boolean({ default: false, description: 'Show all that is known of each runner.' }),
    ),
  },
  strict,
);
export type ListQuery = typeof ListQuery.static;

export const RunnerParams = Type.Object({
  runner: Type.String({ description: 'Name of a runner, as `runner-3`.', examples: ['runner-3'] }),
});
export type RunnerParams = typeof RunnerParams.static;

export const RunParams = Type.Composite([
  RunnerParams,
  Type.Object({ run: Type.String({ description: 'Id of a run, as `run-1`.', examples: ['run-1'] }) }),
]);
export type RunParams = typeof RunParams.static;

/** The largest number that a query may have. */
const MOST = 999_999_999;

export const RunRecordQuery = Type.Object(
  {
    from: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MOST,
        default: 0,
        description: 'Offset of the first byte of output that is wanted.',
      }),
    ),
    wait: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 60,
        default: 0,
        description: 'How long to wait for such output, or for the end of the run, whole seconds.',
      }),
    ),
  },
  strict,
);
export type RunRecordQuery = typeof RunRecordQuery.static;

/** Headers that a request to run code may have. */
export const RunHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        '1 to 255 visible ASCII characters. Of all requests under one key at most one is executed; the others get its answer.',
    }),
  ),
});
