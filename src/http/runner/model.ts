/** Bodies and queries of the runner routes. */
import { t } from 'elysia';
import type { LimitsConfig } from '../../config.ts';

const MAX_ENTRIES = 256;
const MAX_NAME = 256;
/** A path below the working directory: no empty, `.` or `..` part, not absolute, no NUL. */
const RELATIVE_PATH = '^(?!/)(?!(?:[^]*/)?\\.{1,2}(?:/|$))(?![^]*//)[^\\u0000]{1,255}(?<!/)$';
const ENV_NAME = '^[A-Za-z_][A-Za-z0-9_]{0,255}$';
const NO_NUL = '^[^\\u0000]*$';

const optional = {
  language: t.Optional(
    // No `default`: with one, Elysia copies the body, which takes `__proto__` for more than a name.
    t.String({ maxLength: MAX_NAME, description: 'Name or alias of a language; `javascript` without one.' }),
  ),
  stdin: t.Optional(t.String({ description: 'What the program reads from standard input.' })),
  args: t.Optional(t.Array(t.String({ pattern: NO_NUL }), { maxItems: MAX_ENTRIES })),
  env: t.Optional(
    t.Record(t.String({ pattern: ENV_NAME }), t.String({ pattern: NO_NUL }), {
      maxProperties: MAX_ENTRIES,
      additionalProperties: false,
    }),
  ),
  files: t.Optional(
    t.Record(t.String({ pattern: RELATIVE_PATH }), t.String(), {
      maxProperties: MAX_ENTRIES,
      additionalProperties: false,
      description: 'Path below the working directory → content.',
    }),
  ),
};

export const RunBody = t.Object(
  { code: t.String({ description: 'The program.' }), ...optional },
  { additionalProperties: false, examples: [{ code: "console.log('Hello, CodeLand!');" }] },
);
export type RunBody = typeof RunBody.static;

export const runQuery = ({ defaultSeconds, maxSeconds }: LimitsConfig) =>
  t.Object({
    time: t.Optional(
      t.Integer({
        minimum: 1,
        maximum: maxSeconds,
        default: defaultSeconds,
        description: 'Longest run time, whole seconds.',
      }),
    ),
  });

const Size = t.String({ description: 'A size with its unit, as `44.23 MiB`.' });

export const RunnerList = t.Object({
  memory: t.Object({
    total: Size,
    available: Size,
    used: Size,
    percent: t.Number({ description: 'Used share, percent.' }),
  }),
  runners: t.Array(t.Object({ name: t.String(), inUse: t.Boolean(), state: t.String(), pid: t.String() })),
});
