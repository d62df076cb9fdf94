'use strict';
// A jest transform of a few lines: esbuild for TypeScript, YAML files as plain data, threads as the text of a bundle.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const esbuild = require('esbuild');
const yaml = require('yaml');

const self = readFileSync(__filename);
const lockfile = readFileSync(join(__dirname, '..', 'package-lock.json'));

module.exports = {
  getCacheKey(source, path, options) {
    return createHash('sha256')
      .update(self)
      .update(esbuild.version)
      .update(String(options.instrument))
      .update(path.endsWith('.thread.ts') ? lockfile : '')
      .update(path)
      .update('\0')
      .update(source)
      .digest('hex');
  },
  process(source, path) {
    if (path.endsWith('.yaml')) {
      return { code: `module.exports = { __esModule: true, default: ${JSON.stringify(yaml.parse(source))} };` };
    }
    if (path.endsWith('.thread.ts')) {
      const { outputFiles } = esbuild.buildSync({
        entryPoints: [path],
        bundle: true,
        platform: 'node',
        target: 'node20',
        format: 'cjs',
        write: false,
      });
      return { code: `module.exports = { __esModule: true, default: ${JSON.stringify(outputFiles[0].text)} };` };
    }
    const { code, map } = esbuild.transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      sourcefile: path,
      sourcemap: 'external',
      supported: { 'dynamic-import': false },
    });
    // As an object: of a text istanbul makes no use, and tells the lines of what esbuild made.
    // esbuild's own helpers are no code of ours: without this every file seems to have branches that no test reaches.
    return { code: code.replace(/^(var __\w+ = )/gm, '/* istanbul ignore next */ $1'), map: JSON.parse(map) };
  },
};
