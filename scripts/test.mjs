// npm test: makes the clone ready, then runs jest. Arguments go to jest as they are; without any, all tests.
import { createRequire } from 'node:module';
import { argv, env } from 'node:process';
import { inProject } from './lib/project.mjs';
import { setup } from './setup.mjs';

await setup();
// Libraries behave differently in production mode; a shell that has it set must not change what is tested.
env['NODE_ENV'] = 'test';
// SDK releases of late warn about Node 20 on every start of a worker.
env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const jest = createRequire(import.meta.url)('jest');
await jest.run(['--rootDir', inProject(), ...argv.slice(2)]);
