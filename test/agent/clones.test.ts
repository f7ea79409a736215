/** What two clones of one guest draw: the same before they are prepared, and never the same after. */
import { afterAll, beforeAll, expect, it, setDefaultTimeout } from 'bun:test';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Snapshot, TestGuest } from './support/guest.ts';
import { testImage } from './support/image.ts';

// No test is about how long something takes.
setDefaultTimeout(120_000);

const JAVASCRIPT = `
  import { createContext, runInContext, runInNewContext } from 'node:vm';
  import { Worker as NodeWorker } from 'node:worker_threads';
  // Before the workers, which draw from the same generator as realms do, in whatever order they run.
  const realms = {
    random: Math.random(), realm: runInNewContext('Math.random()'),
    context: runInContext('Math.random()', createContext({})), shadow: new ShadowRealm().evaluate('Math.random()'),
  };
  const node = new NodeWorker('require("worker_threads").parentPort.postMessage(Math.random())', { eval: true });
  const web = new Worker(URL.createObjectURL(new Blob(['postMessage(Math.random())'])));
  const nodeDraw = new Promise((resolve) => node.once('message', resolve));
  const webDraw = new Promise((resolve) => { web.onmessage = ({ data }) => resolve(data); });
  const [fromNode, fromWeb] = await Promise.all([nodeDraw, webDraw]);
  console.log(JSON.stringify({
    ...realms, fromNode, fromWeb, uuid: crypto.randomUUID(), values: crypto.getRandomValues(new Uint8Array(8)).join(),
    bytes: require('node:crypto').randomBytes(8).toString('hex'), prime: require('node:crypto').generatePrimeSync(64, { bigint: true }).toString(),
  }));
  process.exit();`;
const PYTHON = `
import json, os, random, uuid
print(json.dumps({'random': random.random(), 'urandom': os.urandom(8).hex(), 'uuid': str(uuid.uuid4())}))`;

let directory: string;
let image: string;
let snapshot: Snapshot;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'codeland-agent-'));
  image = await testImage();
  await using template = await TestGuest.boot({ image, directory: await folder('template') });
  // Draws before the snapshot: the generators are in use.
  await template.agent.run('javascript', 'console.log(Math.random(), crypto.randomUUID())', { warmUp: true });
  snapshot = await template.save(join(directory, 'state'));
}, 600_000);
afterAll(() => rm(directory, { recursive: true }));

async function folder(name: string): Promise<string> {
  const path = join(directory, name);
  await mkdir(path);
  return path;
}

/** Source → what one clone draws. */
async function draws(name: string, prepared: boolean): Promise<Map<string, unknown>> {
  await using clone = await TestGuest.restore({ image, directory: await folder(name) }, snapshot);
  const found = new Map<string, unknown>();
  if (prepared)
    for (const [source, value] of Object.entries((await clone.agent.prepare(name)).draws))
      found.set(source, value);
  for (const [language, code] of [
    ['javascript', JAVASCRIPT],
    ['python', PYTHON],
  ] as const) {
    const { stdout, stderr } = await clone.agent.run(language, code);
    expect(stderr).toBe('');
    const values: unknown = JSON.parse(stdout);
    for (const [source, value] of Object.entries(Object(values))) found.set(`${language} ${source}`, value);
  }
  return found;
}

it('differs in nothing without being prepared: the test can tell', async () => {
  const [first, second] = [await draws('plain-1', false), await draws('plain-2', false)];
  const alike = [...first]
    .filter(([source, value]) => second.get(source) === value)
    .map(([source]) => source);
  expect(alike).toEqual(
    expect.arrayContaining(['javascript random', 'javascript realm', 'javascript uuid', 'python random']),
  );
});

it('differs in everything once prepared, also in realms and workers made afterwards', async () => {
  const clones = [await draws('one', true), await draws('two', true), await draws('three', true)];
  const sources = [...(clones[0]?.keys() ?? [])];
  expect(sources.length).toBe(16);
  for (const source of sources) {
    const values = new Set(clones.map((clone) => clone.get(source)));
    expect({ source, different: values.size }).toEqual({ source, different: clones.length });
  }
});
