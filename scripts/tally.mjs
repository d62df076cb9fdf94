// Counts for the last line of .ci/run. node scripts/tally.mjs CODE [JEST-JSON [BEFORE]] prints "PASSED FAILED SKIPPED".
// A step without a jest report is one check; a jest run that ended badly without a failed test is one failure more. What
// the report BEFORE counts is not counted again.
import { existsSync, readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { casesOf } from './lib/test-counts.mjs';

const [code = '1', report, earlier] = argv.slice(2);
const isGood = code === '0';
const read = (path) => (path !== undefined && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined);

function counts() {
  if (report === undefined) return [isGood ? 1 : 0, isGood ? 0 : 1, 0];
  const result = read(report);
  if (result === undefined) return [0, 1, 0];
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  // A run of no tests at all proves nothing.
  const silent = (!isGood && failed === 0) || result.numPassedTests + failed === 0;
  return [casesOf(result, read(earlier)).fresh, silent ? failed + 1 : failed, result.numPendingTests];
}

console.log(counts().join(' '));
