import { expect, it } from 'bun:test';
import { checkTime } from '../../../src/http/query.ts';

const check = (query: string) => checkTime({ request: new Request(`http://localhost/run${query}`) });

it.each(['', '?', '?time=5', '?other=x', '?time=0', '?time=100000'])('leaves %p to the model', (query) => {
  expect(() => check(query)).not.toThrow();
});

it.each([
  '?time=0x10',
  '?time=1e1',
  '?time=+5',
  '?time=%205',
  '?time=5.0',
  '?time=',
  '?time=-1',
  '?time=1&time=2',
])('refuses %p', (query) => {
  expect(() => check(query)).toThrow('query.time: expected one whole number of seconds, in digits');
});
