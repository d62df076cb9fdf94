// Counts for the last line of .ci/run. node scripts/tally.mjs CODE [JEST-JSON] prints "PASSED FAILED SKIPPED".
// A step without a jest report is one check; a jest run that ended badly without a failed test is one failure more.
import { existsSync, readFileSync } from 'node:fs';
import { argv } from 'node:process';

const [code = '1', report] = argv.slice(2);
const isGood = code === '0';

function counts() {
  if (report === undefined) return [isGood ? 1 : 0, isGood ? 0 : 1, 0];
  if (!existsSync(report)) return [0, 1, 0];
  const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  // A run of no tests at all proves nothing.
  const silent = (!isGood && failed === 0) || numPassedTests + failed === 0;
  return [numPassedTests, silent ? failed + 1 : failed, numPendingTests];
}

console.log(counts().join(' '));
