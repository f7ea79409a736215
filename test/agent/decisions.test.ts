/** What the agent decides without a guest. */
import { describe, expect, it } from 'bun:test';
import { launcherOrder, needsFreshInterpreter } from '../../vm-images/agent/environment.ts';
import { kernelMemoryBytes, networkCounters } from '../../vm-images/agent/figures.ts';
import { guestLimits } from '../../vm-images/agent/settings.ts';
import { exitStatus, signalName } from '../../vm-images/agent/wait-status.ts';
import { resolveInside, WorkspaceError } from '../../vm-images/agent/workspace.ts';
import { bash } from '../../vm-images/languages/bash.ts';
import { javascript } from '../../vm-images/languages/javascript.ts';
import { python } from '../../vm-images/languages/python.ts';
import { typescript } from '../../vm-images/languages/typescript.ts';
import { runRequest } from '../support/agent-messages.ts';

describe('a wait status', () => {
  it.each([
    [0, { code: 0, signal: null }],
    [0x0300, { code: 3, signal: null }],
    [0xff00, { code: 255, signal: null }],
    [9, { code: null, signal: 'SIGKILL' }],
    // With a core dump.
    [0x80 | 6, { code: null, signal: 'SIGABRT' }],
    [37, { code: null, signal: 'SIGRTMIN+3' }],
  ])('%i is decoded', (status, expected) => {
    expect(exitStatus(status)).toEqual(expected);
  });

  it('has a name for every signal that the protocol takes', () => {
    for (let signal = 1; signal <= 64; signal++) expect(signalName(signal)).toMatch(/^SIG[A-Z0-9+]{1,16}$/);
  });
});

describe("a file's path", () => {
  it.each(['a', 'a/b', './a', 'a/../b', '..a/b', '...'])('%p is inside', (path) => {
    expect(resolveInside('/home/runner', path)).toStartWith('/home/runner/');
  });

  it.each(['', '.', '..', '../a', 'a/../../b', '/etc/passwd', 'a/', 'a\0b', './..'])(
    '%p is refused',
    (path) => {
      expect(() => resolveInside('/home/runner', path)).toThrow(WorkspaceError);
    },
  );
});

describe('a waiting interpreter', () => {
  const free = () => true;

  it.each([
    ['nothing special', javascript, {}],
    ['own variables', python, { env: { NAME: 'x', TZ: 'Asia/Tokyo' } }],
    ['plain files', javascript, { files: { 'lib.js': '', 'data/a.json': '' } }],
    ['anything, where it is started anyway', bash, { env: { LC_ALL: 'C' }, files: { 'package.json': '' } }],
    ["a file that only Bun's own start would read", python, { files: { 'package.json': '' } }],
  ])('serves a run with %s', (_, language, more) => {
    expect(needsFreshInterpreter(runRequest(1, more), language, free)).toBe(false);
  });

  it.each([
    ['PYTHONUNBUFFERED', python, { env: { PYTHONUNBUFFERED: '1' } }],
    ['NODE_OPTIONS', javascript, { env: { NODE_OPTIONS: '' } }],
    ['LD_PRELOAD', python, { env: { LD_PRELOAD: '' } }],
    ['package.json', javascript, { files: { './package.json': '{}' } }],
    ['.env', typescript, { files: { '.env': 'A=1' } }],
    ['a package', javascript, { files: { 'node_modules/a/index.js': '' } }],
    ['a file named as what Bun waits for', typescript, { files: { 'main.js': '' } }],
  ])('does not serve a run with %s', (_, language, more) => {
    expect(needsFreshInterpreter(runRequest(1, more), language, free)).toBe(true);
  });

  it('leaves a file alone that is where Bun waits', () => {
    expect(needsFreshInterpreter(runRequest(1), typescript, () => false)).toBe(true);
    expect(needsFreshInterpreter(runRequest(1), javascript, () => false)).toBe(false);
  });
});

describe("the launcher's order", () => {
  it('exports names that a shell knows', () => {
    const { exports, command } = launcherOrder(['bash', 'main.sh'], { A: '1', B_2: 'x y' }, { PATH: '/bin' });
    expect(exports).toEqual(['A=1', 'B_2=x y']);
    expect(command).toEqual(['bash', 'main.sh']);
  });

  it.each(['a-b', '1a', 'BASH_ENV', 'UID', 'SHELLOPTS'])('passes %s around the shell', (name) => {
    const { exports, command } = launcherOrder(['bash', 'main.sh'], { [name]: 'v' }, { PATH: '/bin' });
    expect(exports).toEqual([]);
    expect(command).toEqual(['/usr/bin/env', '-i', 'PATH=/bin', `${name}=v`, 'bash', 'main.sh']);
  });
});

describe('the limits of programs', () => {
  it('leave memory for the kernel, the agent and the waiting interpreters', () => {
    const { run, all } = guestLimits('MemTotal:         223752 kB\n');
    expect(all.memoryBytes).toBe((223_752 - 48 * 1024) * 1024);
    expect(run.memoryBytes).toBe((223_752 - 72 * 1024) * 1024);
    expect(run.processes).toBeLessThan(all.processes);
  });

  it('are half of a small guest at least', () => {
    const { run, all } = guestLimits('MemTotal:          65536 kB\n');
    expect([run.memoryBytes, all.memoryBytes]).toEqual([32 * 2 ** 20, 32 * 2 ** 20]);
  });
});

describe('the figures of a guest', () => {
  it('sum up what the kernel has for itself', () => {
    const meminfo = [
      'MemTotal:         223752 kB',
      'Slab:              20000 kB',
      'SReclaimable:       9000 kB',
      'KernelStack:        1000 kB',
      'PageTables:          500 kB',
      'SecPageTables:         1 kB',
      'VmallocUsed:        8000 kB',
      'Percpu:              400 kB',
    ];
    expect(kernelMemoryBytes(`${meminfo.join('\n')}\n`)).toBe((20_000 + 1000 + 500 + 1 + 400) * 1024);
    expect(kernelMemoryBytes('')).toBe(0);
  });

  it('take the counters of the one device', () => {
    const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:   11      12   13   14    15    16         17        18      19      20   21   22    23    24      25         26
  eth0:    1       2    3    4     5     6          7         8       9      10   11   12    13    14      15         16
`;
    const counters = { rxBytes: 1, rxPackets: 2, txBytes: 9, txPackets: 10 };
    expect(networkCounters(text, 'eth0')).toEqual(counters);
    expect(networkCounters(text.replace('eth0:    1', 'eth0:1'), 'eth0')).toEqual(counters);
    expect(networkCounters(text, 'eth1')).toBeNull();
  });
});
