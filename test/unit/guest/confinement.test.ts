import { describe, expect, test } from 'bun:test';
import { confine, missingLayers, userOf } from '../../../src/guest/confinement.ts';
import { JailError } from '../../../src/guest/jail.ts';

const QEMU = ['qemu', '-S'];
const jail = { enter: ['nsenter', '--mount=/made/once'] };
const full = { users: { groups: [] }, jail };
const plain = { users: null, jail: new JailError('no namespaces for users') };

describe('with all layers', () => {
  const command = confine(full, 7, QEMU);

  test('each command becomes the next, QEMU the last', () => {
    const programs = command.filter((word) => !word.startsWith('-'));
    expect(programs).toEqual(['nsenter', 'unshare', 'prlimit', 'setpriv', 'qemu']);
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
    expect(command).toContain('--core=1');
  });

  test('nothing is asked for that only root may do, and the user’s other processes are not counted', () => {
    for (const word of command)
      expect(word).not.toMatch(/^--(reuid|regid|groups|clear-groups|bounding-set|nproc)/);
    expect(userOf(plain, 7)).toBeNull();
  });

  test('in a user namespace, whose root QEMU is, it loses its capabilities there', () => {
    const jailed = confine({ users: null, jail }, 7, QEMU);
    expect(jailed.slice(0, 2)).toEqual(jail.enter);
    expect(jailed).toContain('--bounding-set=-all');
    expect(jailed.join(' ')).not.toMatch(/--(reuid|regid|groups|clear-groups|nproc)/);
  });

  test('what is missing is told, with the reason', () => {
    expect(missingLayers(plain).map(({ why }) => why)).toEqual([
      'the server does not run as root',
      'no namespaces for users',
    ]);
    expect(missingLayers({ ...full, jail: plain.jail })).toEqual([
      { layer: 'namespaces of its own for each guest', why: 'no namespaces for users' },
    ]);
  });
});
