import { expect, test } from 'bun:test';
import { Guests } from '../../../../src/network/resolver/guests.ts';

const ADDRESS = '172.16.0.1';

function admitted() {
  const guests = new Guests();
  guests.admit(ADDRESS);
  const guest = guests.get(ADDRESS);
  if (!guest) throw new Error('it was admitted');
  return { guests, guest };
}

test('only an admitted guest is known, until it is dismissed', () => {
  const { guests, guest } = admitted();
  expect(guests.get('172.16.0.2')).toBeUndefined();
  expect(guest.isDismissed).toBeFalse();
  guests.dismiss(ADDRESS);
  expect(guest.isDismissed).toBeTrue();
  expect(guests.get(ADDRESS)).toBeUndefined();
});

test('admitting a guest again changes nothing; after its dismissal the address is another guest’s', () => {
  const { guests, guest } = admitted();
  guest.record('example.com', 'A', 'answered');
  guests.admit(ADDRESS);
  expect(guests.get(ADDRESS)).toBe(guest);
  guests.dismiss(ADDRESS);
  guests.admit(ADDRESS);
  expect(guests.get(ADDRESS)?.names()).toEqual([]);
});

test('a guest that floods is not answered', () => {
  const { guest } = admitted();
  const answers = Array.from({ length: 100_000 }, () => guest.mayAsk());
  expect(answers.slice(0, 100)).not.toContain(false);
  expect(answers).toContain(false);
});

test('16 answers of a guest are awaited at once', () => {
  const { guest } = admitted();
  const places = Array.from({ length: 16 }, () => guest.wait());
  expect(places).not.toContain(undefined);
  expect(guest.wait()).toBeUndefined();
  places[3]?.[Symbol.dispose]();
  expect(guest.wait()).toBeDefined();
  expect(guest.wait()).toBeUndefined();
});

test('names are counted by type and verdict; 256 are kept', () => {
  const { guest } = admitted();
  guest.record('example.com', 'A', 'answered');
  guest.record('example.com', 'A', 'answered');
  guest.record('example.com', 'TXT', 'answered');
  guest.record('db.internal', 'A', 'refused');
  for (let index = 0; index < 1000; index += 1) guest.record(`n${index}.example.com`, 'A', 'answered');
  guest.record('example.com', 'A', 'answered');
  const names = guest.names();
  expect(names).toHaveLength(256);
  expect(names.slice(0, 3)).toEqual([
    { name: 'example.com', type: 'A', count: 3, verdict: 'answered' },
    { name: 'example.com', type: 'TXT', count: 1, verdict: 'answered' },
    { name: 'db.internal', type: 'A', count: 1, verdict: 'refused' },
  ]);
});
