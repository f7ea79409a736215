import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { generatedFile, generateTypes, headerFor } from '../scripts/generate.ts';
import { bare, missing, run } from './support/real-qemu.ts';

// Starting a QEMU takes long on a busy machine.
setDefaultTimeout(60_000);

/** The first line of what this QEMU's types would be. */
async function installedHeader(): Promise<string> {
  await using running = await run(bare);
  return headerFor(running.client.version);
}

const checkedIn = await readFile(generatedFile, 'utf8');
const sameVersion = missing === undefined && checkedIn.startsWith(`${await installedHeader()}\n`);

const wanted = [
  'balloon',
  'cont',
  'device_add',
  'migrate',
  'migrate-incoming',
  'migrate-set-capabilities',
  'qom-get',
  'qom-set',
  'query-balloon',
  'query-migrate',
  'query-status',
  'query-version',
  'quit',
  'stop',
  'system_powerdown',
];

describe('the generated types', () => {
  test.skipIf(!sameVersion)('are byte for byte what the QEMU they name gives', async () => {
    expect((await generateTypes()) === checkedIn).toBe(true);
  });

  test.skipIf(missing !== undefined)('name commands that the installed QEMU has', async () => {
    await using running = await run(bare);
    const names = (await running.client.execute('query-commands')).map(({ name }) => name);
    expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
  });
});
