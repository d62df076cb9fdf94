// npm run bench [NAME…]: makes the clone ready, then runs the benches of test/bench one after another, all or those named.
// Ends with 1 when one of them missed its target.
import { argv, execPath, exit } from 'node:process';
import { run } from './lib/child.mjs';
import { inProject, say } from './lib/project.mjs';
import { setup } from './setup.mjs';

const BENCHES = [
  'startup',
  'depth',
  'website-depth',
  'duck',
  'bodies',
  'metadata',
  'durability',
  'history',
  'hostile',
  'quickstart',
];

const named = argv.slice(2);
const unknown = named.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  say(`there is no bench ${unknown.join(', ')}; there are ${BENCHES.join(', ')}`);
  exit(64);
}

await setup();
const missed = [];
for (const name of named.length > 0 ? named : BENCHES) {
  if ((await run(execPath, [inProject('test/bench', `${name}.mjs`)])) !== 0) missed.push(name);
}
if (missed.length > 0) say(`missed or failed: ${missed.join(', ')}`);
exit(missed.length > 0 ? 1 : 0);
