/** A Python program that a waiting interpreter took over ends as in one that was started for it. */
import { afterAll, beforeAll, describe, expect, it, setDefaultTimeout } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** What a waiting interpreter cannot take over, as it was started without. */
const OF_ITS_OWN = { PYTHONHASHSEED: '0' };

/** A file that is not closed, and what prints as it is destroyed. */
const OBJECTS = `
import atexit, os, sys, threading, time
class Thing:
    def __init__(self, name): self.name = name
    def __del__(self): os.write(1, f'{self.name} is gone\\n'.encode())
file = open('out', 'w')
file.write('written')
thing = Thing('thing')
cycle = Thing('cycle')
cycle.me = cycle
atexit.register(print, 'exit')
`;

const ENDS: readonly (readonly [name: string, code: string])[] = [
  ['with functions', 'def f(): pass'],
  ['with nothing but what is above', ''],
  ['with a status', 'sys.exit(3)'],
  ['with a message', "sys.exit('no more')"],
  ['with an error', '1 / 0'],
  [
    'with a class that the typing module knows',
    'from typing import Optional\ndef f(thing: Optional[Thing]): pass',
  ],
  ['with a handler of errors', "sys.excepthook = lambda *_: print('an error')\n1 / 0"],
  ['with objects in other modules', "import json, builtins\njson.x, sys.x, builtins.x = map(Thing, 'jsb')"],
  ['with files in other modules', "sys.x = open('out', 'a')\nsys.x.write(' more')\nfile.flush()"],
  [
    'with an object in a context',
    "import contextvars\ncontextvars.ContextVar('x').set(Thing('in a context'))",
  ],
  ['with an object of a thread', 'local = threading.local()\nlocal.x = Thing("of a thread")'],
  ['with a thread', "threading.Thread(target=lambda: (time.sleep(0.3), print('late'))).start()"],
  [
    'with a thread that is not waited for',
    'threading.Thread(target=time.sleep, args=(60,), daemon=True).start()',
  ],
  ['with a child process', "if os.fork(): os.wait()\nelse: print('child')"],
  [
    'with an audit hook',
    "sys.addaudithook(lambda event, _: event.startswith('cpython.') and os.write(1, event.encode()))",
  ],
  ['with a finalizer', "import weakref\nweakref.finalize(thing, print, 'finalized')"],
  [
    'with another output',
    'class Tee:\n    write = sys.stdout.write\n    flush = sys.stdout.flush\nsys.stdout = Tee()\nprint("tee")',
  ],
  ['without an output', "print('lost')\nos.close(1)"],
  ['without a loader', 'del __loader__'],
  [
    'with a destructor that needs a module',
    'class Late:\n    def __del__(self):\n        import json, os\n        os.write(1, json.dumps("late").encode())\nlate = Late()',
  ],
  [
    'with a registered class',
    'import collections.abc, copyreg, pickle\ncollections.abc.Sized.register(Thing)\ncopyreg.pickle(Thing, str)',
  ],
];

/** All that can be seen of its end. */
async function end(code: string, env: Readonly<Record<string, string>> = {}) {
  const { stdout, stderr, report } = await guest.agent.run('python', OBJECTS + code, { env });
  const left = await guest.agent.run('bash', 'cat out; rm -f out');
  // Where an object lies in memory is of no account.
  const errors = stderr.replaceAll(/0x[0-9a-f]+/g, '0x');
  return { stdout, stderr: errors, code: report.code, signal: report.signal, out: left.stdout };
}

describe('a Python program', () => {
  it.each(ENDS)('%s ends as it does elsewhere', async (_, code) => {
    const own = await end(code, OF_ITS_OWN);
    expect(await end(code)).toEqual(own);
  });

  it('destroys its objects and writes its files', async () => {
    const { stdout, out } = await end('def f(): pass');
    expect(stdout.split('\n').sort()).toEqual(['', 'cycle is gone', 'exit', 'thing is gone']);
    expect(out).toBe('written');
  });

  it('does not wait until Python has given back all that it had', async () => {
    const code = `
import ctypes
begin = ctypes.cast(ctypes.pythonapi.Py_FinalizeEx, ctypes.c_void_p)
print(ctypes.string_at(begin, 1024).count(bytes.fromhex('0f1f440000')))`;
    const [own, taken] = [
      await guest.agent.run('python', code, { env: OF_ITS_OWN }),
      await guest.agent.run('python', code),
    ];
    expect(Number(taken.stdout) - Number(own.stdout)).toBe(2);
  });
});
