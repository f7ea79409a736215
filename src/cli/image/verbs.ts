/** Which verbs there are, and what each may be given. */
import { UsageError } from '../usage-error.ts';
import type { Context, Report } from './context.ts';
import { bake, build, verify } from './make.ts';
import { rebuild } from './rebuild.ts';
import { list, prune } from './shelf.ts';
import { type Options, readNumber } from './usage.ts';
import { promote, rollback } from './use.ts';

type Work = (context: Context) => Promise<Report>;

type Verb = {
  /** Options of this verb besides `--json` and `--help`. */
  readonly options: readonly (keyof Options)[];
  /** How many operands it may have, and must have. */
  readonly operands: readonly [least: number, most: number];
  /** Reads the command line. @throws {UsageError} */
  readonly plan: (options: Options, operands: readonly string[]) => Work;
};

const RESTORES = { min: 1, max: 1000 };
const PERCENT = { min: 0, max: 100 };

const VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  [
    'build',
    {
      options: ['frozen'],
      operands: [0, 0],
      plan: (options) => (context) => build(context, options.frozen === true),
    },
  ],
  ['bake', { options: [], operands: [0, 0], plan: () => bake }],
  [
    'verify',
    {
      options: ['restores'],
      operands: [0, 1],
      plan: (options, [id]) => {
        const restores = readNumber(options, 'restores', RESTORES) ?? 3;
        return (context) => verify(context, id, restores);
      },
    },
  ],
  [
    'promote',
    {
      options: [],
      operands: [1, 1],
      plan:
        (_, [id = '']) =>
        (context) =>
          promote(context, id),
    },
  ],
  ['rollback', { options: [], operands: [0, 0], plan: () => rollback }],
  ['list', { options: [], operands: [0, 0], plan: () => list }],
  [
    'prune',
    {
      options: ['keep'],
      operands: [0, Number.POSITIVE_INFINITY],
      plan: (options, ids) => {
        const keep = readNumber(options, 'keep', { min: 0, max: 1000 }) ?? 0;
        if (ids.length > 0 && options.keep !== undefined) {
          throw new UsageError('--keep is for a prune of all that nobody needs: leave it or the ids out');
        }
        return (context) => prune(context, ids, keep);
      },
    },
  ],
  [
    'rebuild',
    {
      options: ['restores', 'share', 'runs', 'seconds', 'max-errors'],
      operands: [0, 0],
      plan: (options) => {
        const restores = readNumber(options, 'restores', RESTORES) ?? 10;
        const share = readNumber(options, 'share', { ...PERCENT, min: 1 });
        const runs = readNumber(options, 'runs', { min: 1, max: 1_000_000 });
        const seconds = readNumber(options, 'seconds', { min: 1, max: 86_400 });
        const maxErrors = readNumber(options, 'max-errors', PERCENT);
        const terms = {
          restores,
          ...(share !== undefined && { sharePercent: share }),
          ...(runs !== undefined && { runs }),
          ...(seconds !== undefined && { seconds }),
          ...(maxErrors !== undefined && { maxErrorPercent: maxErrors }),
        };
        return (context) => rebuild(context, terms);
      },
    },
  ],
]);

/** @throws {UsageError} */
export function planOf(options: Options, [name, ...operands]: readonly string[]): Work {
  const known = [...VERBS.keys()].join(', ');
  const verb = name === undefined ? undefined : VERBS.get(name);
  if (name === undefined) throw new UsageError(`no verb is given; there are ${known}`);
  if (!verb) throw new UsageError(`there is no verb "${name}"; there are ${known}`);
  const allowed: readonly string[] = [...verb.options, 'json', 'help'];
  const stray = Object.keys(options).find((option) => !allowed.includes(option));
  if (stray !== undefined) throw new UsageError(`--${stray} is not an option of "${name}"`);
  const [least, most] = verb.operands;
  if (operands.length < least) {
    throw new UsageError(`"${name}" needs a template's id; "scripts/image list" shows them`);
  }
  const extra = operands[most];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one operand too many for "${name}"`);
  return verb.plan(options, operands);
}
