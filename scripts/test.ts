/** Runs the checks and the tests one after the other and adds up what passed. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUp } from '../src/cli/set-up.ts';
import { readConfig } from '../src/config.ts';
import { Failures } from './lib/failures.ts';

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
const report = join(reports, 'junit.xml');
const args = process.argv.slice(2);
const failures = new Failures();
const succeeded = await runTests([
  '--timeout',
  TIMEOUT_MS,
  '--reporter=junit',
  `--reporter-outfile=${report}`,
  ...args,
]);
const counts = readCounts(report, succeeded);
rmSync(reports, { recursive: true });
for (const text of failures.found) console.log(`\n${text}`);
console.log(`${passed + counts.passed} passed, ${failed + counts.failed} failed`);
process.exit(failed + counts.failed === 0 ? 0 : 1);

/** Shows what `bun test` says while it runs. @returns Whether it succeeded. */
async function runTests(options: readonly string[]): Promise<boolean> {
  // Verdicts and errors go to stderr.
  const bun = spawn(join(bin, 'bun'), ['test', ...options], {
    stdio: ['inherit', 'inherit', 'pipe'],
    env: process.stderr.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env,
  });
  bun.stderr.setEncoding('utf8');
  bun.stderr.on('data', (text: string) => {
    process.stderr.write(text);
    failures.read(text);
  });
  await once(bun, 'close');
  return bun.exitCode === 0;
}

/** A run that wrote no report, or failed outside of a test, is a failure of its own. */
function readCounts(path: string, succeeded: boolean): { passed: number; failed: number } {
  if (!readdirSync(reports).includes('junit.xml')) return { passed: 0, failed: 1 };
  const root = /<testsuites\b[^>]*>/.exec(readFileSync(path, 'utf8'))?.[0] ?? '';
  const attribute = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(root)?.[1] ?? Number.NaN);
  const failures = Math.max(attribute('failures'), succeeded ? 0 : 1);
  const tests = attribute('tests') - attribute('skipped');
  return Number.isNaN(tests + failures) || tests === 0
    ? { passed: 0, failed: 1 }
    : { passed: tests - failures, failed: failures };
}
