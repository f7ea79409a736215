/**
 * Preloaded by a Bun that waits for its program: Bun resolves the program's path, runs this module, and only
 * then reads the program's file and runs it as the main module. While this module waits the file can be
 * written, and nothing of the program's behaviour differs from one that was started with it.
 *
 * Descriptor 3 brings orders, one JSON object per line; 4 takes the answers, one line each.
 */

import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { Generators } from './bun-generators.ts';
import { startKeeper } from './keeper.ts';

type Order = { readonly do: 'warm'; readonly path: string } | { readonly do: 'reseed' } | Go;

type Go = {
  readonly do: 'go';
  readonly args: readonly string[];
  /** Besides what every program has, which this process was started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of the standard input's file, or null for none. */
  readonly stdin: string | null;
};

/** What only this process is started with; see `zygotes.ts`. */
const OWN_VARIABLES = [
  'BUN_RUNTIME_TRANSPILER_CACHE_PATH',
  'BUN_JSC_useConcurrentJIT',
  'BUN_JSC_useConcurrentGC',
  'BUN_JSC_numberOfGCMarkers',
];
const ORDERS = 3;
const ANSWERS = 4;
const input = Buffer.alloc(64 * 1024);
let rest = '';
const decoder = new TextDecoder();

/** Blocks the whole process: it costs nothing while it waits. */
function nextOrder(): Order {
  for (;;) {
    const end = rest.indexOf('\n');
    if (end >= 0) {
      const order: Order = JSON.parse(rest.slice(0, end));
      rest = rest.slice(end + 1);
      return order;
    }
    const count = readSync(ORDERS, input, 0, input.length, null);
    // The agent is gone, and with it the machine.
    if (count === 0) process.exit(1);
    rest += decoder.decode(input.subarray(0, count), { stream: true });
  }
}

function answer(line: string): void {
  writeSync(ANSWERS, `${line}\n`);
}

/** Runs a program in this process, to have its code paths translated and compiled. */
async function warm(path: string): Promise<void> {
  let status = 0;
  const globals = new Set(Reflect.ownKeys(globalThis));
  const environment = { ...process.env };
  try {
    await import(path);
  } catch (error) {
    console.error(error);
    status = 1;
  }
  for (const name of Reflect.ownKeys(globalThis))
    if (!globals.has(name)) Reflect.deleteProperty(globalThis, name);
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  for (const [name, value] of Object.entries(environment))
    if (process.env[name] !== value) process.env[name] = value;
  delete require.cache[path];
  rehearse();
  // A collection that begins here would go on in the program.
  Bun.gc(true);
  // The agent removes the file and takes the output once it has the answer.
  answer(`warmed ${status}`);
}

/**
 * Makes this process what a freshly started one would be.
 * @param descriptors Those that only a waiting process has.
 */
function become({ args, env, stdin }: Go, descriptors: readonly number[]): void {
  for (const descriptor of descriptors) closeSync(descriptor);
  if (stdin !== null) {
    closeSync(0);
    // Takes the lowest free descriptor: 0.
    openSync(stdin, 'r');
  }
  process.argv.push(...args);
  process.execArgv.length = 0;
  const names = Object.keys(env);
  if (names.length === 0) return;
  for (const name of names) process.env[name] = env[name];
  Bun.$.env({ ...process.env });
}

/** Walks through {@link become} without a change, so that it is compiled when the program comes. */
function rehearse(): void {
  const order: Order = JSON.parse(JSON.stringify({ do: 'go', args: [], env: {}, stdin: null }));
  if (order.do === 'go') become(order, [openSync('/dev/null', 'r'), openSync('/dev/null', 'r')]);
}

/** This module and what it imports. */
const OWN_MODULES = ['bun-zygote.ts', 'bun-generators.ts', 'keeper.ts'].map(
  (name) => `${import.meta.dir}/${name}`,
);
/** Measured: it is one. */
const MOST_TURNS = 4;

/** Takes this module out of the modules that a program sees; Bun puts it there some turns after it has run to its end. */
async function forgetModules(): Promise<void> {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    for (const path of OWN_MODULES) delete require.cache[path];
    await Promise.resolve();
  }
}

/** Bun.spawn and Bun.$ give children the environment that the process was started with, which is not the program's. */
function passEnvironmentOn(): void {
  for (const name of OWN_VARIABLES) delete process.env[name];
  const { spawn, spawnSync } = Bun;
  Object.assign(Bun, {
    spawn: withEnvironment(spawn),
    spawnSync: withEnvironment(spawnSync),
  });
  Bun.$.env({ ...process.env });
}

type Spawn = (...args: unknown[]) => unknown;

function withEnvironment(spawn: unknown): Spawn {
  if (typeof spawn !== 'function') throw new TypeError('not a function');
  return (first: unknown, second: unknown = {}, ...more: unknown[]) =>
    Array.isArray(first)
      ? Reflect.apply(spawn, Bun, [first, { env: process.env, ...Object(second) }, ...more])
      : Reflect.apply(spawn, Bun, [{ env: process.env, ...Object(first) }, second, ...more]);
}

const generators = new Generators();
passEnvironmentOn();
rehearse();
startKeeper();
answer(`ready ${process.pid}`);
for (;;) {
  const order = nextOrder();
  if (order.do === 'warm') await warm(order.path);
  else if (order.do === 'reseed') answer(`reseeded ${generators.reseed()}`);
  else {
    become(order, [ORDERS, ANSWERS]);
    void forgetModules();
    break;
  }
}
