// What runs of the tests counted.
import { existsSync, readFileSync } from 'node:fs';

/** Cases that passed, as `file: name` with how often; two tests may have one name. */
function passed(report) {
  const counts = new Map();
  for (const { name: file, assertionResults } of report?.testResults ?? []) {
    for (const { fullName, status } of assertionResults) {
      if (status !== 'passed') continue;
      const key = `${file}: ${fullName}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

/** Cases of a report: how many `before` has not, and how many both have together. A sweep that both ran a part of is one. */
export function casesOf(report, before) {
  const [now, then] = [passed(report), passed(before)];
  let [fresh, total] = [0, 0];
  for (const [key, count] of now) fresh += Math.max(0, count - (then.get(key) ?? 0));
  for (const count of then.values()) total += count;
  return { fresh, total: total + fresh };
}

/** The sum of what the sweeps of a run noted. */
export function runsIn(file) {
  if (!existsSync(file)) return 0;
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.reduce((sum, line) => sum + JSON.parse(line).runs, 0);
}

/** One line for each count that is lower than recorded. */
export function shortOf(counts, expected) {
  return Object.entries(counts)
    .filter(([name, count]) => count < expected[name])
    .map(([name, count]) => `${name}: ${count}, recorded are ${expected[name]} (npm run test:full -- --record)`);
}
