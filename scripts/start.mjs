// npm start: makes the clone ready, then becomes the service. Without a configuration it is the sandbox quick start.
import { createRequire } from 'node:module';
import { argv, env } from 'node:process';
import { inProject } from './lib/project.mjs';
import { setup } from './setup.mjs';

/** Options that say what to run against, or that only ask something. */
const DECIDED = /^--?(config|sandbox|help|version|check)(=|$)|^-h$/;

const args = argv.slice(2);
if (!env['MALLARD_CONFIG'] && !args.some((arg) => DECIDED.test(arg))) args.unshift('--sandbox');

await setup();
// Loaded here instead of spawned: signals reach the service itself, and it drains.
const program = inProject('dist/main.js');
argv.splice(1, argv.length - 1, program, ...args);
createRequire(import.meta.url)(program);
