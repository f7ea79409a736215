import { describe, expect, it } from 'bun:test';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Jail, JailError } from '../../src/guest/jail.ts';

const run = promisify(execFile);
const SCRIPT = new URL('../../src/guest/jail.sh', import.meta.url).pathname;

/** The process that keeps a jail. */
const keeperOf = (jail: Jail): number => Number(/[/]proc[/](\d+)[/]/.exec(jail.enter.join(' '))?.[1]);

describe('a jail', () => {
  it('cannot be entered any more when what keeps it has ended', async () => {
    const jail = await Jail.build([]);
    process.kill(keeperOf(jail), 'SIGKILL');
    while (isOpen(jail)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(() => jail.enter).toThrow(JailError);
    await jail[Symbol.asyncDispose]();
  });

  it('shows a device that it is told to, and no other', async () => {
    await using jail = await Jail.build(['/dev/null']);
    expect(readdirSync(`/proc/${keeperOf(jail)}/root/dev`)).toEqual(['null']);
  });

  it('says why it cannot be made', async () => {
    await expect(Jail.build(['/dev/none-such'])).rejects.toThrow(/none-such/);
  });
});

describe.skipIf(process.getuid?.() !== 0)('a jail of a plain user', () => {
  const plain = ['--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs'];

  it('holds what root’s does, with no right left in it', async () => {
    if ((await readFile('/proc/sys/user/max_user_namespaces', 'utf8')).trim() === '0') return;
    // The script by its text: where it lies, a plain user may have no access.
    const text = await readFile(SCRIPT, 'utf8');
    const namespaces = '--mount --net --ipc --uts --pid --fork --kill-child --mount-proc';
    const powerless = '--no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all';
    const inside = `unshare ${namespaces} setpriv ${powerless}`;
    const program = text.replace(
      'echo ready\n',
      `${inside} qemu-system-x86_64 --version; ${inside} unshare --mount true || echo powerless; echo *\n`,
    );
    const build = ['unshare', '--user', '--map-root-user', '--mount', '--propagation=private', 'sh', '-c'];
    const made = run('setpriv', [...plain, ...build, program, 'sh', 'user', 'qemu-system-x86_64', ''], {
      cwd: '/',
    });
    made.child.stdin?.end();
    const { stdout } = await made;
    const [version = '', ...rest] = stdout.trim().split('\n');
    expect(version).toStartWith('QEMU emulator version');
    expect(rest).toContain('powerless');
    expect(rest.at(-1)?.split(' ')).toEqual(expect.arrayContaining(['etc', 'lib', 'old', 'proc', 'usr']));
    expect(rest.at(-1)).not.toMatch(/home|root|var|tmp|dev|sys|run/);
  });
});

function isOpen(jail: Jail): boolean {
  try {
    return jail.enter.length > 0;
  } catch {
    return false;
  }
}
