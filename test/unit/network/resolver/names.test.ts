import { expect, test } from 'bun:test';
import { isClosed, isLocal, isPlain } from '../../../../src/network/resolver/names.ts';

test.each([
  ...[
    'localhost',
    'printer',
    'a.localhost',
    'printer.local',
    'metadata.google.internal',
    'x.test',
    'x.onion',
  ],
  ...['x.invalid', 'db.corp', 'nas.home', 'nas.lan', 'x.home.arpa', 'home.arpa', 'host.localdomain'],
  ...['1.2.3.10.in-addr.arpa', '10.in-addr.arpa', '254.169.in-addr.arpa', '1.0.16.172.in-addr.arpa'],
  ...['5.1.168.192.in-addr.arpa', '1.0.0.127.in-addr.arpa', '0/25.2.168.192.in-addr.arpa', '8.e.f.ip6.arpa'],
])('%s is of local use', (name) => {
  expect(isLocal(name)).toBeTrue();
});

test.each([
  ...['example.com', 'local.example.com', 'internal.net', 'localhost.example.com', 'arpa.example'],
  ...['8.8.8.8.in-addr.arpa', '8.in-addr.arpa', '192.in-addr.arpa', '1.168.in-addr.arpa', 'x.in-addr.arpa'],
])('%s is everybody’s', (name) => {
  expect(isLocal(name)).toBeFalse();
});

test.each([
  'example.com',
  '_dns._udp.example.com',
  '0/25.2.0.192.in-addr.arpa',
  'a'.repeat(63),
  '*.x',
  'A-b.C',
])('%s is plain', (name) => {
  expect(isPlain(name)).toBeTrue();
});

test.each([
  ...['', '.', '.com', 'a..b', 'a.', 'a b.com', 'ä.com', 'a\n.com', 'a\\.b', 'a\0b', `${'a'.repeat(64)}.com`],
  `${'a.'.repeat(127)}a`,
])('%j is not plain', (name) => {
  expect(isPlain(name)).toBeFalse();
});

test.each([
  ...['0.1.2.3', '10.0.0.1', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.254'],
  ...['192.168.1.1', '198.18.0.1', '203.0.113.7', '224.0.0.1', '255.255.255.255'],
])('no name leads to %s', (address) => {
  expect(isClosed(address)).toBeTrue();
});

test.each(['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '192.167.0.1', '11.0.0.1'])(
  'a name may lead to %s',
  (address) => {
    expect(isClosed(address)).toBeFalse();
  },
);
