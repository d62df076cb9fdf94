// What goes into the bundles, so that setup can tell whether they are up to date. Needs nothing but Node.
import { execFileSync } from 'node:child_process';
import { env } from 'node:process';
import { digestOf } from './lib/digest.mjs';
import { root } from './lib/project.mjs';

export const BUILD_STAMP = 'dist/.sources-sha256';
export const bundleFiles = ['dist/main.js', 'dist/sandbox.js'];

const SOURCES = [
  'src',
  'config',
  'openapi.yaml',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'LICENSE',
  'scripts/build.mjs',
  'scripts/build-inputs.mjs',
  'scripts/bundle.mjs',
  'scripts/lib/licences.mjs',
];

/** The commit being built: MALLARD_GITHASH where there is no git (images), `unknown` when nobody can tell. */
export function gitHash() {
  if (env['MALLARD_GITHASH']) return env['MALLARD_GITHASH'];
  try {
    const stdio = ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: root, stdio, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

/** ISO-8601 UTC, to the second; SOURCE_DATE_EPOCH (seconds, reproducible-builds.org) wins over the clock. */
export function buildStamp() {
  const epoch = env['SOURCE_DATE_EPOCH'];
  const at = epoch === undefined || epoch === '' ? new Date() : new Date(Number(epoch) * 1000);
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** Changes whenever a new build would come out differently, its time aside. */
export const sourceDigest = () => digestOf(SOURCES, [gitHash()]);
