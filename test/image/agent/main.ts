/** Stands in for the agent: reports what it finds in the guest as one line of JSON on the console. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';

/** A program's standard output, or its standard error after `failed: `. */
function shell(command: string): string {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : `failed: ${stderr.trim()}`;
}

function attempt(action: () => unknown): string {
  try {
    return String(action());
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'failed';
  }
}

const asRunner = (command: string) => shell(`setpriv --reuid 1000 --regid 1000 --clear-groups -- ${command}`);
const read = (path: string) => attempt(() => readFileSync(path, 'utf8').trim());
const mode = (path: string) => {
  const { mode: bits, uid, gid } = statSync(path);
  return `${(bits & 0o7777).toString(8)} ${uid}:${gid}`;
};

const facts = {
  pid: process.pid,
  bun: Bun.version,
  kernel: read('/proc/sys/kernel/osrelease'),
  hostname: read('/proc/sys/kernel/hostname'),
  mounts: Object.fromEntries(
    readFileSync('/proc/mounts', 'utf8')
      .trim()
      .split('\n')
      .map((line) => {
        const [, at, type, options] = line.split(' ');
        return [at, `${type} ${options}`];
      }),
  ),
  writeRoot: attempt(() => writeFileSync('/usr/bin/written', 'x')),
  writeDisk: shell('dd if=/dev/zero of=/dev/vda bs=512 count=1'),
  diskReadOnly: read('/sys/block/vda/ro'),
  fillHome: shell('dd if=/dev/zero of=/home/runner/fill bs=1M 2>&1; rm /home/runner/fill'),
  modes: Object.fromEntries(
    ['/', '/tmp', '/home/runner', '/dev/shm', '/run', '/dev/null'].map((p) => [p, mode(p)]),
  ),
  links: Object.fromEntries(
    ['fd', 'stdin', 'stdout', 'stderr'].map((name) => [name, readlinkSync(`/dev/${name}`)]),
  ),
  controllers: read('/sys/fs/cgroup/cgroup.subtree_control'),
  clock: read('/sys/devices/system/clocksource/clocksource0/current_clocksource'),
  loopback: shell('ip -brief address show lo'),
  python: shell(
    'TZ= python3 -c "import json, fractions, ssl, sqlite3, time; print(time.tzname[0], json.dumps([1]))"',
  ),
  locale: shell('python3 -c "import sys; print(sys.getfilesystemencoding(), \'é\')"'),
  bytecode: shell(
    'python3 -v -c "import json" 2>&1 | grep -c "code object from .*json/__init__.py.$" || true',
  ),
  runner: asRunner('id'),
  runnerSees: asRunner('ls -d /proc/1'),
  runnerDmesg: asRunner('dmesg'),
  runnerHome: asRunner('sh -c "cd /home/runner && echo x > f && cat f && rm f"'),
  coreLimit: shell('ulimit -c'),
  setuid: shell('find / -xdev -perm /6000 -type f'),
  modulesOnDisk: existsSync('/lib/modules'),
  boot: existsSync('/boot'),
  aptLists: attempt(() => readdirSync('/var/lib/apt').length),
};
console.log(`\nfacts ${JSON.stringify(facts)}`);
// The serial port sends what it holds before the reset.
spawnSync('/bin/sh', ['-c', 'sleep 0.5; echo b > /proc/sysrq-trigger']);
