// npm test [-- PATTERN… or options of jest]: makes the clone ready, then runs jest. Without a pattern: everything but real
// clients, and of the sweeps the part that SWEEP chooses (SEED/OF; default: a tenth, chosen by the commit). A test that a
// pattern names is run whole.
// npm run test:full: all of it; fails when it ran less than test/expected-counts.json says. `--after=REPORT`: what the run
// of `npm test` that wrote this report did is not done again, and counts.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { argv, env, exit, versions } from 'node:process';
import { capture } from './lib/capture.mjs';
import { inProject, say } from './lib/project.mjs';
import { casesOf, runsIn, shortOf } from './lib/test-counts.mjs';
import { setup } from './setup.mjs';

const PART = 10;
const EXPECTED = inProject('test/expected-counts.json');

const given = argv.slice(2);
const ours = /^--(full|record|after=.*)$/;
const args = given.filter((arg) => !ours.test(arg));
const isFull = given.includes('--full');
const after = given.find((arg) => arg.startsWith('--after='))?.slice('--after='.length);
/** jest takes a value after these as theirs; a pattern is what stands alone. */
const VALUED = /^(-t|-w|-c|--(testNamePattern|maxWorkers|outputFile|testTimeout|config|seed|shard|reporters))$/;
const hasPattern = args.some((arg, index) => !arg.startsWith('-') && !VALUED.test(args[index - 1] ?? ''));

await setup();
// Libraries behave differently in production mode; a shell that has it set must not change what is tested.
env['NODE_ENV'] = 'test';
// SDK releases of late warn about Node 20 on every start of a worker.
env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
// jest's workers are started with the same options as this process. Tests leave much behind that is garbage at once, and
// workers on all processors have none to spare for optimizing what runs a few times.
process.execArgv.push('--max-semi-space-size=64');
if (versions.node.startsWith('20.')) process.execArgv.push('--interrupt-budget=1000000');

const scratch = mkdtempSync(join(tmpdir(), 'mallard-test-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const runsFile = join(scratch, 'runs');
const jest = createRequire(import.meta.url)('jest');
const before = after === undefined ? undefined : JSON.parse(readFileSync(after, 'utf8'));

if (isFull) {
  env['SWEEP'] = before === undefined ? 'all' : `!${before.mallard.sweep}`.replace('!!', '').replace('!all', '!x/1');
  if (before !== undefined) env['MALLARD_TESTS'] = 'rest';
} else if (!hasPattern) {
  env['SWEEP'] ??= `${capture('git', ['rev-parse', '--short=10', 'HEAD']) ?? 'mallard'}/${PART}`;
  env['MALLARD_TESTS'] = 'quick';
}
if (!hasPattern) say(`sweeps: SWEEP=${env['SWEEP']}`);
env['MALLARD_SWEEP_RUNS'] = runsFile;

const named = args.find((arg) => arg.startsWith('--outputFile='))?.slice('--outputFile='.length);
const report = named ?? join(scratch, 'report.json');
const writing = named === undefined && isFull ? ['--json', `--outputFile=${report}`] : [];
// `--json` alone prints the report; with a file, jest says where it is.
await jest.run(['--rootDir', inProject(), ...writing, ...args]);

if (isFull || named !== undefined) finish();

/** Writes what was swept into the report, and judges the counts of a full run. */
function finish() {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    // jest has said why there is none.
    exit(1);
  }
  const sweepRuns = runsIn(runsFile) + (before?.mallard.sweepRuns ?? 0);
  const cases = casesOf(result, before);
  result.mallard = { sweep: env['SWEEP'] ?? 'all', sweepRuns, cases: cases.total };
  writeFileSync(report, JSON.stringify(result));
  if (!isFull || hasPattern) return;
  const counts = { cases: cases.total, sweepRuns };
  say(`${counts.cases} cases, ${counts.sweepRuns} runs of sweeps`);
  const expected = JSON.parse(readFileSync(EXPECTED, 'utf8'));
  const short = shortOf(counts, expected);
  for (const line of short) say(line);
  if (given.includes('--record')) {
    writeFileSync(EXPECTED, `${JSON.stringify({ ...expected, ...counts }, undefined, 2)}\n`);
    say('written to test/expected-counts.json; the commit message says why a count went down');
  } else if (short.length > 0) exit(1);
}
