// Bundles dist/main.js, the service, and dist/sandbox.js, the AWS on loopback that only `--sandbox` loads.
// node scripts/build.mjs [--no-sandbox] [--outdir DIR]
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { BUILD_STAMP, buildStamp, gitHash, sourceDigest } from './build-inputs.mjs';
import { bundleOptions } from './bundle.mjs';
import { legalText, packageFolders, packagesIn } from './lib/licences.mjs';
import { inProject, root, say } from './lib/project.mjs';

const { values } = parseArgs({
  options: { 'no-sandbox': { type: 'boolean', default: false }, outdir: { type: 'string' } },
});
const outdir = resolve(root, values.outdir ?? 'dist');
const isDefault = outdir === inProject('dist');

const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
const define = Object.fromEntries(
  Object.entries({
    __MALLARD_VERSION__: version,
    __MALLARD_GITHASH__: gitHash(),
    __MALLARD_BUILDSTAMP__: buildStamp(),
  }).map(([name, value]) => [name, JSON.stringify(value)]),
);

const bundles = [
  { entry: 'src/main.ts', name: 'main.js' },
  ...(values['no-sandbox'] ? [] : [{ entry: 'src/sandbox/index.ts', name: 'sandbox.js' }]),
];

const started = performance.now();
const digest = sourceDigest();
// Written beside and moved into place: a service that starts meanwhile sees the old file or the new one, never half.
const staging = join(outdir, `.staging-${process.pid}`);
mkdirSync(staging, { recursive: true });
try {
  await Promise.all(
    bundles.map(async ({ entry, name }) => {
      const { metafile } = await esbuild.build({
        ...bundleOptions({ entry, outfile: join(staging, name), define }),
        absWorkingDir: root,
      });
      const legal = join(staging, `${name}.LEGAL.txt`);
      const comments = statSync(legal, { throwIfNoEntry: false }) ? readFileSync(legal, 'utf8') : '';
      writeFileSync(legal, legalText(packagesIn(packageFolders(Object.keys(metafile.inputs)), root), comments));
    }),
  );
  for (const { name } of bundles) {
    for (const file of [name, `${name}.map`, `${name}.LEGAL.txt`]) {
      if (statSync(join(staging, file), { throwIfNoEntry: false })) renameSync(join(staging, file), join(outdir, file));
    }
  }
} catch (error) {
  // esbuild has printed what is wrong and where, a licence is named in the message; a stack trace would add nothing.
  say(`the build failed: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  process.exitCode = 1;
} finally {
  rmSync(staging, { recursive: true, force: true });
}

if (process.exitCode === undefined) {
  if (values['no-sandbox']) rmSync(join(outdir, 'sandbox.js'), { force: true });
  if (isDefault && !values['no-sandbox']) writeFileSync(inProject(BUILD_STAMP), `${digest}\n`);
  const sizes = bundles.map(({ name }) => `${name} ${Math.round(statSync(join(outdir, name)).size / 1024)} KiB`);
  say(`built ${sizes.join(', ')} in ${Math.round(performance.now() - started)} ms`);
}
