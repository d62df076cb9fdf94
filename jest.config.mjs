// The SDK warns on every start that releases of 2027 will need Node 22; the versions used here are locked.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const SWEEPS = '/test/(e2e|engine/replicas)/[^/]*(sweep|arrivals)[^/]*\\.test\\.ts$';
/** What only `npm run test:full` runs: real clients, replicas, and lint with types. */
const FULL_ONLY = '/test/(clients/|lint-typed\\.|e2e/replicas\\.)';

/** Chosen by `scripts/test.mjs`: `quick` is `npm test`; `rest` is what that leaves; without it, all that a pattern names. */
const chosen = {
  quick: { testPathIgnorePatterns: [FULL_ONLY] },
  rest: { testRegex: [FULL_ONLY, SWEEPS] },
}[process.env.MALLARD_TESTS ?? ''];

/** Unit and end-to-end tests. */
export default {
  testEnvironment: '<rootDir>/scripts/jest-environment.cjs',
  runtime: '<rootDir>/scripts/jest-runtime.cjs',
  roots: ['<rootDir>/test'],
  ...(chosen?.testRegex ? { testRegex: chosen.testRegex } : { testMatch: ['**/*.test.ts'] }),
  // Benchmarks measure; they are run one by one, by hand.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/bench/', ...(chosen?.testPathIgnorePatterns ?? [])],
  moduleNameMapper: { '^thread:(.*)$': '$1' },
  transform: { '\\.(ts|yaml)$': '<rootDir>/scripts/jest-transform.cjs' },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'yaml'],
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.d.ts', '!src/**/*.thread.ts', '!src/main.ts'],
  coverageReporters: ['text-summary', 'json-summary', 'lcovonly'],
  testTimeout: 30000,
  testSequencer: '<rootDir>/scripts/jest-sequencer.cjs',
  // jest leaves one core free, which on two cores means one worker.
  maxWorkers: '100%',
  // Node keeps something of every file a worker has run; past this a new worker is cheaper than collecting the garbage.
  workerIdleMemoryLimit: '1GB',
};
