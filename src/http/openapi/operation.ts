/** From a route to its operation in the document. */
import { describeAnswers } from './answers.ts';
import { asObject, type Json, type JsonObject, toJson } from './json.ts';
import { describeContent, type ModelNames, propertiesOf, toSchema } from './schema.ts';

/** A route, as far as it is described. */
export type Route = {
  readonly method: string;
  readonly path: string;
  readonly hooks: {
    readonly body?: unknown;
    readonly query?: unknown;
    readonly params?: unknown;
    readonly headers?: unknown;
    readonly response?: unknown;
    readonly detail?: unknown;
  };
};

export const TAGS = [
  {
    name: 'Runners',
    description: 'Run code: once on a throw-away runner, or again and again on one that stays.',
  },
  {
    name: 'Runners at /codeland',
    description: 'The same routes with the same bodies and answers, below the other base.',
  },
  { name: 'Worker', description: 'The machine that the runners are on, and its pool of ready ones.' },
  { name: 'Health', description: 'For load balancers and supervisors; open to everybody.' },
] as const;

function tagOf(path: string): (typeof TAGS)[number]['name'] {
  if (path.endsWith('/worker')) return 'Worker';
  if (path.startsWith('/api/')) return 'Runners';
  return path.startsWith('/codeland') ? 'Runners at /codeland' : 'Health';
}

/** `/api/v1/runner/{runner}` for `/api/v1/runner/:runner`. */
export const templateOf = (path: string) => path.replace(/(?<=.)\/$/, '').replaceAll(/:(\w+)/g, '{$1}');

/**
 * @param names Of the models that are referred to.
 * @returns Undefined for a route that is hidden.
 */
export function describeOperation({ method, path, hooks }: Route, names: ModelNames): JsonObject | undefined {
  const { hide, operationId, ...detail } = asObject(toJson(hooks.detail));
  if (hide === true) return undefined;
  const answers = asObject(toJson(hooks.response));
  const headers = parameters('header', hooks.headers);
  const needsKey = '401' in answers;
  return {
    ...detail,
    operationId: typeof operationId === 'string' ? ofBase(path, operationId) : plainId(method, path),
    tags: [tagOf(path)],
    ...(needsKey ? {} : { security: [] }),
    parameters: [
      ...parameters('path', hooks.params),
      ...parameters('query', hooks.query),
      ...headers,
      { $ref: '#/components/parameters/RequestId' },
    ],
    ...(hooks.body === undefined ? {} : { requestBody: requestBody(hooks.body, names) }),
    responses: describeAnswers(answers, names, { needsKey, isRun: headers.length > 0 }),
  };
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** Both bases have the same operations; ids are unique. */
const ofBase = (path: string, id: string) => (path.startsWith('/codeland') ? `codeland${capital(id)}` : id);

const plainId = (method: string, path: string) =>
  method.toLowerCase() + path.split(/\W+/).map(capital).join('');

function parameters(place: 'path' | 'query' | 'header', model: unknown): JsonObject[] {
  const schema = toSchema(model);
  const required = schema['required'];
  return Object.entries(propertiesOf(schema)).map(([name, property]) => {
    const { description = '', examples, ...form } = asObject(property);
    const example: Json | undefined = Array.isArray(examples) ? examples[0] : undefined;
    return {
      name: place === 'header' ? name.split('-').map(capital).join('-') : name,
      in: place,
      required: Array.isArray(required) && required.includes(name),
      description,
      schema: form,
      ...(example === undefined ? {} : { example }),
    };
  });
}

const requestBody = (model: unknown, names: ModelNames): JsonObject => ({
  required: true,
  description: 'JSON in UTF-8, whatever the `Content-Type` says: a plain `curl -d` is understood too.',
  content: describeContent(toSchema(model), names),
});
