// npm run coverage: what the unit tests of the engine and of the domain reach, and that it is enough. End-to-end tests are
// not counted here: they run through nearly everything and judge it from outside only.
import { argv, execPath, exit } from 'node:process';
import { run } from './lib/child.mjs';
import { inProject } from './lib/project.mjs';

const PARTS = ['engine', 'domain'];
/** Percent of the branches. */
const LEAST = 95;

const args = [
  inProject('scripts/test.mjs'),
  ...PARTS.map((part) => `test/${part}/`),
  '--coverage',
  ...PARTS.map((part) => `--collectCoverageFrom=src/${part}/**/*.ts`),
  `--coverageThreshold=${JSON.stringify(Object.fromEntries(PARTS.map((part) => [`./src/${part}/`, { branches: LEAST }])))}`,
  ...argv.slice(2),
];
exit(await run(execPath, args));
