/** Persistent runners: what stays between runs, what does not, and runs side by side. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { BASES } from '../support/bases.ts';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

let service: TestService;
let runner: string;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '1', CODELAND_RUNS_PER_RUNNER: '4' });
  runner = await service.create();
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

/** What bash code prints on the runner. */
async function bash(code: string, query = ''): Promise<unknown> {
  const { status, body } = await service.runOn(runner, { language: 'bash', code }, query);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body['stdout'];
}

const say = (name: string) => until(name, async () => (await bash(`ls ${name} 2>&1`)) === `${name}\n`);

/** Names of the processes of the runner's user that start with `mark`. */
const marked = (mark: string) => bash(`ps -u "$(id -u)" -o args= | grep -o '^${mark}[a-z-]*' | sort; true`);

describe('a new runner', () => {
  it.each([
    ['an empty object', BASES[0], '{}'],
    ['nothing', BASES[1], undefined],
  ])('is made from %s', async (_, base, body) => {
    await service.ready();
    const call = { method: 'POST', ...(body === undefined ? {} : { body }) };
    const { status, body: answer } = await service.request(base.create, call);
    expect(status).toBe(200);
    expect(answer).toMatchObject({ res: '', stdout: '', stderr: '', truncated: false, exitCode: null });
    expect(answer['runner']).toMatch(/^runner-\d+$/);
    await service.remove(String(answer['runner']));
  });

  it.each(BASES)('runs its first code by $create, and keeps what that did', async (base) => {
    await service.ready();
    const code =
      "import { writeFileSync } from 'node:fs'; writeFileSync('first', 'kept'); console.log('made');";
    const { status, body } = await service.request(base.create, { body: { code } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ res: btoa('made'), stdout: 'made\n', exitCode: 0 });
    const name = String(body['runner']);
    const next = await service.request(base.runOn(name), { body: { code: 'cat first', language: 'bash' } });
    expect(next.body).toMatchObject({ stdout: 'kept', runner: name });
    expect((await service.request(base.runner(name), { method: 'DELETE' })).body).toEqual({ res: 'success' });
  });

  it('is made with files alone', async () => {
    const name = await service.create({ files: { 'data/note': 'there from the start' } });
    const { body } = await service.runOn(name, { language: 'bash', code: 'cat data/note' });
    expect(body['stdout']).toBe('there from the start');
    await service.remove(name);
  });

  it('stays when its first code fails', async () => {
    await service.ready();
    const { status, body } = await service.request('/api/v1/runner/new', {
      body: { code: 'process.exit(3)' },
    });
    expect(status).toBe(200);
    expect(body['exitCode']).toBe(3);
    expect((await service.remove(String(body['runner']))).status).toBe(200);
  });
});

