// How the two programs are bundled; shared by the build and by whoever wants to measure it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Parses YAML while bundling: at run time it is plain data (parsing 41 KB at start costs 136 ms). */
const yamlAsJson = {
  name: 'yaml-as-json',
  setup(build) {
    build.onLoad({ filter: /\.yaml$/ }, async ({ path }) => ({
      contents: JSON.stringify(parse(await readFile(path, 'utf8'))),
      loader: 'json',
    }));
  },
};

/** What main loads as `./sandbox` or `./sandbox.js` is the second bundle beside it, which images do not have. */
const sandboxBeside = {
  name: 'sandbox-beside',
  setup(build) {
    build.onResolve({ filter: /^\.\/sandbox(\.js|\/index)?$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './sandbox.js', external: true } : undefined,
    );
  },
};

/** What runs in a thread is bundled by itself and becomes a text in the program, which stays one file. */
const threadAsText = {
  name: 'thread-as-text',
  setup(build) {
    const inputs = {};
    build.onResolve({ filter: /^thread:/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, `${path.slice('thread:'.length)}.ts`),
      namespace: 'thread',
    }));
    build.onLoad({ filter: /.*/, namespace: 'thread' }, async ({ path }) => {
      const { outputFiles, metafile } = await build.esbuild.build({
        ...threadOptions(path),
        absWorkingDir: build.initialOptions.absWorkingDir,
        write: false,
        metafile: true,
      });
      Object.assign(inputs, metafile.inputs);
      return { contents: outputFiles[0].text, loader: 'text' };
    });
    // What is in the thread is in the program, too.
    build.onEnd(({ metafile }) => void (metafile && Object.assign(metafile.inputs, inputs)));
  },
};

const threadOptions = (entry) => ({
  entryPoints: [entry],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
});

/**
 * esbuild options for one bundle.
 * @param {{entry: string, outfile: string, define?: Record<string, string>}} options
 * @returns {import('esbuild').BuildOptions}
 */
export function bundleOptions({ entry, outfile, define = {} }) {
  return {
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: false,
    sourcemap: 'external',
    legalComments: 'external',
    metafile: true,
    logLevel: 'warning',
    plugins: [yamlAsJson, sandboxBeside, threadAsText],
    // The SDK warns on every start that releases of 2027 will need Node 22; the lockfile keeps those away.
    banner: { js: "'use strict';process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';" },
    define,
  };
}
