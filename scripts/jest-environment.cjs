'use strict';
// The realm of Node itself as jest's environment (see jest-runtime.cjs): what a test file changes of it is undone after it.
const { AsyncLocalStorage } = require('node:async_hooks');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const { undoChanges } = require('./jest-shared-modules.cjs');

/** Node's own length of a stack. jest asks for a hundred lines, and every AWS call makes some errors, if only to throw them away. */
const STACK_LINES = 10;

/** What was covered and is reported already, by source file: this worker's, for all the test files it runs. */
const reported = new Map();

/** Whether the counters of a source file show anything covered that is not reported yet; it is from now on. */
function hasNews({ path, s, f, b }) {
  const known = reported.get(path) ?? new Set();
  const before = reported.has(path) ? known.size : -1;
  reported.set(path, known);
  for (const id in s) if (s[id] > 0) known.add(`s${id}`);
  for (const id in f) if (f[id] > 0) known.add(`f${id}`);
  for (const id in b) b[id].forEach((hits, arm) => hits > 0 && known.add(`b${id}.${arm}`));
  return known.size > before;
}

/**
 * Storages that the test file at hand has used. Before Node 24 one that is never switched off costs every promise of the
 * process, and each test file brings some of its own.
 */
const storages = new Set();
for (const name of ['run', 'enterWith']) {
  const original = AsyncLocalStorage.prototype[name];
  AsyncLocalStorage.prototype[name] = function (...args) {
    storages.add(this);
    return original.apply(this, args);
  };
}

/** Listeners of the process that tests may add. */
const listenersOf = () => new Map(process.eventNames().map((name) => [name, process.rawListeners(name)]));

module.exports = class {
  constructor({ projectConfig }) {
    this.global = globalThis;
    this.before = {
      globals: Object.getOwnPropertyDescriptors(globalThis),
      env: { ...process.env },
      exit: process.exit,
      listeners: listenersOf(),
    };
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {
    Error.stackTraceLimit = STACK_LINES;
  }

  async teardown() {
    this.fakeTimersModern?.dispose();
    this.fakeTimersModern = null;
    for (const storage of storages) storage.disable();
    storages.clear();
    undoChanges();
    const { globals, env, exit, listeners } = this.before;
    process.exit = exit;
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    for (const [name, now] of listenersOf()) {
      for (const listener of now)
        if (listeners.get(name)?.includes(listener) !== true) process.removeListener(name, listener);
    }
    for (const key of Reflect.ownKeys(globalThis)) {
      const was = globals[key];
      const is = Object.getOwnPropertyDescriptor(globalThis, key);
      if (was === undefined) {
        if (is?.configurable) delete globalThis[key];
      } else if (is?.configurable && (is.value !== was.value || is.get !== was.get)) {
        Object.defineProperty(globalThis, key, was);
      }
    }
  }

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /**
   * After a file's last test, coverage that adds nothing is dropped: copying, sending and merging that of all of src takes
   * jest seconds a file. What is covered stays exact; how often is no longer told.
   */
  async handleTestEvent({ name }) {
    const coverage = name === 'teardown' ? globalThis.__coverage__ : undefined;
    for (const [path, counters] of Object.entries(coverage ?? {})) {
      if (!hasNews(counters)) delete coverage[path];
    }
  }
};