describe('what one run leaves, the next one finds:', () => {
  it.each([
    {
      language: 'javascript',
      first: "import { writeFileSync } from 'node:fs'; writeFileSync('js-note', 'from javascript');",
      next: "import { readFileSync } from 'node:fs'; console.log(readFileSync('js-note', 'utf8'));",
      stdout: 'from javascript\n',
    },
    {
      language: 'typescript',
      first: "await Bun.write('ts-note', 'from typescript' satisfies string);",
      next: "const text: string = await Bun.file('ts-note').text(); console.log(text);",
      stdout: 'from typescript\n',
    },
    {
      language: 'python',
      first: "open('py-note', 'w').write('from python')",
      next: "print(open('py-note').read())",
      stdout: 'from python\n',
    },
    { language: 'bash', first: 'echo from bash > sh-note', next: 'cat sh-note', stdout: 'from bash\n' },
  ])('a file, in $language', async ({ language, first, next, stdout }) => {
    expect((await service.runOn(runner, { language, code: first })).body).toMatchObject({ exitCode: 0 });
    expect((await service.runOn(runner, { language, code: next })).body).toMatchObject({
      stdout,
      stderr: '',
    });
  });

  it.each([
    {
      language: 'javascript',
      files: { 'node_modules/twice/index.js': 'export const twice = (n) => 2 * n;' },
      code: "import { twice } from 'twice'; console.log(twice(21));",
    },
    {
      language: 'typescript',
      files: { 'lib/twice.ts': 'export const twice = (n: number): number => 2 * n;' },
      code: "import { twice } from './lib/twice.ts'; console.log(twice(21));",
    },
    {
      language: 'python',
      files: { 'twice/__init__.py': 'def twice(n): return 2 * n' },
      code: 'from twice import twice; print(twice(21))',
    },
    {
      language: 'bash',
      files: { 'twice.sh': 'twice() { echo $((2 * $1)); }' },
      code: '. ./twice.sh; twice 21',
    },
  ])('an installed module, in $language', async ({ language, files, code }) => {
    expect((await service.runOn(runner, { language, code: '', files })).body).toMatchObject({ exitCode: 0 });
    expect((await service.runOn(runner, { language, code })).body).toMatchObject({
      stdout: '42\n',
      stderr: '',
    });
  });

  it.each([
    [
      'javascript',
      "require('child_process').spawn('bash', ['-c', 'exec -a left-js sleep 1000'], { detached: true }).unref();",
    ],
    ['typescript', "Bun.spawn(['bash', '-c', 'exec -a left-ts sleep 1000']).unref();"],
    ['python', "import subprocess; subprocess.Popen(['bash', '-c', 'exec -a left-py sleep 1000'])"],
    ['bash', '(exec -a left-sh sleep 1000) &'],
  ])('a background process, of %s', async (language, code) => {
    const { status, body } = await service.runOn(runner, { language, code });
    expect(status).toBe(200);
    expect(body).toMatchObject({ exitCode: 0 });
    const mark = /left-\w\w/.exec(code)?.[0] ?? '';
    await until('the process to have its name', async () => (await marked(mark)) === `${mark}\n`);
  });

  it('a background process that goes on with its work, and prints to nobody', async () => {
    await bash('(while :; do date +%s%N | tee tick; sleep 0.05; done) &');
    const [before, after] = [await tick(), await tick()];
    expect(after).not.toBe(before);
    expect(await bash('echo alone')).toBe('alone\n');
  });

  const tick = async () => {
    const before = await bash('cat tick 2>/dev/null; true');
    let now: unknown = before;
    await until('the next tick', async () => {
      now = await bash('cat tick');
      return now !== before && now !== '';
    });
    return now;
  };
});

describe('runs at the same time', () => {
  it('meet each other, and each gets its own output', async () => {
    const names = ['one', 'two', 'three'];
    const answers = await Promise.all(
      names.map((name) =>
        service.runOn(runner, {
          language: 'bash',
          stdin: `stdin of ${name}`,
          args: [name],
          // Each waits for all the others: none could end if they ran in turn.
          code: `touch here-$1; until [ -e here-one ] && [ -e here-two ] && [ -e here-three ]; do sleep 0.05; done
                 echo "out $1"; echo "err $1" >&2; cat`,
        }),
      ),
    );
    for (const [index, { status, body }] of answers.entries()) {
      const name = names[index];
      expect(status).toBe(200);
      expect(body).toMatchObject({
        stdout: `out ${name}\nstdin of ${name}`,
        stderr: `err ${name}\n`,
        runner,
      });
    }
  });

  it('in one language, each run their own code', async () => {
    for (const [language, print] of [
      ['javascript', (n: number) => `console.log(${n})`],
      ['python', (n: number) => `print(${n})`],
      ['bash', (n: number) => `echo ${n}`],
    ] as const) {
      const runs = [1, 2].map((n) => service.runOn(runner, { language, code: print(n) }));
      const answers = await Promise.all(runs);
      expect(answers.map(({ body }) => body['stdout'])).toEqual(['1\n', '2\n']);
    }
  });

  it('run in different languages', async () => {
    const programs = [
      { language: 'javascript', code: "console.log('in', 'javascript')" },
      { language: 'typescript', code: "console.log('in', 'typescript' as string)" },
      { language: 'python', code: "print('in', 'python')" },
      { language: 'bash', code: 'echo in bash' },
    ];
    const answers = await Promise.all(programs.map((program) => service.runOn(runner, program)));
    expect(answers.map(({ body }) => body['stdout'])).toEqual(
      programs.map(({ language }) => `in ${language}\n`),
    );
  });

  it('are bounded in number: one more is answered 409, and the others go on', async () => {
    const leave = new AbortController();
    const code = 'until [ -e go ]; do sleep 0.05; done; echo went';
    const [last, ...others] = [leave.signal, undefined, undefined, undefined].map((signal) =>
      service.runOn(runner, { language: 'bash', code }, '', signal ? { signal } : {}),
    );
    last?.catch(() => {});
    await service.running(runner, 4);
    const { status, body } = await service.runOn(runner, { language: 'bash', code: 'true' });
    expect({ status, name: body['name'], runner: body['runner'] }).toEqual({
      status: 409,
      name: 'runnerBusy',
      runner,
    });
    leave.abort();
    await service.running(runner, 3);
    await bash('touch go');
    for (const other of others) expect((await other).body).toMatchObject({ stdout: 'went\n' });
  });
});

