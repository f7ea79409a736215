import { describe, expect, test } from 'bun:test';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { identifyProcess } from '../../src/lib/process-identity.ts';
import { findServer, recordServer } from '../../src/server-record.ts';
import { TempFolder } from '../support/temp-folder.ts';

const URL = 'http://127.0.0.1:8420';

describe('the record of a server', () => {
  test('names it while it runs, and is gone afterwards', async () => {
    await using home = await TempFolder.create();
    expect(await findServer(home.path)).toBeUndefined();
    {
      await using _record = await recordServer(home.path, URL);
      const identity = await identifyProcess(process.pid);
      expect(await findServer(home.path)).toEqual({
        pid: process.pid,
        startTicks: identity?.startTicks ?? Number.NaN,
        url: URL,
      });
    }
    expect(await findServer(home.path)).toBeUndefined();
    expect(await readdir(home.path)).toEqual([]);
  });

  test('counts for nothing when another process has its pid by now', async () => {
    await using home = await TempFolder.create();
    await using _record = await recordServer(home.path, URL);
    const record: unknown = JSON.parse(await readFile(home.file('server.json'), 'utf8'));
    const { startTicks } = Object(record);
    await writeFile(
      home.file('server.json'),
      JSON.stringify({ ...Object(record), startTicks: startTicks + 1 }),
    );
    expect(await findServer(home.path)).toBeUndefined();
  });

  test.each(['', 'null', '{}', '{"pid":0,"startTicks":1,"url":""}', '{"pid":"1","startTicks":1,"url":""}'])(
    'counts for nothing when it is damaged: %j',
    async (text) => {
      await using home = await TempFolder.create();
      await writeFile(home.file('server.json'), text);
      expect(await findServer(home.path)).toBeUndefined();
    },
  );
});
