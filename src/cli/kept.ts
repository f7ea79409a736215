/** `scripts/kept`: the guests that were kept after their runs failed, asked of the running server. */
import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { answered, controlClient } from '../control/client.ts';
import { shutOthersOut } from '../lib/posix.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';

const HELP = `usage: scripts/kept COMMAND [--json]

  list                what is kept, why, and until when
  console NAME        the last 64 KiB that the guest's kernel and agent printed since it was restored, as when memory
                      ran out; often nothing; also of a guest that is stuck
  processes NAME      the processes in the guest
  files NAME          the files in the run's working directory
  files NAME PATH     the beginning (4 MiB) of a file that the run's user may read, as it is, on standard output
  end NAME            ends the guest

The guest of a one-shot run that timed out, ran out of memory, was ended by a signal or was lost is kept, stopped, where
CODELAND_KEEP_FAILED_MINUTES says so. "processes" and "files" let it run on for a moment, and need its agent. Whatever a
guest says is a claim of what ran in it.

--json prints what the server answered. Exit status: 0 done, 1 failed, 2 wrong usage.`;

type Client = ReturnType<typeof controlClient>;
/** What is printed, and what with `--json`. */
type Shown = { readonly json: unknown; readonly text: string | Uint8Array };

async function list(client: Client): Promise<Shown> {
  const json = await answered(client.kept.get());
  if (!json.isOn) {
    return { json, text: 'None is kept: CODELAND_KEEP_FAILED_MINUTES is 0. Set it and restart the server.' };
  }
  if (json.guests.length === 0) return { json, text: 'None is kept now.' };
  const rows = json.guests.map(({ name, owner, why, failedAt, endsAt }) => [
    name,
    owner,
    time(failedAt),
    time(endsAt),
    why,
  ]);
  const headings = ['NAME', 'KEY', 'FAILED', 'KEPT UNTIL', 'WHY'];
  return {
    json,
    text: `${table(
      headings.map((heading) => ({ heading })),
      rows,
    )}\nTimes are those of UTC.`,
  };
}

async function showConsole(client: Client, name: string): Promise<Shown> {
  const json = await answered(client.kept({ name }).console.get());
  return { json, text: printable(json.console) };
}

async function showProcesses(client: Client, name: string): Promise<Shown> {
  const json = await answered(client.kept({ name }).processes.get());
  const rows = json.processes.map(({ pid, parent, user, state, cpuMs, memoryBytes, command }) => [
    String(pid),
    String(parent),
    String(user),
    printable(state),
    (cpuMs / 1000).toFixed(2),
    (memoryBytes / 2 ** 20).toFixed(1),
    oneLine(command),
  ]);
  const figure = (heading: string) => ({ heading, isFigure: true });
  const columns = [
    ...['PID', 'PARENT', 'USER'].map(figure),
    { heading: 'STATE' },
    ...['CPU S', 'MIB'].map(figure),
    { heading: 'COMMAND' },
  ];
  return { json, text: table(columns, rows) };
}

async function showFiles(client: Client, name: string): Promise<Shown> {
  const json = await answered(client.kept({ name }).files.get());
  const rows = json.files.map(({ path, bytes, isRegular }) => [
    String(bytes),
    `${oneLine(path)}${isRegular ? '' : ' (no regular file)'}`,
  ]);
  const more = json.isWhole ? '' : '\nThere are more.';
  return { json, text: table([{ heading: 'BYTES', isFigure: true }, { heading: 'PATH' }], rows) + more };
}

async function showFile(client: Client, name: string, path: string): Promise<Shown> {
  const json = await answered(client.kept({ name }).file.get({ query: { path } }));
  if (!json.isWhole) console.error('codeland: the file is longer; this is its beginning');
  const content = Buffer.from(json.content, 'base64');
  return { json, text: process.stdout.isTTY ? printable(content.toString()) : content };
}

async function end(client: Client, name: string): Promise<Shown> {
  return { json: await answered(client.kept({ name }).delete()), text: `${name} is ended` };
}

/** A guest's words must not steer the terminal that they are shown on. */
const printable = (text: string) =>
  text.replaceAll(/[^\P{C}\n\t]/gu, (character) =>
    character === '\r' ? '' : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
const oneLine = (text: string) => printable(text).replaceAll(/[\n\t]/g, ' ');
const time = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** @throws {UsageError} */
function plan(words: readonly string[]): (client: Client) => Promise<Shown> {
  const [verb, name, path, ...rest] = words;
  if (rest.length > 0) throw new UsageError(`"${rest[0]}" is one operand too many`);
  if (verb === 'list' && name === undefined) return list;
  const known = ['list', 'console', 'processes', 'files', 'end'];
  if (verb === undefined || !known.includes(verb)) {
    throw new UsageError(`there is no command "${verb ?? ''}"; there are ${known.join(', ')}`);
  }
  if (verb === 'list' || (path !== undefined && verb !== 'files')) {
    throw new UsageError(`"${path ?? name}" is one operand too many for "${verb}"`);
  }
  if (name === undefined) throw new UsageError(`"${verb}" needs NAME; "scripts/kept list" shows it`);
  if (verb === 'console') return (client) => showConsole(client, name);
  if (verb === 'processes') return (client) => showProcesses(client, name);
  if (verb === 'end') return (client) => end(client, name);
  return (client) => (path === undefined ? showFiles(client, name) : showFile(client, name, path));
}

type CommandLine = { readonly values: { json?: boolean; help?: boolean }; readonly positionals: string[] };

/** @throws {UsageError} */
function parse(args: string[]): CommandLine {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean' } } as const;
    return parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function main(args: string[]): Promise<0 | 1 | 2> {
  try {
    const { values, positionals } = parse(args);
    if (values.help || positionals[0] === 'help') {
      console.log(HELP);
      return 0;
    }
    const show = plan(positionals);
    const { json, text } = await show(controlClient(loadConfig().home));
    if (values.json) console.log(JSON.stringify(json, null, 2));
    else if (typeof text === 'string') console.log(text);
    else await Bun.write(Bun.stdout, text);
    return 0;
  } catch (error) {
    console.error(`codeland: ${error instanceof Error ? printable(error.message) : String(error)}`);
    if (!(error instanceof UsageError)) return 1;
    console.error('scripts/kept --help says how it is used');
    return 2;
  }
}

shutOthersOut();
// A connection that the runtime keeps for later must not hold the process up.
process.exit(await main(process.argv.slice(2)));
