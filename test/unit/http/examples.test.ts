import { describe, expect, test } from 'bun:test';
import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import * as examples from '../../../src/http/examples.ts';
import { runnerForms } from '../../../src/http/runner/forms.ts';
import { Worker } from '../../../src/http/worker/model.ts';
import { formatSize } from '../../../src/lib/size.ts';
import { BASES, LIMITS, TestApi } from '../../support/test-api.ts';

/** Each model that has examples, by the name of its route and status. */
const models: [string, TSchema][] = Object.entries(runnerForms(LIMITS)).flatMap(([route, form]) => {
  const all: [string, TSchema][] = Object.entries(form.response).map(([status, model]) => [
    `${route} ${status}`,
    model,
  ]);
  if ('body' in form) all.push([`${route} body`, form.body]);
  return all;
});

const withExamples = [...models, ['worker 200', Worker] as const].filter(
  ([, { examples }]) => examples !== undefined,
);

test('there are examples of each body and each answer that is not a plain failure', () => {
  const names = withExamples.map(([name]) => name);
  const routes = ['once', 'create', 'onRunner', 'info', 'remove', 'list'];
  expect(names).toEqual(expect.arrayContaining(routes.map((route) => `${route} 200`)));
  expect(names).toEqual(expect.arrayContaining(['once body', 'create body', 'onRunner body', 'once 498']));
});

test.each(withExamples)('the examples of %s are of its form, and leave nothing unsaid', (_, model) => {
  const given: unknown = model.examples;
  if (!Array.isArray(given)) throw new Error('no list');
  for (const example of given) {
    expect([...Value.Errors(model, example)]).toEqual([]);
    expect(Value.Equal(Value.Clean(model, Value.Clone(example)), example)).toBe(true);
  }
});

test('the sizes of an example are those of its numbers', () => {
  const { stats, memory, kmem } = examples.runnerInfo;
  expect([memory, kmem]).toEqual([stats.guestMemoryBytes, stats.guestKernelMemoryBytes].map(formatSize));
  expect(stats.balloon.totalBytes - stats.balloon.availableBytes).toBe(stats.guestMemoryBytes);
});

describe.each(BASES)('each example of a request is carried out as it stands: document $document', (base) => {
  test.each(['once', 'create'] as const)('%s', async (route) => {
    await using api = new TestApi({ pool: { maxGuests: 8 } });
    for (const example of runnerForms(LIMITS)[route].body.examples) {
      await api.guest();
      const { status } = await api.post(route === 'once' ? base.run : base.create, JSON.stringify(example));
      expect(status).toBe(200);
    }
  });
});
