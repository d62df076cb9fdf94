'use strict';
// Node's environment of jest, made cheap for a suite that loads nearly all of src in every one of its files.
const { TestEnvironment } = require('jest-environment-node');

/** Node's own length of a stack. jest asks for a hundred lines, and every AWS call makes some errors, if only to throw them away. */
const STACK_LINES = 10;

/** What was covered and is reported already, by source file: this worker's, for all the test files it runs. */
const reported = new Map();

/** Whether the counters of a source file show anything covered that is not reported yet; it is from now on. */
function hasNews({ path, s, f, b }) {
  const known = reported.get(path) ?? new Set();
  const before = reported.has(path) ? known.size : -1;
  reported.set(path, known);
  for (const id in s) if (s[id] > 0) known.add(`s${id}`);
  for (const id in f) if (f[id] > 0) known.add(`f${id}`);
  for (const id in b) b[id].forEach((hits, arm) => hits > 0 && known.add(`b${id}.${arm}`));
  return known.size > before;
}

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.Error.stackTraceLimit = STACK_LINES;
  }

  /**
   * After a file's last test, coverage that adds nothing is dropped: copying, sending and merging that of all of src takes
   * jest seconds a file. What is covered stays exact; how often is no longer told.
   */
  async handleTestEvent({ name }) {
    const coverage = name === 'teardown' ? this.global.__coverage__ : undefined;
    for (const [path, counters] of Object.entries(coverage ?? {})) {
      if (!hasNews(counters)) delete coverage[path];
    }
  }
};
