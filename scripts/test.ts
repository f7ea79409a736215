/** Runs the checks, then the tests in two halves side by side, and adds up what passed. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUp } from '../src/cli/set-up.ts';
import { readConfig } from '../src/config.ts';

const bin = join(import.meta.dirname, '../node_modules/.bin');
const shellScripts = [
  'scripts/up',
  'scripts/down',
  'scripts/doctor',
  'scripts/keys',
  'scripts/image',
  'scripts/backup',
  'scripts/restore',
  'scripts/test',
  'scripts/soak',
  'scripts/bench',
  'scripts/lib/bootstrap.sh',
  'src/guest/jail.sh',
];

/** Each is one entry of the count. */
const CHECKS: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ['format and lint', join(bin, 'biome'), 'check', '.'],
  ['types', join(bin, 'tsc'), '-p', '.'],
  ['promises and switches', join(bin, 'oxlint'), '--type-aware', '--quiet'],
  ['dead code', join(bin, 'knip')],
  ['shell scripts', 'shellcheck', '-x', ...shellScripts],
  ['C', 'gcc', '-Wall', '-Wextra', '-Werror', '-O2', '-fsyntax-only', 'src/guest/fork/fork-server.c'],
];

/** Real guests on a busy machine are slow; no test is about how long something takes. */
const TIMEOUT_MS = '120000';

/** They take most of the time; the others run beside them. */
const HOST_TESTS: readonly string[] = ['test/e2e', 'test/guest', 'test/network', 'test/faults', 'test/drill'];

const OTHER_TESTS = HOST_TESTS.map((folder) => `--path-ignore-patterns=${folder}/**`);

let passed = 0;
let failed = 0;
for (const [name, program, ...args] of CHECKS) {
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name}`);
  if (status === 0) passed += 1;
  else failed += 1;
}

// Tests of real guests share one template; it is built once and kept between runs.
await (await setUp(readConfig(process.env)))[Symbol.asyncDispose]();

const reports = mkdtempSync(join(tmpdir(), 'codeland-tests-'));
const args = process.argv.slice(2);
const counted = await Promise.all(
  args.length > 0
    ? [runTests('asked', args, 'inherit')]
    : [runTests('hosts', HOST_TESTS, 'inherit'), runTests('others', OTHER_TESTS, 'kept')],
);
for (const counts of counted) {
  passed += counts.passed;
  failed += counts.failed;
}
rmSync(reports, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** @param output `kept`: shown when all of it is there, so that it is not mixed up with another's. */
async function runTests(
  name: string,
  what: readonly string[],
  output: 'inherit' | 'kept',
): Promise<{ passed: number; failed: number }> {
  const report = join(reports, `${name}.xml`);
  const text = join(reports, `${name}.log`);
  const log = output === 'kept' ? openSync(text, 'w') : 'inherit';
  const child = spawn(
    join(bin, 'bun'),
    ['test', '--timeout', TIMEOUT_MS, '--reporter=junit', `--reporter-outfile=${report}`, ...what],
    { stdio: ['inherit', log, log] },
  );
  const status = await new Promise((resolve) => child.once('exit', resolve));
  if (log !== 'inherit') {
    closeSync(log);
    process.stdout.write(readFileSync(text));
  }
  return readCounts(report, status === 0);
}

/** A run that wrote no report, or failed outside of a test, is a failure of its own. */
function readCounts(path: string, succeeded: boolean): { passed: number; failed: number } {
  if (!existsSync(path)) return { passed: 0, failed: 1 };
  const root = /<testsuites\b[^>]*>/.exec(readFileSync(path, 'utf8'))?.[0] ?? '';
  const attribute = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(root)?.[1] ?? Number.NaN);
  const failures = Math.max(attribute('failures'), succeeded ? 0 : 1);
  const tests = attribute('tests') - attribute('skipped');
  return Number.isNaN(tests + failures) || tests === 0
    ? { passed: 0, failed: 1 }
    : { passed: tests - failures, failed: failures };
}
