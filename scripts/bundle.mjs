// How the two programs are bundled; shared by the build and by whoever wants to measure it.
import { readFile } from 'node:fs/promises';
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
    plugins: [yamlAsJson, sandboxBeside],
    // The SDK warns on every start that releases of 2027 will need Node 22; the lockfile keeps those away.
    banner: { js: "'use strict';process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';" },
    define,
  };
}
