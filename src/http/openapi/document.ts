/** The OpenAPI document: the routes as they are, and what holds for all of them. */

import { ANSWER_HEADERS } from './answers.ts';
import { asObject, type JsonObject } from './json.ts';
import { MODELS } from './models.ts';
import { describeOperation, type Route, TAGS, templateOf } from './operation.ts';
import { toSchema } from './schema.ts';

const DESCRIPTION = `**Try it:** press *Authorize*, give a key (the first start of the server prints one; \`scripts/keys create\`
makes more), then *Try it out* at a route.

\`\`\`sh
curl -H "Authorization: Bearer $KEY" -d '{"code": "console.log(6 * 7)"}' http://127.0.0.1:8420/api/v1/runner/run
\`\`\`

- **Two bases.** \`/api/v1/runner\` and \`/codeland\` have the same routes, bodies and answers.
- **Errors** have one form everywhere: \`name\` (which goes with the status), \`message\` for people, and where they
  apply \`runner\`, \`duration\` (ms) and \`details\` (each field that is wrong). A program that exits non-zero is no
  error: its \`exitCode\` is its answer.
- **No runner ready?** \`?wait=\` seconds puts the request in a queue, first come, first served. Otherwise, or when
  the wait is over, 503 with \`Retry-After\` from the measured refill rate.
- **Retries.** With an \`Idempotency-Key\` a run is executed at most once; who asks again gets the same answer,
  also after the server was restarted.
- **Content type.** Bodies are JSON in UTF-8, whatever their \`Content-Type\` says: what \`curl -d\` sends is read too.
- **Time.** Each run's answer has a \`receipt\`, and the same stages in the header \`Server-Timing\`.`;

/** @param version Of the server. */
export function describeApi(routes: readonly Route[], version: string): JsonObject {
  const schemas = Object.entries(MODELS).map(([name, model]) => {
    const { examples: _, ...schema } = toSchema(model);
    return [name, schema] as const;
  });
  const names = new Map(schemas.map(([name, schema]) => [JSON.stringify(schema), name]));
  return {
    openapi: '3.1.1',
    info: {
      title: 'CodeLand',
      version,
      summary: 'A fresh virtual machine for every snippet',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: [{ key: [] }],
    tags: TAGS,
    paths: describePaths(routes, names),
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of this server. One that runs without keys takes any.',
        },
      },
      parameters: {
        RequestId: {
          name: 'X-Request-Id',
          in: 'header',
          description: 'Names the request in the server’s log: 1 to 128 letters, digits, `.`, `_` or `-`.',
          schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$' },
        },
      },
      headers: ANSWER_HEADERS,
      schemas: Object.fromEntries(schemas),
    },
  };
}

function describePaths(routes: readonly Route[], names: ReadonlyMap<string, string>): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const operation = describeOperation(route, names);
    if (operation === undefined) continue;
    const path = templateOf(route.path);
    paths[path] = { ...asObject(paths[path]), [route.method.toLowerCase()]: operation };
  }
  return paths;
}
