'use strict';
// How jest loads modules here. Test files and our own sources get a registry of their own for every test file, as jest
// always does it; libraries are loaded once a worker, by Node itself, and all of it runs in the one realm that there is in
// production, too (jest's own contexts make every access to a global slow, and foreign errors no `instanceof Error`).
const { createRequire } = require('node:module');
const { sep } = require('node:path');
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');
const { guard } = require('./jest-shared-modules.cjs');

const LIBRARIES = `${sep}node_modules${sep}`;
/** jest hands these out itself. */
const OF_JEST = /^(@jest\/|expect$|jest-)/;

/** What files of this worker were compiled to, by name. A module compiled once is still executed anew for every test file. */
const compiled = new Map();
const require_ = createRequire(__filename);

module.exports = class extends Runtime {
  constructor(...args) {
    super(...args);
    const { executor } = this;
    executor.compile = (source, filename) => {
      const known = compiled.get(filename);
      if (known?.source === source) return known.run;
      const run = compileFunction(source, executor.injectedModuleParameters, { filename });
      compiled.set(filename, { source, run });
      return run;
    };
  }

  requireModuleOrMock(from, name) {
    return this.library(from, name) ?? super.requireModuleOrMock(from, name);
  }

  requireActual(from, name) {
    return this.library(from, name, true) ?? super.requireActual(from, name);
  }

  /** A library as Node loads it; undefined for all else, and for what a test has put something in the place of. */
  library(from, name, isActual = false) {
    if (/^[./]|^node:/.test(name) || OF_JEST.test(name)) return undefined;
    if (!isActual && this.mockState.shouldMockCjs(from, name).shouldMock) return undefined;
    if (this._resolution.isCoreModule(name)) return undefined;
    const path = this._resolution.resolveCjs(from, name);
    if (!path.includes(LIBRARIES)) return undefined;
    return guard(path, require_(path));
  }
};
module.exports.default = module.exports;
