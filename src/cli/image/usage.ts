/** How `scripts/image` is used, and what its options may be. */
import { parseCommandLine, UsageError } from '../usage-error.ts';

export const HELP = `Builds images, bakes templates from them, and says which one guests are restored from; also while the server runs.

  scripts/image build [--frozen]
      Builds the image of this version's vm-images/, unless it is there already.
        --frozen         fails when the package archive has not exactly the locked packages
  scripts/image bake
      Bakes a template from that image and verifies it. Nothing is restored from it before it is promoted.
  scripts/image verify [ID] [--restores N]
      Checks a template's files and its fit to this host, restores N guests from it (3), and runs every language.
      Without ID: the current one.
  scripts/image promote ID
      Restores guests from this template from now on; the running server takes it at once.
  scripts/image rollback
      Promotes the last good template, the one before the current one. A second time undoes it.
  scripts/image list
      Shows the templates and who needs each.
  scripts/image prune [ID...] [--keep N]
      Removes these templates; without ID all but the current one, the last good one, those that somebody needs, and
      the N newest others (0). The images that no template needs go too.
  scripts/image rebuild [options]
      All of it: builds, bakes, verifies, tries the template on a share of the server's guests, promotes it when it does
      well, prunes. Without a server, it is promoted when it is verified.
        --restores N     restores of the verification (10)
        --share PERCENT  of new guests that are the new template's while it is tried (25)
        --runs N         runs on them after which is decided (20)
        --seconds N      when is decided at the latest (600)
        --max-errors PERCENT  of them that may fail (5)

  --json   prints one JSON object on standard output, on failure {"error": {"name", "message"}} with what else is known;
           progress goes to standard error in any case
  --help   prints this

Whatever is interrupted, guests are restored from a whole template.
Exit status: 0 done; 1 failed; 2 wrong usage; 3 refused, as in use, or nothing to roll back to; 4 a template failed its
verification or its trial; 130 interrupted.`;

const OPTIONS = {
  frozen: { type: 'boolean' },
  restores: { type: 'string' },
  keep: { type: 'string' },
  share: { type: 'string' },
  runs: { type: 'string' },
  seconds: { type: 'string' },
  'max-errors': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type Options = ReturnType<typeof parse>['values'];

/** @throws {UsageError} */
export const parse = (args: string[]) => parseCommandLine(args, OPTIONS);

type Counted = 'restores' | 'keep' | 'share' | 'runs' | 'seconds' | 'max-errors';

/** A whole number, if it is given. @throws {UsageError} */
export function readNumber(
  options: Options,
  name: Counted,
  { min, max }: { min: number; max: number },
): number | undefined {
  const given = options[name];
  if (given === undefined) return undefined;
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${name} is "${given}"; it must be a whole number from ${min} to ${max}`);
}
