'use strict';
// Libraries are loaded once a worker; what a test file changes of them (mocked clients of the SDK, say) is undone after it.

/** By path of a library: its parts, and what they were like when it was loaded. */
const known = new Map();

const isFunction = (value) => typeof value === 'function';
/** The SDK has thousands of these; it is clients that tests put something in the place of. */
const isCommand = ({ name }) => name.endsWith('Command');

/** The objects of a library that code outside could change: its exports, and the classes among them with their prototypes. */
function* partsOf(exported) {
  if (exported === null || (typeof exported !== 'object' && !isFunction(exported))) return;
  yield exported;
  if (isFunction(exported) && exported.prototype) yield exported.prototype;
  for (const { value } of Object.values(Object.getOwnPropertyDescriptors(exported))) {
    if (!isFunction(value) || isCommand(value)) continue;
    yield value;
    if (value.prototype) yield value.prototype;
  }
}

/** Its own members with their values; of those that are computed, nothing. */
function photographed(part) {
  const descriptors = Object.getOwnPropertyDescriptors(part);
  const keys = Reflect.ownKeys(part);
  const valued = keys.filter((key) => 'value' in descriptors[key]);
  return { part, descriptors, keys, valued, values: valued.map((key) => descriptors[key].value) };
}

/** Remembers what a library is like, the first time it is asked for, and gives it. */
function guard(path, exported) {
  if (!known.has(path)) known.set(path, [...new Set(partsOf(exported))].map(photographed));
  return exported;
}

/** Makes all libraries again what they were. */
function undoChanges() {
  for (const parts of known.values()) {
    for (const { part, descriptors, keys, valued, values } of parts) {
      const now = Reflect.ownKeys(part);
      if (now.length !== keys.length) for (const key of now) if (!(key in descriptors)) delete part[key];
      for (let index = 0; index < valued.length; index += 1) {
        const key = valued[index];
        if (!Object.is(part[key], values[index])) Object.defineProperty(part, key, descriptors[key]);
      }
    }
  }
}

module.exports = { guard, undoChanges };
