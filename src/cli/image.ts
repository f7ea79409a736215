/** `scripts/image`: images and templates, also while the server runs. */
import { once } from 'node:events';
import { loadConfig } from '../config.ts';
import { makeUnsharedFolder } from '../lib/files.ts';
import { shutOthersOut } from '../lib/posix.ts';
import { NoPreviousTemplateError, TemplateInUseError, TemplateStore } from '../template/store.ts';
import { WorkshopBusyError } from '../template/workshop.ts';
import { GateError, RefusedError } from './image/context.ts';
import { HELP, parse } from './image/usage.ts';
import { planOf } from './image/verbs.ts';
import { step } from './progress.ts';
import { UsageError } from './usage-error.ts';

/** Exit statuses; the help says them too. */
const FAILED = 1;
const WRONG_USAGE = 2;
const REFUSED = 3;
const NOT_GOOD = 4;
const INTERRUPTED = 130;

class Interruption extends Error {
  override readonly name = 'Interruption';
}

async function main(args: string[], signal: AbortSignal): Promise<number> {
  // Before anything is parsed, as an error about it is to be of the same form.
  const isJson = args.includes('--json');
  try {
    const { values, positionals } = parse(args);
    if (values.help || positionals[0] === 'help') return print(HELP);
    const work = planOf(values, positionals);
    const config = loadConfig();
    makeUnsharedFolder(config.home);
    const { json, text } = await work({
      config,
      store: new TemplateStore(config.home),
      signal,
      step: (label, work) => step(label, work, process.stderr),
    });
    return print(isJson ? JSON.stringify(json, null, 2) : text);
  } catch (thrown) {
    const error = signal.aborted ? signal.reason : thrown;
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const dependants = error instanceof TemplateInUseError ? { dependants: error.dependants } : {};
    if (isJson) print(JSON.stringify({ error: { name, message, ...dependants } }, null, 2));
    console.error(`codeland: ${message}`);
    if (error instanceof UsageError) console.error('scripts/image --help says how it is used');
    return statusOf(error);
  }
}

function statusOf(error: unknown): number {
  if (error instanceof Interruption) return INTERRUPTED;
  if (error instanceof UsageError) return WRONG_USAGE;
  if (error instanceof GateError) return NOT_GOOD;
  const refusals = [TemplateInUseError, NoPreviousTemplateError, WorkshopBusyError, RefusedError];
  return refusals.some((kind) => error instanceof kind) ? REFUSED : FAILED;
}

function print(text: string): 0 {
  console.log(text);
  return 0;
}

/** Aborted by the first SIGINT or SIGTERM. A second one ends the process at once. */
function interruption(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    void once(process, name).then(() => {
      stop.abort(new Interruption(`interrupted by ${name}`));
      process.once(name, () => process.exit(INTERRUPTED));
    });
  }
  return stop.signal;
}

shutOthersOut();
// A connection that the runtime keeps for later must not hold the process up.
process.exit(await main(process.argv.slice(2), interruption()));
