'use strict';
const { default: TestSequencer } = require('@jest/test-sequencer');

/** Files whose tests take longest, whatever their size says: they run everything once for every call of something. */
const LONG =
  /\/test\/(engine\/replicas\/[^/]*sweep[^/]*|e2e\/[^/]*(sweep|arrivals|cost|throttled)[^/]*|clients\/[^/]*)\.test\.ts$/;

/**
 * Jest begins with what took longest the last time; on a fresh clone it takes the size of a file for that. Then the
 * sweeps, which are short to write and long to run, would come last, on one processor, while the others have nothing left.
 */
module.exports = class LongestFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLong = ({ path, duration }) => duration === undefined && LONG.test(path.replaceAll('\\', '/'));
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
