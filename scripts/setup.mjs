// Makes a clone ready to run: dependencies as the lockfile says, bundles as the sources say. Needs nothing but Node.
// Run by itself: node scripts/setup.mjs
import { existsSync, writeFileSync } from 'node:fs';
import { argv, env, execPath, versions } from 'node:process';
import { pathToFileURL } from 'node:url';
import { BUILD_STAMP, bundleFiles, sourceDigest } from './build-inputs.mjs';
import { must } from './lib/child.mjs';
import { digestOf, readStamp } from './lib/digest.mjs';
import { withLock } from './lib/lock.mjs';
import { inProject, say } from './lib/project.mjs';

const INSTALL_STAMP = 'node_modules/.mallard-lockfile-sha256';
const OLDEST_NODE = [20, 19];

/** npm's own program when npm called us, so that it is the same npm; else the one on the path. */
function npm() {
  const program = env['npm_execpath'];
  return program?.endsWith('.js') ? [execPath, [program]] : ['npm', []];
}

// npm's stdout would mix with the service's log, so both streams go to stderr.
const quietStdout = ['ignore', 2, 2];

const lockfileDigest = () => digestOf(['package-lock.json']);
const isInstalled = () => readStamp(INSTALL_STAMP) === lockfileDigest();
const isBuilt = () =>
  readStamp(BUILD_STAMP) === sourceDigest() && bundleFiles.every((file) => existsSync(inProject(file)));

async function install() {
  if (isInstalled()) return;
  const why = existsSync(inProject('node_modules')) ? 'the lockfile has changed' : 'there is no node_modules yet';
  say(`installing dependencies with npm ci, because ${why}; the first time this takes up to a minute`);
  const [command, args] = npm();
  const wanted = lockfileDigest();
  // --include=dev: NODE_ENV=production would leave out what builds and tests the service.
  await must(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
    stdio: quietStdout,
    heartbeat: 'npm ci',
  });
  writeFileSync(inProject(INSTALL_STAMP), `${wanted}\n`);
}

async function build() {
  if (isBuilt()) return;
  // In a process of its own: the bundler's memory does not stay with the service.
  await must(execPath, [inProject('scripts/build.mjs')], { stdio: quietStdout });
}

/** Brings dependencies and bundles up to date; does nothing, and says nothing, when they are. */
export async function setup() {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    say(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${versions.node}`);
    process.exit(1);
  }
  if (isInstalled() && isBuilt()) return;
  await withLock('setup', async () => {
    await install();
    await build();
  });
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) await setup();