describe('a run that is too long', () => {
  it('takes its whole process tree with it, and leaves the runner and what others left', async () => {
    await bash('(exec -a left-before sleep 1000) &');
    const code = `
      (exec -a tree-child sleep 1000) &
      (setsid bash -c '(exec -a tree-daemon sleep 1000) & exec -a tree-session sleep 1000') &
      echo started; exec -a tree-main sleep 1000`;
    const { status, body } = await service.runOn(runner, { language: 'bash', code }, '?time=3');
    expect(status).toBe(498);
    expect(body).toMatchObject({ name: 'runnerTimedOut', runner, stdout: 'started\n' });
    expect(await marked('tree-')).toBe('');
    expect(await marked('left-before')).toBe('left-before\n');
    expect(await bash('cat sh-note')).toBe('from bash\n');
  });

  it('leaves the other runs alone', async () => {
    const other = service.runOn(runner, {
      language: 'bash',
      code: 'until [ -e released ]; do sleep 0.05; done; echo released',
    });
    const { status } = await service.runOn(runner, { code: 'for (;;);' }, '?time=1');
    expect(status).toBe(498);
    await bash('touch released');
    expect((await other).body).toMatchObject({ stdout: 'released\n', exitCode: 0 });
  });
});

describe('a client that leaves', () => {
  it('ends its run with all its processes, and nothing else', async () => {
    await bash('rm -f released');
    const other = service.runOn(runner, {
      language: 'bash',
      code: 'touch other; until [ -e released ]; do sleep 0.05; done; echo released',
    });
    const leave = new AbortController();
    const code = '(exec -a gone-child sleep 1000) & touch gone; exec -a gone-main sleep 1000';
    const left = service.runOn(runner, { language: 'bash', code }, '', { signal: leave.signal });
    left.catch(() => {});
    await say('gone');
    await say('other');
    leave.abort();
    await expect(left).rejects.toThrow();
    await until('its processes to end', async () => (await marked('gone-')) === '');
    await bash('touch released');
    expect((await other).body).toMatchObject({ stdout: 'released\n' });
    expect((await service.info(runner)).body).toMatchObject({ name: runner, runsUnderWay: 0 });
  });
});

describe('a program that misbehaves on a persistent runner', () => {
  it('and eats all memory is ended; the runner stays', async () => {
    const code = 'data = []\nwhile True: data.append(bytearray(8 << 20))';
    const { status, body } = await service.runOn(runner, { language: 'python', code }, '?time=60');
    expect(status).toBe(200);
    expect(body).toMatchObject({ signal: 'SIGKILL', outOfMemory: true });
    expect(await bash('cat sh-note')).toBe('from bash\n');
  }, 90_000);

  it('and kills all it may does not reach other runs of the same runner for good', async () => {
    await service.runOn(runner, { language: 'bash', code: 'kill -9 -1' });
    expect(await bash('cat sh-note')).toBe('from bash\n');
  });
});
