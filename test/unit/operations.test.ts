/** The operator's manual, the alerts and what the service really has agree. */
import { describe, expect, test } from 'bun:test';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { SETTING_NAMES } from '../../src/config/settings.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (name: string) => readFile(join(ROOT, name), 'utf8');

const Rule = Type.Object(
  {
    alert: Type.RegExp(/^CodeLand[A-Z]\w+$/),
    expr: Type.String({ minLength: 1 }),
    for: Type.Optional(Type.RegExp(/^\d+[mh]$/)),
    labels: Type.Object({ severity: Type.Union([Type.Literal('page'), Type.Literal('ticket')]) }),
    annotations: Type.Object({ summary: Type.String({ minLength: 1 }) }),
  },
  { additionalProperties: false },
);
const Alerts = Type.Object({
  groups: Type.Array(Type.Object({ name: Type.String(), rules: Type.Array(Rule) })),
});

async function readRules(): Promise<Static<typeof Rule>[]> {
  const alerts: unknown = Bun.YAML.parse(await read('deploy/alerts.yml'));
  if (!Value.Check(Alerts, alerts))
    throw new Error(`another form: ${Value.Errors(Alerts, alerts).First()?.path}`);
  return alerts.groups.flatMap(({ rules }) => rules);
}

const rules = await readRules();
const manual = await read('docs/operations.md');

/** Rows of the tables of docs/metrics.md: name and labels. A test of the metrics compares them with what is served. */
const metrics = new Map(
  [
    ...(await read('docs/metrics.md')).matchAll(/^\| `((?:codeland|process)_\w+)` +\| (\w+) +\| ([^|]*)\|/gm),
  ].map(([, name = '', type = '', labels = '']) => [name, { type, labels: labels.match(/\w+/g) ?? [] }]),
);

describe('each alert', () => {
  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s has its section in the manual', (name) => {
    expect(manual.match(new RegExp(`^### ${name}$`, 'gm'))).toHaveLength(1);
  });

  test.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s is made of metrics that there are',
    (_, rule) => {
      const names = [...rule.expr.matchAll(/\b((?:codeland|process)_\w+)(?:\{([^}]*)\})?/g)];
      if (rule.alert !== 'CodeLandDown') expect(names).not.toBeEmpty();
      for (const [, name = '', selector = ''] of names) {
        const metric = metrics.get(name) ?? metrics.get(name.replace(/_bucket$/, ''));
        expect({ name, isKnown: metric !== undefined }).toEqual({ name, isKnown: true });
        for (const [, label = ''] of selector.matchAll(/(\w+)=~?"/g)) {
          if (label !== 'job') expect(metric?.labels).toContain(label);
        }
      }
    },
  );
});

describe('the manual', () => {
  test('has no section of an alert that is none', () => {
    const sections = [...manual.matchAll(/^### (CodeLand\w+)$/gm)].map(([, name]) => name ?? '');
    expect(sections).toEqual(rules.map(({ alert }) => alert));
  });

  test('names only settings, scripts and metrics that there are', async () => {
    const named = (pattern: RegExp) => [...new Set(manual.match(pattern) ?? [])];
    for (const name of named(/CODELAND_[A-Z_]+/g)) {
      if (name !== 'CODELAND_CONFIG') expect(SETTING_NAMES).toContain(name);
    }
    const scripts = await readdir(join(ROOT, 'scripts'));
    for (const name of named(/scripts\/[a-z]+/g)) expect(scripts).toContain(name.slice('scripts/'.length));
    for (const name of named(/\b(?:codeland|process)_[a-z_]+/g)) expect([...metrics.keys()]).toContain(name);
  });

  test('says what each kind of line of the log means', async () => {
    const log = await read('src/telemetry/log.ts');
    const kinds = [...log.matchAll(/lines\.(?:info|warn|error)\([^\n]*'([a-zA-Z ]+)'\)/g)].map(
      ([, kind]) => kind,
    );
    expect(kinds.length).toBeGreaterThan(6);
    for (const kind of [...kinds, 'request', 'log lines were dropped'])
      expect(manual).toContain(`\`${kind}\``);
  });

  test('points to files that there are', async () => {
    for (const [, target = ''] of manual.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      expect((await stat(join(ROOT, 'docs', target))).isFile()).toBeTrue();
    }
  });
});
