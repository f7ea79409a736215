import { expect, test } from 'bun:test';
import { writeFile } from 'node:fs/promises';
import { findNameServers, NoNameServerError } from '../../../src/network/name-servers.ts';
import { failure } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

/** Files with these contents, and one that is not there. */
async function files(folder: TempFolder, ...texts: readonly string[]): Promise<string[]> {
  const paths = texts.map((_, index) => folder.file(`resolv.conf.${index}`));
  await Promise.all(texts.map((text, index) => writeFile(paths[index] ?? '', text)));
  return [folder.file('none'), ...paths];
}

test('what the operator chose is asked, and nobody else', async () => {
  await using folder = await TempFolder.create();
  const given = ['192.0.2.53'];
  expect(await findNameServers(given, await files(folder, 'nameserver 203.0.113.53\n'))).toEqual(given);
});

test('otherwise those of the host are, in their order', async () => {
  await using folder = await TempFolder.create();
  const text = `# nameserver 203.0.113.1
; nameserver 203.0.113.2
domain example.org
nameserver 203.0.113.53
nameserver\t203.0.113.54 # the second
nameserver 2001:db8::53
nameserver fe80::1%eth0
nameserver 127.0.0.53
nameserver 0.0.0.0
nameserver 203.0.113.999
nameserver
nameservers 203.0.113.3
options ndots:2`;
  expect(await findNameServers(undefined, await files(folder, text))).toEqual([
    '203.0.113.53',
    '203.0.113.54',
  ]);
});

test('where the first file names none but the host itself, the next one is read', async () => {
  await using folder = await TempFolder.create();
  const both = await files(folder, 'nameserver 127.0.0.53\n', 'nameserver 203.0.113.53\n');
  expect(await findNameServers(undefined, both)).toEqual(['203.0.113.53']);
});

test('where no file names one, the error names the setting', async () => {
  await using folder = await TempFolder.create();
  const error = await failure(findNameServers(undefined, await files(folder, 'nameserver ::1\n', '')));
  expect(error).toBeInstanceOf(NoNameServerError);
  expect(String(error)).toContain('set CODELAND_EGRESS_RESOLVERS');
});
