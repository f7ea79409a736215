/** Reads an API document: its routes with what is printed for each. Knows only the Markdown that the two documents use. */
import { join } from 'node:path';

export type Block = { readonly language: string; readonly text: string };

/** What a document prints for one route. */
export type Endpoint = {
  readonly title: string;
  readonly method: string;
  /** As printed, with `:runner` where a name goes. */
  readonly path: string;
  readonly request: Block | undefined;
  readonly response: Block | undefined;
  readonly parameters: readonly string[];
  /** Statuses other than 200 that the document lists, with their names where it gives them. */
  readonly failures: readonly Failure[];
};

export type Failure = { readonly status: number; readonly name: string | undefined };

export type ApiDocument = {
  readonly endpoints: readonly Endpoint[];
  /** Blocks outside any route: the base URL, the example. */
  readonly others: readonly Block[];
  /** Statuses that are listed for every route at once. */
  readonly failures: readonly Failure[];
};

const FOLDER = join(import.meta.dirname, '../../docs/api');
export const readDocument = (name: string): Promise<string> => Bun.file(join(FOLDER, name)).text();

type Draft = {
  title: string;
  method: string;
  path: string;
  label: string;
  blocks: { label: string; block: Block }[];
  parameters: string[];
  failures: Failure[];
};

export function parseDocument(markdown: string): ApiDocument {
  const drafts: Draft[] = [];
  let draft = newDraft('');
  for (const part of parts(markdown)) {
    if ('language' in part) {
      draft.blocks.push({ label: draft.label, block: part });
    } else if (/^#{1,3} /.test(part.line)) {
      drafts.push(draft);
      draft = newDraft(part.line.replace(/^#+ /, ''));
    } else {
      readLine(draft, part.line);
    }
  }
  drafts.push(draft);
  const routes = drafts.filter(({ method, path }) => method !== '' && path !== '');
  const others = drafts.filter((each) => !routes.includes(each));
  return {
    endpoints: routes.map(toEndpoint),
    others: others.flatMap(({ blocks }) => blocks.map(({ block }) => block)),
    failures: others.flatMap(({ failures }) => failures),
  };
}

const newDraft = (title: string): Draft => ({
  title,
  method: '',
  path: '',
  label: '',
  blocks: [],
  parameters: [],
  failures: [],
});

const LABEL = /^\*\*([^*`]+):\*\*$/;
/** Document 1 names method and path in one list item, document 2 in a heading and an item. */
const ROUTE = /^- \*\*([A-Z]+) `([^`]+)`\*\*$/;
const PATH = /^#### Endpoint: `([^`]+)`$/;
const METHOD = /^- \*\*Method:\*\* ([A-Z]+)$/;
const FAILURE = /^- (?:(\d{3}): (\w+) - |`(\d{3}) [^`]+`:)/;
const PARAMETER = /^- `(\w+)` \(/;

function readLine(draft: Draft, line: string): void {
  const route = ROUTE.exec(line);
  draft.method = METHOD.exec(line)?.[1] ?? route?.[1] ?? draft.method;
  draft.path = PATH.exec(line)?.[1] ?? route?.[2] ?? draft.path;
  draft.label = LABEL.exec(line)?.[1] ?? draft.label;
  const failure = FAILURE.exec(line);
  const status = Number(failure?.[1] ?? failure?.[3] ?? 200);
  if (status !== 200) draft.failures.push({ status, name: failure?.[2] });
  const parameter = draft.label === 'Query Parameters' ? PARAMETER.exec(line)?.[1] : undefined;
  if (parameter !== undefined) draft.parameters.push(parameter);
}

function toEndpoint({ title, method, path, blocks, parameters, failures }: Draft): Endpoint {
  const labelled = (word: string) => {
    const found = blocks.filter(({ label }) => label.includes(word));
    if (found.length > 1) throw new Error(`${title} has ${found.length} blocks for its ${word}`);
    return found[0]?.block;
  };
  const [request, response] = [labelled('Request'), labelled('Response')];
  const known = [request, response].filter((block) => block !== undefined).length;
  if (known !== blocks.length) throw new Error(`${title} has a block that is neither request nor response`);
  return { title, method, path, request, response, parameters, failures };
}

/** Lines and fenced blocks, without the indentation of the list item that they are in. */
function* parts(markdown: string): Generator<{ readonly line: string } | Block> {
  let open: { language: string; indent: string; lines: string[] } | undefined;
  for (const raw of markdown.split('\n')) {
    const fence = /^( *)```(\w*)\s*$/.exec(raw);
    if (fence && open) {
      yield { language: open.language, text: open.lines.join('\n') };
      open = undefined;
    } else if (fence) {
      open = { language: fence[2] ?? '', indent: fence[1] ?? '', lines: [] };
    } else if (open) {
      open.lines.push(raw.startsWith(open.indent) ? raw.slice(open.indent.length) : raw);
    } else {
      yield { line: raw.trim() };
    }
  }
  if (open) throw new Error('a fenced block has no end');
}
