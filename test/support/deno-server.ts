/**
 * Serves the app of a whole service by Deno's own server. Run by Deno, with the settings of a service in the
 * environment; prints its port when it listens, and ends when its standard input does.
 */
import { join } from 'node:path';
import { compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { openInstalled } from '../../src/installed.ts';
import { createLog } from '../../src/telemetry/log.ts';

/** What is used of Deno, which has no types here. */
declare const Deno: {
  serve(
    options: {
      readonly hostname: string;
      readonly port: number;
      readonly onListen: (at: { port: number }) => void;
    },
    handler: (request: Request) => Response | Promise<Response>,
  ): { shutdown(): Promise<void> };
};

const config = readConfig(process.env);
await using stack = new AsyncDisposableStack();
const log = stack.use(
  createLog({ level: config.logLevel, destination: { path: join(config.home, 'server.log') } }),
);
const installed = stack.use(await openInstalled(config));
const { app } = stack.use(await compose(config, installed, log));
const server = Deno.serve(
  { hostname: config.host, port: config.port, onListen: ({ port }) => console.log(port) },
  (request) => app.fetch(request),
);
stack.defer(() => server.shutdown());
for await (const _ of process.stdin);
