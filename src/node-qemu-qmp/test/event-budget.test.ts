import { expect, test } from 'bun:test';
import { QmpProtocolError } from '../src/errors.ts';
import { EventBudget } from '../src/event-budget.ts';

test('a budget lasts for a second that begins with the first event, and is then there again', () => {
  const budget = new EventBudget(3);
  for (const now of [5000, 5001, 5999]) budget.spend(now);
  for (const now of [6000, 6500, 6999]) budget.spend(now);
  expect(() => budget.spend(6999)).toThrow(QmpProtocolError);
  for (const now of [60_000, 60_000, 60_000]) budget.spend(now);
  expect(() => budget.spend(60_000)).toThrow('more than 3 events in a second');
});
