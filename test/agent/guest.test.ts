/** The agent in a real guest, which is booted once for all of these. */
import { afterAll, beforeAll, describe, expect, it, setDefaultTimeout } from 'bun:test';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExitReport } from '../../src/protocol/messages.ts';
import { languages } from '../../vm-images/languages/mod.ts';
import type { RunOptions, RunResult } from './support/agent-client.ts';
import { TestGuest } from './support/guest.ts';
import { testImage } from './support/image.ts';

// No test is about how long something takes.
setDefaultTimeout(120_000);

let directory: string;
let guest: TestGuest;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'codeland-agent-'));
  guest = await TestGuest.boot({ image: await testImage(), directory });
}, 600_000);
afterAll(async () => {
  await guest[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const run = (language: string, code: string, options: RunOptions = {}): Promise<RunResult> =>
  guest.agent.run(language, code, options);

/** What is in the working directory and which processes the programs' user has, but for the waiting ones. */
async function leftovers(): Promise<string> {
  const { stdout } = await run(
    'bash',
    `shopt -s dotglob nullglob; echo *; find /tmp /var/tmp /dev/shm -user runner; pgrep -u runner -x sleep`,
  );
  return stdout;
}

/** Brings the working directory back to empty. */
async function cleaned(): Promise<void> {
  await run('bash', ':', { warmUp: true });
}

describe('the agent', () => {
  it('says hello with every language', async () => {
    const hello = await guest.agent.hello();
    expect(hello.languages).toEqual(languages.map(({ name }) => name));
  });

  it('makes the guest its own machine', async () => {
    const machineId = '0123456789abcdef0123456789abcdef';
    const prepared = await guest.agent.prepare('runner-7', machineId);
    expect(prepared).toMatchObject({ hostname: 'runner-7', machineId });
    expect(Object.keys(prepared.draws).sort()).toEqual(['bun', 'kernel', 'python']);
    const { stdout } = await run('bash', 'hostname; cat /etc/machine-id; getent hosts runner-7');
    expect(stdout.split('\n')).toEqual(['runner-7', machineId, expect.stringContaining('127.0.1.1'), '']);
    const again = await guest.agent.prepare('runner-7', machineId);
    for (const [generator, draw] of Object.entries(prepared.draws))
      expect(again.draws[generator]).not.toBe(draw);
  });

  it.each(languages.map(({ name, warmUp }) => ({ name, warmUp })))(
    'warms $name up and leaves nothing',
    async (language) => {
      for (const path of language.warmUp) {
        const code = readFileSync(join(import.meta.dirname, '../../vm-images/languages', path), 'utf8');
        const { report, stdout } = await run(language.name, code, { warmUp: true });
        expect(report.code).toBe(0);
        expect(stdout).not.toBe('');
      }
      expect(await leftovers()).toBe('main.sh\n');
      await cleaned();
    },
  );

  it('undoes what a warm-up left', async () => {
    const code =
      'mkdir -p a/b; echo x >a/b/c; echo x >.hidden; echo x >/tmp/t; echo x >/dev/shm/s; sleep 1000 & disown';
    await run('bash', code, { warmUp: true });
    await run('javascript', "globalThis.left = 1; require('fs').writeFileSync('/tmp/js', '')", {
      warmUp: true,
    });
    expect(await leftovers()).toBe('main.sh\n');
    expect((await run('javascript', 'console.log(typeof left)')).stdout).toBe('undefined\n');
    await cleaned();
  });

  it('goes on after the host has come back', async () => {
    await guest.reconnect();
    expect((await guest.agent.hello()).type).toBe('hello');
    expect((await run('bash', 'echo still here')).stdout).toBe('still here\n');
  });

  it('refuses what it cannot run', async () => {
    expect(run('cobol', '')).rejects.toThrow('no such language');
    expect(run('bash', '', { files: { '../x': '' } })).rejects.toThrow('not a path');
    await run('bash', 'ln -s /etc link; ln -s /etc/passwd file.txt; mkdir main.py');
    expect(run('bash', '', { files: { 'link/x': '' } })).rejects.toThrow('cannot write');
    const { stdout } = await run('bash', 'cat file.txt; stat -c %F file.txt; id -un', {
      files: { 'file.txt': 'mine\n' },
    });
    expect(stdout).toBe('mine\nregular file\nrunner\n');
    expect((await run('python', 'print("written over")')).stdout).toBe('written over\n');
    await cleaned();
  });
});

describe('a program', () => {
  const FACTS = [
    {
      language: 'javascript',
      code: `console.log(require.main === module, __filename, process.argv.slice(1).join(), process.execArgv.length);
        console.log(require('fs').readdirSync('.').join(), Object.keys(require.cache).length, process.ppid);`,
      stdout: 'true /home/runner/main.js /home/runner/main.js,a,ü b 0\nmain.js 1 1\n',
    },
    {
      language: 'typescript',
      code: `const main: boolean = import.meta.main; console.log(main, Bun.main, process.argv.slice(1).join());
        console.log((await import('node:fs')).readdirSync('.').join());`,
      stdout: 'true /home/runner/main.ts /home/runner/main.ts,a,ü b\nmain.ts\n',
    },
    {
      language: 'python',
      code: `import sys
print(__name__, __file__, ','.join(sys.argv), sys.path[0], 'sitecustomize' in sys.modules)`,
      stdout: '__main__ /home/runner/main.py main.py,a,ü b /home/runner False\n',
    },
    { language: 'bash', code: 'echo "$0 $* $PWD"', stdout: 'main.sh a ü b /home/runner\n' },
  ];

  it.each(FACTS)('of $language is a main program', async ({ language, code, stdout }) => {
    await cleaned();
    const result = await run(language, code, { args: ['a', 'ü b'] });
    expect(result.stdout).toBe(stdout);
    expect(result.stderr).toBe('');
  });

  it.each([
    [
      'javascript',
      "console.log(require('fs').readFileSync('/proc/thread-self/children', 'utf8').trim().split(' ').length);",
      '1\n',
    ],
    [
      'python',
      `import os
print(len(open('/proc/thread-self/children').read().split()))
try:
    os.wait()
except ChildProcessError:
    print('nobody to wait for')`,
      '1\nnobody to wait for\n',
    ],
  ])('of %s has a keeper of its memory, for which it cannot wait', async (language, code, stdout) => {
    const result = await run(language, code);
    expect(result.stderr).toBe('');
    expect(result.stdout).toBe(stdout);
  });

  it.each([
    [
      'javascript',
      "process.stdout.write(require('fs').readFileSync(0)); const c = require('child_process'); process.stdout.write(c.execSync('env; ls /proc/self/fd').toString() + Bun.spawnSync(['env']).stdout)",
    ],
    [
      'python',
      "import sys, subprocess\nsys.stdout.write(input() + '\\n')\nsys.stdout.flush()\nsubprocess.run('env; ls /proc/self/fd', shell=True)",
    ],
    ['bash', 'cat; env; ls /proc/self/fd'],
  ])('of %s has its input, its environment and no descriptors more', async (language, code) => {
    const { stdout } = await run(language, code, {
      stdin: 'given\n',
      env: { MINE: 'a b', TZ: 'Asia/Tokyo' },
    });
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('given');
    expect(lines).toContain('MINE=a b');
    expect(lines).toContain('TZ=Asia/Tokyo');
    expect(lines).toContain('HOME=/home/runner');
    expect(lines.filter((line) => /^\d+$/.test(line))).toEqual(['0', '1', '2', '3']);
    expect(stdout).not.toMatch(/CODELAND|PYTHONPATH/);
  });

  it.each([
    ['javascript', "for (let i = 0; i < 40; i++) { console.log('o' + i); console.error('e' + i); }"],
    [
      'python',
      "import sys\nfor i in range(40):\n print(f'o{i}', flush=True)\n print(f'e{i}', file=sys.stderr)",
    ],
    ['bash', 'for ((i = 0; i < 40; i++)); do echo o$i; echo e$i >/dev/stderr; done'],
  ])('of %s is heard in the order in which it wrote', async (language, code) => {
    const { chunks } = await run(language, code);
    const expected: RunResult['chunks'] = Array.from({ length: 80 }, (_, index) => ({
      stream: index % 2 === 0 ? 'stdout' : 'stderr',
      text: `${index % 2 === 0 ? 'o' : 'e'}${Math.floor(index / 2)}\n`,
    }));
    expect(chunks).toEqual(expected);
  });

  const ENDS: [string, string, Pick<ExitReport, 'code' | 'signal'>][] = [
    ['javascript', 'process.exit(3)', { code: 3, signal: null }],
    [
      'javascript',
      "process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 9999)",
      { code: null, signal: 'SIGTERM' },
    ],
    ['python', 'import sys; sys.exit(4)', { code: 4, signal: null }],
    ['python', 'import os; os.abort()', { code: null, signal: 'SIGABRT' }],
    ['bash', 'exit 5', { code: 5, signal: null }],
    ['bash', 'kill -9 $$', { code: null, signal: 'SIGKILL' }],
    // With SIGPIPE ignored, yes would complain and exit 1.
    ['bash', 'set -o pipefail; yes | head -n 1', { code: 141, signal: null }],
  ];
  it.each(ENDS)('of %s ends as it says: %s', async (language, code, expected) => {
    const { report } = await run(language, code);
    expect(report).toMatchObject({ ...expected, timedOut: false, outOfMemory: false, truncated: false });
  });

  it('has a native traceback', async () => {
    const { stderr, report } = await run('python', 'def f():\n    return 1 / 0\n\nf()\n');
    expect(report.code).toBe(1);
    expect(stderr).toBe(
      'Traceback (most recent call last):\n' +
        '  File "/home/runner/main.py", line 4, in <module>\n    f()\n' +
        '  File "/home/runner/main.py", line 2, in f\n    return 1 / 0\n           ~~^~~\n' +
        'ZeroDivisionError: division by zero\n',
    );
    const error = await run('typescript', "const a: number = 1;\nthrow new RangeError('no ' + a);");
    expect(error.report.code).toBe(1);
    expect(error.stderr).toMatch(/RangeError: no 1\n\s+at .*\/home\/runner\/main\.ts:2:/);
  });

  it('destroys its objects at its end', async () => {
    const code =
      "import atexit\nclass A:\n    def __del__(self): print('gone')\na = A()\natexit.register(print, 'exit')";
    expect((await run('python', code)).stdout).toBe('exit\ngone\n');
  });

  it('gets an interpreter of its own where it needs one', async () => {
    await cleaned();
    const commonJs = await run('javascript', "import a from 'a'; console.log(a, process.env.FROM_FILE)", {
      files: {
        'node_modules/a/index.js': 'module.exports = 5',
        'package.json': '{}',
        '.env': 'FROM_FILE=yes',
      },
    });
    expect(commonJs.stdout).toBe('5 yes\n');
    const python = await run('python', 'import sys; print(sys.flags.optimize, hash("a"))', {
      env: { PYTHONOPTIMIZE: '1', PYTHONHASHSEED: '0' },
    });
    expect(python.stdout).toMatch(/^1 -?\d+\n$/);
    await cleaned();
  });

  it('may write much', async () => {
    const { stdout, report } = await run('python', "print('x' * 3_000_000)");
    expect(stdout.length).toBe(3_000_001);
    expect(report.truncated).toBe(false);
  });
});

describe('a hostile program', () => {
  it('that prints without end is cut off and stopped', async () => {
    const { stdout, report } = await run('bash', 'yes', { outputLimitBytes: 100_000, timeLimitMs: 3000 });
    expect(stdout.length).toBe(100_000);
    expect(report).toMatchObject({ timedOut: true, truncated: true, signal: 'SIGKILL' });
  });

  it('that holds its pipe does not hold its run', async () => {
    const { stdout, report } = await run('bash', 'sleep 1000 & echo started');
    expect(stdout).toBe('started\n');
    expect(report.code).toBe(0);
    expect((await run('bash', 'sleep 0.5; pgrep -x sleep')).stdout).toBe('');
  });

  it('that forks without end is stopped', async () => {
    const { report } = await run('bash', 'f() { f | f & }; f; sleep 1000', { timeLimitMs: 5000 });
    expect(report.timedOut).toBe(true);
    expect((await run('bash', 'echo alive')).stdout).toBe('alive\n');
  });

  it('that eats memory is stopped', async () => {
    const { report } = await run('python', "a = []\nwhile True: a.append(b'x' * 1_000_000)");
    expect(report).toMatchObject({ outOfMemory: true, signal: 'SIGKILL', timedOut: false });
    expect(report.peakMemoryBytes).toBeGreaterThan(50_000_000);
  });

  it('that fills the disk gets an error or is stopped', async () => {
    const { report } = await run('bash', 'dd if=/dev/zero of=big bs=1M status=none || exit 9');
    expect(report.code === 9 || report.outOfMemory).toBe(true);
    await cleaned();
  });

  it('that kills what it can kills only itself and those who wait', async () => {
    await run('bash', 'kill -9 -1');
    await cleaned();
    for (const { name, check } of languages) expect((await run(name, check.code)).stdout).toBe(check.stdout);
  });

  it('reaches none of what the agent relies on', async () => {
    const { stdout } = await run(
      'bash',
      `kill -9 1; for file in /dev/vport* /sys/fs/cgroup/runs/*/cgroup.procs /sys/fs/cgroup/runs/*/memory.max \\
        /proc/sys/kernel/hostname /opt/codeland/agent/agent.js /run/codeland/*/order /etc/hosts /dev/vda; do
        if [ -w "$file" ]; then echo "writable: $file"; fi
      done 2>/dev/null
      for file in /proc/1/environ /dev/vport* /dev/vda; do [ -r "$file" ] && echo "readable: $file"; done
      grep -E 'NoNewPrivs|CapEff|CapBnd|^Groups' /proc/self/status; id -u; ulimit -c; umask; echo done`,
    );
    const lines = stdout.split('\n');
    expect(lines.filter((line) => /able: /.test(line))).toEqual([]);
    expect(stdout).toContain('NoNewPrivs:\t1');
    expect(stdout).toContain('CapEff:\t0000000000000000');
    expect(lines.slice(-5)).toEqual(['1000', '0', '0022', 'done', '']);
  });

  it('is stopped when the host says so', async () => {
    const { id, outcome } = guest.agent.start({ language: 'bash', code: 'sleep 1000 & sleep 1000' });
    guest.agent.send({ type: 'kill', id });
    expect(await outcome).toMatchObject({ type: 'exit', signal: 'SIGKILL', timedOut: false });
  });
});
