import { expect, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Refusal, type Script, ScriptedControl } from '../../support/scripted-control.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const SCRIPT = join(import.meta.dirname, '../../../scripts/kept');

/** Runs `scripts/kept` as an operator does, over a data folder whose server answers so. */
async function kept(args: readonly string[], server?: Script) {
  await using folder = await TempFolder.create();
  await using _ = server && new ScriptedControl(folder.path, server);
  const child = spawn(SCRIPT, args, { env: { ...process.env, CODELAND_HOME: folder.path } });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, out, err };
}

test('says how it is used, and when it is used wrongly', async () => {
  const help = await kept(['--help']);
  expect(help).toMatchObject({ status: 0, err: '' });
  for (const verb of ['list', 'console', 'processes', 'files', 'end'])
    expect(help.out).toContain(`  ${verb} `);
  const wrong = [
    [],
    ['nothing'],
    ['list', 'one'],
    ['console'],
    ['end', 'one', 'two'],
    ['files', '1', '2', '3'],
    ['--x'],
  ];
  for (const args of wrong) {
    const { status, out, err } = await kept(args);
    expect({ args, status, out }).toEqual({ args, status: 2, out: '' });
    expect(err).toContain('scripts/kept --help');
  }
});

test('says that no server runs, that none is kept, and what the server refuses', async () => {
  expect(await kept(['list'])).toMatchObject({ status: 1, err: expect.stringContaining('no server') });
  const off = await kept(['list'], { 'GET /kept': () => ({ isOn: false, guests: [] }) });
  expect(off).toMatchObject({ status: 0, out: expect.stringContaining('CODELAND_KEEP_FAILED_MINUTES') });
  const refused = await kept(['processes', 'a'], {
    'GET /kept/a/processes': () => new Refusal('\u001b]2;x\u0007'),
  });
  expect(refused).toMatchObject({ status: 1, out: '', err: 'codeland: \\u{1b}]2;x\\u{7}\n' });
});

test('shows what a guest says without what would steer a terminal', async () => {
  const seen = await kept(['console', 'a'], {
    'GET /kept/a/console': () => ({ console: '\u001b[31mred\r\nnext\u202e' }),
  });
  expect(seen).toEqual({ status: 0, out: '\\u{1b}[31mred\nnext\\u{202e}\n', err: '' });
  const files = [{ path: 'two\nlines\u009b', bytes: 3, isRegular: false }];
  const listed = await kept(['files', 'a'], { 'GET /kept/a/files': () => ({ files, isWhole: false }) });
  expect(listed.out).toContain('3  two lines\\u{9b} (no regular file)\nThere are more.');
});

test('gives a file as it is', async () => {
  const content = Buffer.from([0, 27, 255]).toString('base64');
  const file = await kept(['files', 'a', 'b'], {
    'GET /kept/a/file': () => ({ content, isWhole: false }),
  });
  expect(file).toMatchObject({ status: 0, err: expect.stringContaining('longer') });
  expect(Buffer.from(file.out).subarray(0, 2)).toEqual(Buffer.from([0, 27]));
});
