import { describe, expect, test } from 'bun:test';
import { type Confinement, confine, missingLayers, userOf } from '../../../src/guest/confinement.ts';

const QEMU = ['qemu', '-S'];
const full: Confinement = { users: { groups: [] }, namespaces: true };
const plain: Confinement = { users: null, namespaces: false };

describe('with all layers', () => {
  const command = confine(full, 7, QEMU);

  test('each command becomes the next, QEMU the last', () => {
    const programs = command.filter((word) => !word.startsWith('-'));
    expect(programs).toEqual(['unshare', 'prlimit', 'setpriv', 'qemu']);
    expect(command.slice(-2)).toEqual(QEMU);
  });

  test('the user goes with the number of the guest', () => {
    expect(userOf(full, 7)).toBe(1_879_048_199);
    expect(command).toContain('--reuid=1879048199');
    expect(command).toContain('--regid=1879048199');
    expect(command).toContain('--clear-groups');
    expect(confine(full, 8, QEMU)).not.toContain('--reuid=1879048199');
  });

  test('a group that may use the accelerator is kept, and no other', () => {
    const kvm = confine({ ...full, users: { groups: [104] } }, 7, QEMU);
    expect(kvm).toContain('--groups=104');
    expect(kvm).not.toContain('--clear-groups');
  });

  test('none is missing', () => {
    expect(missingLayers(full)).toEqual([]);
  });
});

describe('without root', () => {
  const command = confine(plain, 7, QEMU);

  test('limits and no new privileges are left', () => {
    expect(command.filter((word) => !word.startsWith('-'))).toEqual(['prlimit', 'setpriv', 'qemu']);
    expect(command).toContain('--no-new-privs');
    expect(command).toContain('--core=0');
  });

  test('nothing is asked for that only root may do, and the user’s other processes are not counted', () => {
    for (const word of command)
      expect(word).not.toMatch(/^--(reuid|regid|groups|clear-groups|bounding-set|nproc)/);
    expect(userOf(plain, 7)).toBeNull();
  });

  test('what is missing is told, with the reason', () => {
    expect(missingLayers(plain).map(({ why }) => why)).toEqual([
      'the server does not run as root',
      'the server does not run as root',
    ]);
    expect(missingLayers({ ...full, namespaces: false })).toEqual([
      { layer: 'namespaces', why: 'this host does not let root make them' },
    ]);
  });
});
