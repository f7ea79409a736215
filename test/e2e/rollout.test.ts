/** A new template comes into use under load, or is held back; with real guests. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answered, type ControlClient, controlClient } from '../../src/control/client.ts';
import type { TemplateGuests } from '../../src/control/status.ts';
import { ServerProcess } from '../support/server-process.ts';
import { TemplateHome } from '../support/template-home.ts';
import { until } from '../support/until.ts';

/** A request waits for a guest as long as a busy host takes to give one. */
const PATIENT = { CODELAND_WAIT_SECONDS: '600', CODELAND_MAX_WAIT_SECONDS: '600' };

const owned = new AsyncDisposableStack();
let templates: TemplateHome;
let server: ServerProcess;
let control: ControlClient;
beforeAll(async () => {
  templates = owned.use(await TemplateHome.create());
  await templates.add('good');
  await templates.add('dying');
  await templates.add('unproved', { agentVersion: 'another' });
  server = owned.use(ServerProcess.spawn(templates.home, PATIENT));
  await server.listening();
  control = controlClient(templates.home.path);
}, 600_000);
afterAll(async () => {
  await server.stop();
  await owned.disposeAsync();
});

const status = () => answered(control.status.get());
const guestsOf = async (template: string): Promise<TemplateGuests | undefined> =>
  (await status()).guests.find((group) => group.template === template);
const run = (code: string) => server.request('/api/v1/runner/run', { body: { code, language: 'python' } });

/** Two clients that run something all the while, one run after the other; gives all that was answered. */
async function underLoad(code: string, work: () => Promise<void>) {
  let isOver = false;
  const answers: { readonly status: number; readonly body: unknown }[] = [];
  const client = async () => {
    while (!isOver) answers.push(await run(code));
  };
  const clients = [client(), client()];
  try {
    await work();
  } finally {
    isOver = true;
    await Promise.all(clients);
  }
  return answers;
}

describe('a new template', () => {
  it('that dies under its runs is held back by the gate, and the pool is rid of it', async () => {
    const killed = new Set<string>();
    let isDecided = false;
    const kill = async () => {
      while (!isDecided) {
        for (const name of (await guestsOf('dying'))?.inUse ?? []) {
          const record = await readFile(
            join(templates.home.path, 'guests', name, 'process.json'),
            'utf8',
          ).catch(() => undefined);
          if (record === undefined || killed.has(name)) continue;
          killed.add(name);
          process.kill(JSON.parse(record).pid, 'SIGKILL');
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const answers = await underLoad('import time\ntime.sleep(2)\nprint(6 * 7)', async () => {
      const killing = kill();
      const order = { template: 'dying', sharePercent: 50, runs: 8, seconds: 300, maxErrorPercent: 15 };
      const result = await answered(control.rollout.post(order)).finally(() => {
        isDecided = true;
      });
      await killing;
      expect(result).toMatchObject({ outcome: 'rolledBack', template: 'dying', before: templates.first });
      expect(result.figures?.canary.guestsLost).toBeGreaterThan(0);
      await until('the pool to be rid of it', async () => (await guestsOf('dying')) === undefined);
    });
    expect(await status()).toMatchObject({
      current: templates.first,
      canary: null,
      rollout: null,
      onDisk: { current: templates.first, previous: null },
    });
    // Whoever was on a guest that lives was served.
    const failed = answers.filter(({ status }) => status !== 200);
    expect(failed.map(({ status }) => status)).toEqual(Array.from(failed, () => 400));
    expect(failed.length).toBeLessThanOrEqual(killed.size);
    expect(killed.size).toBeGreaterThan(0);
  }, 600_000);

  it('whose guests fail their proof never serves anybody', async () => {
    const answers = await underLoad('print(6 * 7)', async () => {
      const result = await answered(control.rollout.post({ template: 'unproved' }));
      expect(result).toMatchObject({ outcome: 'rolledBack', figures: null });
      expect(result.reason).toContain('the manifest says another');
    });
    expect(answers.map(({ status }) => status)).toEqual(Array.from(answers, () => 200));
    expect((await status()).current).toBe(templates.first);
  }, 600_000);

  it('that does well takes over under load, and no request fails', async () => {
    const { body } = await server.request('/api/v1/runner/new', { body: {} });
    const stays = String(body['runner']);
    const answers = await underLoad('print(6 * 7)', async () => {
      const order = { template: 'good', sharePercent: 50, runs: 3, seconds: 300, maxErrorPercent: 60 };
      expect(await answered(control.rollout.post(order))).toMatchObject({ outcome: 'promoted' });
      await until('every ready guest to be of the new template', async () => {
        const { guests } = await status();
        return guests.every(({ template, ready }) => template === 'good' || ready === 0);
      });
      // What comes after is the new template's alone.
      for (let more = 0; more < 2; more += 1) expect((await run('print(6 * 7)')).status).toBe(200);
    });
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { stdout: '42\n' } });
    expect(await status()).toMatchObject({
      current: 'good',
      canary: null,
      onDisk: { current: 'good', previous: templates.first },
    });
    // A runner that somebody has keeps its template.
    expect((await guestsOf(templates.first))?.inUse).toEqual([stays]);
    const kept = await server.request(`/api/v1/runner/run/${stays}`, {
      body: { code: 'print(6 * 7)', language: 'python' },
    });
    expect(kept).toMatchObject({ status: 200, body: { stdout: '42\n' } });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('codeland_template_info{template="good",role="current"} 1');
    expect(metrics).toContain('codeland_rollouts_total{outcome="promoted"} 1');
  }, 600_000);
});
