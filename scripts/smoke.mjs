// The quick start as a newcomer meets it: npm start, then each printed curl line in a shell of its own.
// Ends with 0 when all of them answered 2xx with JSON, and SIGTERM ended the service cleanly.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { exitCodeOf } from './lib/child.mjs';
import { root, say } from './lib/project.mjs';

// Installing and building may come first.
const START_DEADLINE_MS = 180_000;
const STOP_DEADLINE_MS = 35_000;
const CURL_LINES = 3;

const run = promisify(execFile);
const service = spawn('npm', ['start', '--', '--listen', '127.0.0.1:0'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'pipe'],
});
process.once('exit', () => service.kill('SIGTERM'));
const closed = once(service, 'close');

let stdout = '';
let stderr = '';
service.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
service.stderr.setEncoding('utf8').on('data', (text) => {
  stderr += text;
  process.stderr.write(text);
});

const curlLines = () =>
  stderr
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('curl '));
const isListening = () => stdout.includes('"msg":"listening"');

function giveUp(why) {
  say(`smoke: ${why}`);
  process.exit(1);
}

const deadline = Date.now() + START_DEADLINE_MS;
while (!isListening() || curlLines().length < CURL_LINES) {
  if (service.exitCode !== null) giveUp(`npm start ended with code ${service.exitCode}`);
  if (Date.now() > deadline)
    giveUp(`no listening service with ${CURL_LINES} curl lines within ${START_DEADLINE_MS / 1000} s`);
  await pause(50);
}
if (curlLines().length !== CURL_LINES) giveUp(`${curlLines().length} curl lines instead of ${CURL_LINES}`);

for (const line of curlLines()) {
  const { stdout: answer } = await run('bash', ['-c', `${line} -w '\\n%{http_code}'`]).catch((error) =>
    giveUp(`${line}: ${error.message}`),
  );
  const body = answer.slice(0, answer.lastIndexOf('\n'));
  const status = answer.slice(answer.lastIndexOf('\n') + 1);
  say(`smoke: ${status} from ${line}`);
  if (!/^2\d\d$/.test(status)) giveUp(`${status}: ${body}`);
  try {
    JSON.parse(body);
  } catch {
    giveUp(`the answer is not JSON: ${body}`);
  }
}

service.kill('SIGTERM');
const ended = await Promise.race([closed, pause(STOP_DEADLINE_MS, undefined, { ref: false })]);
if (ended === undefined) giveUp(`still running ${STOP_DEADLINE_MS / 1000} s after SIGTERM`);
const code = exitCodeOf(...ended);
if (code !== 0) giveUp(`ended with ${code} after SIGTERM`);
say('smoke: drained and ended with 0');
