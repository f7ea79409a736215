/** One guest that goes on: many programs, some at once, some that leave processes, some hostile. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, setDefaultTimeout } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { languages } from '../../vm-images/languages/mod.ts';
import { until } from '../support/until.ts';
import type { RunOptions, RunResult } from './support/agent-client.ts';
import { TestGuest } from './support/guest.ts';
import { testImage } from './support/image.ts';

// No test is about how long something takes.
setDefaultTimeout(240_000);

/** Runs whose processes may live on. */
const MOST_LIVING = 64;

let directory: string;
let guest: TestGuest;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'codeland-agent-'));
  guest = await TestGuest.boot({ image: await testImage(), directory });
  await guest.agent.prepare();
}, 600_000);
afterAll(async () => {
  await guest[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});
beforeEach(async () => {
  await bash('kill -9 -1');
  await bash('chmod 755 ~; shopt -s dotglob nullglob; rm -rf ~/* /tmp/* /dev/shm/*; true');
});

const run = (language: string, code: string, options: RunOptions = {}): Promise<RunResult> =>
  guest.agent.run(language, code, { keep: true, ...options });

/** What a Bash program prints. */
async function bash(code: string, options: RunOptions = {}): Promise<string> {
  return (await run('bash', code, options)).stdout;
}

/** How many processes have exactly this name. */
const count = async (name: string): Promise<number> => Number(await bash(`pgrep -c -x ${name}`));

/** Waits until exactly these files are in the home: a Bun that starts has one there for a moment. */
async function expectFiles(...names: readonly string[]): Promise<void> {
  await until(`the files ${names.join()}`, async () => (await bash('ls -A')) === `${names.join('\n')}\n`);
}

/** Counts the slots' groups: of what waits and of what is left of runs. */
const GROUPS = 'ls -d /sys/fs/cgroup/runs/*/ | wc -l';

/** How many groups there are once what waits has been replaced. */
async function groups(): Promise<number> {
  await Bun.sleep(1000);
  return Number(await bash(GROUPS));
}

describe('a guest', () => {
  it('tells how it is, also while a program runs', async () => {
    const before = await guest.agent.stats();
    const running = guest.agent.start({ language: 'bash', code: 'sleep 1000' });
    let ended = false;
    void running.outcome.then(() => {
      ended = true;
    });
    expect(await count('sleep')).toBe(1);
    const during = await guest.agent.stats();
    expect(during.uptimeMs).toBeGreaterThan(before.uptimeMs);
    expect(during.processes).toBeGreaterThan(10);
    expect(during.kernelMemoryBytes).toBeGreaterThan(4 * 2 ** 20);
    expect(during.kernelMemoryBytes).toBeLessThan(128 * 2 ** 20);
    expect(ended).toBe(false);
    guest.agent.send({ type: 'kill', id: running.id });
    await running.outcome;
  });

  it('counts its processes', async () => {
    const before = await guest.agent.stats();
    await bash('for i in {1..20}; do sleep 1000 & done');
    expect((await guest.agent.stats()).processes).toBeGreaterThanOrEqual(before.processes + 20);
  });

  it('has the addresses that it was given, no way out, and no IPv6 outside of itself', async () => {
    const prepared = await guest.agent.prepare();
    expect(prepared).toMatchObject({ mac: '52:54:00:10:00:07', address: '172.16.0.7' });
    const facts = await bash(
      'cat /sys/class/net/eth0/address; ip -o addr show dev eth0; ip route; ip -6 route',
    );
    expect(facts.split('\n')[0]).toBe('52:54:00:10:00:07');
    expect(facts).toMatch(/ inet 172\.16\.0\.7\/12 /);
    expect(facts).not.toMatch(/inet6|default|fe80/);
    expect(await bash('ip link show up | grep -c eth0')).toBe('1\n');
  });

  it('counts what goes through its network device', async () => {
    const before = await guest.agent.stats();
    await run(
      'python',
      "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ns.sendto(b'x' * 100, ('172.31.0.1', 9))\n",
    );
    await until('a packet', async () => {
      const { network } = await guest.agent.stats();
      return (network?.txPackets ?? 0) > (before.network?.txPackets ?? 0);
    });
    const { network } = await guest.agent.stats();
    expect(network?.txBytes).toBeGreaterThan(before.network?.txBytes ?? 0);
    expect(network?.rxPackets).toBe(0);
  });
});

describe('what a program leaves', () => {
  it('is there for the next one: files', async () => {
    await run('python', "open('a.txt', 'w').write('kept')");
    expect((await run('javascript', "console.log(await Bun.file('a.txt').text())")).stdout).toBe('kept\n');
    await expectFiles('a.txt', 'main.sh');
    expect(await bash('cat a.txt')).toBe('kept');
  });

  it.each([
    [
      'bash',
      "nohup bash -c 'while :; do date >alive; sleep 0.2; done' >/dev/null 2>&1 & disown; echo started",
    ],
    [
      'python',
      `import subprocess
subprocess.Popen(['bash', '-c', 'while :; do date >alive; sleep 0.2; done'], start_new_session=True)
print('started')`,
    ],
    [
      'javascript',
      `const child = Bun.spawn(['bash', '-c', 'while :; do date >alive; sleep 0.2; done']);
child.unref();
console.log('started');`,
    ],
    [
      'typescript',
      `import { spawn } from 'node:child_process';
spawn('bash', ['-c', 'while :; do date >alive; sleep 0.2; done'], { detached: true, stdio: 'ignore' }).unref();
console.log('started');`,
    ],
  ])('is there for the next one: a process of %s', async (language, code) => {
    const { stdout, stderr, report } = await run(language, code);
    expect([stdout, stderr, report.code]).toEqual(['started\n', '', 0]);
    for (let round = 0; round < 3; round++)
      expect(
        await bash('rm -f alive; for i in {1..100}; do [ -s alive ] && break; sleep 0.1; done; ls alive'),
      ).toBe('alive\n');
  });

  it('answers over the network of the guest', async () => {
    await run(
      'python',
      `import os
if os.fork() == 0:
    import http.server
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'hello')
    server = http.server.HTTPServer(('127.0.0.1', 8000), Handler)
    open('listening', 'w').close()
    server.serve_forever()`,
    );
    await until('a server', async () => (await bash('ls')).includes('listening'));
    for (let round = 0; round < 3; round++)
      expect(await bash('curl -s http://127.0.0.1:8000/')).toBe('hello');
    const code = "console.log(await (await fetch('http://127.0.0.1:8000/')).text())";
    expect((await run('javascript', code)).stdout).toBe('hello\n');
  });

  it('may write without end: nobody hears it, and it never waits for long', async () => {
    // Each round is more than a pipe holds.
    const code = `(n=0; while :; do head -c 400000 /dev/zero; head -c 400000 /dev/zero >&2; echo $((n += 1)) >n; done) &
      echo started`;
    const { stdout, stderr } = await run('bash', code, { outputLimitBytes: 1000 });
    expect([stdout, stderr.length]).toEqual(['started\n', 0]);
    await until('it to write on', async () => Number(await bash('cat n')) > 5);
    const { stdout: heard } = await run('python', "print('only mine')");
    expect(heard).toBe('only mine\n');
  });

  it('goes without keep', async () => {
    await run('bash', 'sleep 1000 & disown', { keep: false });
    await until('the end of it', async () => (await count('sleep')) === 0);
  });

  it('loses its group once its last process has ended', async () => {
    const before = await groups();
    await bash('sleep 1000 & sleep 1001 &');
    expect(await groups()).toBe(before + 1);
    await bash('pkill -f "sleep 1000"');
    expect(await groups()).toBe(before + 1);
    await bash('pkill -f "sleep 1001"');
    await until('the group to go', async () => (await groups()) === before);
  });

  it(`is kept of ${MOST_LIVING} runs, and what more of them leave is ended with them`, async () => {
    const before = await groups();
    for (let index = 0; index < MOST_LIVING + 6; index++) await bash('sleep 1000 &');
    await until('the last ones to end', async () => (await count('sleep')) === MOST_LIVING);
    expect(await groups()).toBe(before + MOST_LIVING);
    // The oldest are there, so no server is lost to later runs; and somebody can make room.
    await bash('pkill -x sleep');
    await until('the groups to go', async () => (await groups()) === before);
    await bash('sleep 1000 &');
    expect(await count('sleep')).toBe(1);
  });
});

describe('a run that is stopped', () => {
  const TREE = `
    sleep 1001 &
    setsid sleep 1002 &
    (setsid bash -c 'sleep 1003 & disown' &)
    nohup setsid bash -c 'trap "" TERM HUP INT; while :; do sleep 1; done' >/dev/null 2>&1 &
    sleep 1004`;

  it('at its limit loses all its processes, and others keep theirs', async () => {
    await bash('exec -a mine sleep 2000 &');
    const { report } = await run('bash', TREE, { timeLimitMs: 3000 });
    expect(report).toMatchObject({ timedOut: true, signal: 'SIGKILL' });
    await until(
      'the tree to end',
      async () => (await bash('pgrep -u runner -f "sleep 100|trap" -c')) === '0\n',
    );
    expect(await bash('pgrep -c -f "^mine"')).toBe('1\n');
  });

  it('by the host loses all its processes, and others keep theirs', async () => {
    await bash('exec -a mine sleep 2000 &');
    const started = guest.agent.start({ language: 'bash', code: `${TREE}`, keep: true });
    await until('the tree', async () => (await bash('pgrep -f "sleep 1004" -c')) === '1\n');
    guest.agent.send({ type: 'kill', id: started.id });
    expect(await started.outcome).toMatchObject({ type: 'exit', signal: 'SIGKILL', timedOut: false });
    await until(
      'the tree to end',
      async () => (await bash('pgrep -u runner -f "sleep 100|trap" -c')) === '0\n',
    );
    expect(await bash('pgrep -c -f "^mine"')).toBe('1\n');
  });

  it.each(languages.map(({ name }) => name))(
    'while its %s starts is gone, and the next one runs',
    async (name) => {
      const code = 'while :; do :; done';
      const started = Array.from({ length: 3 }, () =>
        guest.agent.start({ language: name, code, keep: true }),
      );
      for (const { id } of started) guest.agent.send({ type: 'kill', id });
      for (const { outcome } of started)
        expect(await outcome).toMatchObject({ type: 'exit', signal: 'SIGKILL' });
      const check = languages.find((language) => language.name === name)?.check;
      expect((await run(name, check?.code ?? '')).stdout).toBe(check?.stdout ?? '');
    },
  );

  it('under a bomb of forks leaves the guest usable', async () => {
    const bomb = 'f() { f | f & }; f; sleep 1000';
    const { report } = await run('bash', bomb, { timeLimitMs: 5000 });
    expect(report.timedOut).toBe(true);
    for (const { name, check } of languages) expect((await run(name, check.code)).stdout).toBe(check.stdout);
  });
});

describe('runs at once', () => {
  /** Prints a word, waits until all are there, and prints where its text is. */
  const CODE: Readonly<Record<string, (word: string) => string>> = {
    javascript: (word) => `import { readFileSync } from 'node:fs';
      console.log('${word}', import.meta.main);
      await Bun.sleep(300);
      console.log(readFileSync(Bun.main, 'utf8').includes('${word}'));`,
    typescript: (word) => `const word: string = '${word}';
      console.log(word, import.meta.main);
      await Bun.sleep(300);
      console.log((await Bun.file(Bun.main).text()).includes('${word}'));`,
    python: (word) => `import sys, time
print('${word}', 'true' if __name__ == '__main__' else 'false')
time.sleep(0.3)
print('true' if '${word}' in open(sys.argv[0]).read() else 'false')`,
    bash: (word) => `echo '${word} true'
sleep 0.3
grep -q '${word}' "$0" && echo true`,
  };

  it('each execute their own program, in every language', async () => {
    for (let round = 0; round < 3; round++) {
      const wanted = ['javascript', 'python', 'bash', ...(round === 2 ? ['typescript'] : [])].flatMap(
        (language) =>
          Array.from({ length: 4 }, (_, index) => ({ language, word: `${language}-${round}-${index}` })),
      );
      const runs = wanted.map(({ language, word }) => run(language, CODE[language]?.(word) ?? ''));
      const results = await Promise.all(runs);
      for (const [index, { word }] of wanted.entries()) {
        const { stdout, stderr, report } = results[index] ?? {};
        expect({ word, stdout, stderr, code: report?.code }).toEqual({
          word,
          stdout: `${word} true\ntrue\n`,
          stderr: '',
          code: 0,
        });
      }
      await expectFiles('main.sh');
    }
  });

  it('have names of their own only where the usual one is taken', async () => {
    const NAME = { javascript: 'console.log(Bun.main)', python: 'print(__file__)', bash: 'echo $PWD/$0' };
    for (const [language, code] of Object.entries(NAME)) {
      const usual = `/home/runner/main.${{ javascript: 'js', python: 'py', bash: 'sh' }[language]}\n`;
      expect((await run(language, code)).stdout).toBe(usual);
      const both = await Promise.all([run(language, code), run(language, code)]);
      expect(both.map(({ stdout }) => stdout)).toEqual([usual, usual.replace('main.', 'main-2.')]);
      expect((await run(language, code)).stdout).toBe(usual);
    }
    await expectFiles('main.sh');
  });

  it('leave files alone that have such a name', async () => {
    await bash('echo mine >main-2.py');
    const wait = 'import time; time.sleep(1); print(__file__)';
    const both = await Promise.all([
      run('python', wait),
      run('python', wait, { files: { 'main-3.py': 'also mine' } }),
    ]);
    expect(both.map(({ stdout }) => stdout)).toEqual(['/home/runner/main.py\n', '/home/runner/main-4.py\n']);
    expect(await bash('cat main-2.py main-3.py')).toBe('mine\nalso mine');
  });

  it('do not write over the program of another one', async () => {
    const first = run('python', 'import time; time.sleep(1); print(open(__file__).read()[:11])');
    await expect(run('bash', 'true', { files: { './main.py': 'x' } })).rejects.toThrow('a run under way');
    expect((await first).stdout).toBe('import time\n');
  });

  it('keep their files as long as what they leave', async () => {
    const both = await Promise.all([run('bash', 'sleep 1'), run('bash', 'sleep 1000 & sleep 1; echo $0')]);
    expect(both[1]?.stdout).toBe('main-2.sh\n');
    await expectFiles('main-2.sh', 'main.sh');
    await bash('pkill -f "sleep 1000"');
    await expectFiles('main.sh');
  });

  it('keep their outputs apart', async () => {
    const code = (letter: string) => `print('${letter}' * 500_000)`;
    const results = await Promise.all(['a', 'b', 'c'].map((letter) => run('python', code(letter))));
    expect(results.map(({ stdout }) => [stdout.length, new Set(stdout.trim()).size, stdout[0]])).toEqual([
      [500_001, 1, 'a'],
      [500_001, 1, 'b'],
      [500_001, 1, 'c'],
    ]);
  });

  it('that eat all memory are stopped, and the guest goes on', async () => {
    const hog = "a = []\nwhile True: a.append(b'x' * 1_000_000)";
    const results = await Promise.all([
      run('python', hog),
      run('python', hog),
      run('bash', 'sleep 1; echo here'),
    ]);
    for (const { report } of results.slice(0, 2)) expect(report.signal).toBe('SIGKILL');
    for (const { name, check } of languages) expect((await run(name, check.code)).stdout).toBe(check.stdout);
  });
});

describe('a hostile program', () => {
  const works = async () => {
    for (const { name, check } of languages) expect((await run(name, check.code)).stdout).toBe(check.stdout);
  };

  it.each([
    ['javascript', "require('fs').unlinkSync(Bun.main); console.log('gone')"],
    ['typescript', "(await import('node:fs')).unlinkSync(Bun.main); console.log('gone')"],
    ['python', "import os; os.unlink(__file__); print('gone')"],
    ['bash', 'rm "$0"; echo gone'],
  ])('of %s that removes its own file harms nobody', async (language, code) => {
    expect((await run(language, code)).stdout).toBe('gone\n');
    await works();
  });

  it('that leaves something else where programs go harms nobody', async () => {
    await bash(
      'rm -f main.*; mkdir -p main.js/a main.py/b main.ts; mkfifo main.sh; ln -s /etc/passwd main-2.js',
    );
    await works();
    await expectFiles('main-2.js', 'main.sh');
  });

  it('that closes or removes the home harms nobody', async () => {
    await bash('rm -rf ~; mv ~ /tmp/home; chmod 000 ~');
    expect(await bash('chmod 755 ~; echo opened')).toBe('opened\n');
    await works();
  });

  it('that fills the disk leaves room for a run that empties it', async () => {
    await bash('cat /dev/zero >/tmp/big; cat /dev/zero >~/big; cat /dev/zero >/run/lock/big');
    await bash('for i in {1..2000}; do : >/tmp/f$i; done; rm ~/big; cat /dev/zero >~/big');
    for (const { name, check } of languages) expect((await run(name, check.code)).stdout).toBe(check.stdout);
    expect(await bash('rm -f /tmp/* ~/big /run/lock/big; echo emptied')).toBe('emptied\n');
    await works();
    await expectFiles('main.sh');
  });

  it('that ends all it can takes only itself and what others left', async () => {
    await bash('sleep 1000 &');
    const { report } = await run('bash', 'kill -9 -1; kill -9 0; sleep 5');
    expect(report.signal).toBe('SIGKILL');
    await works();
    expect(await count('sleep')).toBe(0);
  });

  it('that leaves as many processes as it may leaves the guest usable', async () => {
    const { report } = await run('bash', 'for i in {1..300}; do sleep 1000 & done 2>/dev/null; exit 0', {
      timeLimitMs: 10_000,
    });
    expect(report.type).toBe('exit');
    for (let index = 0; index < 3; index++) await run('bash', 'for i in {1..120}; do sleep 1000 & done');
    expect(await count('sleep')).toBeGreaterThan(300);
    await works();
  });
});

it('many runs leave nothing: no open file, no group, no folder, no file, no process', async () => {
  const FACTS = `cut -f1 /proc/sys/fs/file-nr; ${GROUPS}; ls /run/codeland | wc -l; ls -A | grep -cv '^main[.]js$'; ls /tmp | wc -l;
    ps -u runner --no-headers | wc -l`;
  const round = async () => {
    for (const { name, check } of languages) {
      const results = await Promise.all([run(name, check.code), run(name, check.code, { stdin: 'x' })]);
      for (const { stdout } of results) expect(stdout).toBe(check.stdout);
    }
    await run('bash', 'sleep 0.1 & disown');
    expect(run('cobol', '')).rejects.toThrow('no such language');
    await run('bash', 'sleep 1000', { timeLimitMs: 300 });
  };
  /** What it is when nothing is on its way any more. */
  const facts = async (): Promise<number[]> => {
    await Bun.sleep(2000);
    await until(
      'every interpreter to wait',
      async () => (await guest.agent.hello()).languages.length === languages.length,
    );
    return (await bash(FACTS)).trim().split('\n').map(Number);
  };
  await round();
  const [filesBefore = 0, ...before] = await facts();
  const kernelBefore = (await guest.agent.stats()).kernelMemoryBytes;
  for (let index = 0; index < 6; index++) await round();
  const [files = 0, ...after] = await facts();
  expect(after).toEqual(before);
  // The kernel counts open files in steps; one leaked by each of 60 runs shows.
  expect(Math.abs(files - filesBefore)).toBeLessThan(50);
  expect((await guest.agent.stats()).kernelMemoryBytes - kernelBefore).toBeLessThan(8 * 2 ** 20);
});
