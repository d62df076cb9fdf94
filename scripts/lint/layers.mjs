// Who may import whom: the layers of src as globs. The rule in rules.mjs enforces it, test/layers.test.ts plants
// violations against it and looks for circles. docs/adr/0003-toolchain.md says why it is a rule of our own.
import { posix } from 'node:path';

/**
 * `files`: globs below src; the first layer that matches is the file's. A file may import its own layer.
 * `may`: layers whose values and types it may import. `typesOf`: layers it may import with `import type` only.
 * `dynamic`: layers it may load with `import()` only. `data`: files outside src it may import.
 * `sdk`: whether it may import the AWS SDK, as values or types.
 * `packages`: the only packages and Node modules it may import; absent: all but the SDK.
 * @typedef {{name: string, files: string[], may?: string[], typesOf?: string[], dynamic?: string[], data?: RegExp,
 *   sdk?: boolean, packages?: string[]}} Layer
 * @type {readonly Layer[]}
 */
const LAYERS = [
  {
    name: 'base',
    files: ['base/**'],
    packages: [
      'node:util',
      'node:timers/promises',
      'node:perf_hooks',
      'node:net',
      'node:async_hooks',
      'lru-cache',
      'ipaddr.js',
    ],
  },
  { name: 'ambient types', files: ['types/**'], packages: [] },
  { name: 'engine', files: ['engine/**'], may: ['base'], packages: [] },
  { name: 'config', files: ['config/**'], may: ['base'], data: /^config\/[^/]+\.json$/ },
  { name: 'aws', files: ['aws/**'], may: ['base'], typesOf: ['config'], sdk: true },
  {
    name: 'rules',
    files: ['domain/**/rules/**'],
    may: ['base', 'shared'],
    typesOf: ['config'],
    packages: ['plist', 'node:crypto', 'node:net'],
  },
  {
    name: 'steps and reads',
    files: ['domain/**/aws/**'],
    may: ['base', 'engine', 'rules', 'shared'],
    typesOf: ['aws', 'config'],
    sdk: true,
  },
  {
    name: 'shared',
    files: ['domain/shared/*'],
    may: ['base', 'engine'],
    typesOf: ['aws', 'config'],
    packages: ['node:crypto'],
  },
  {
    name: 'domain',
    files: ['domain/**'],
    may: ['base', 'engine', 'rules', 'shared', 'steps and reads'],
    typesOf: ['aws', 'config'],
  },
  {
    name: "operations' s3 binding",
    files: ['operations/s3/**', 'operations/s3*'],
    may: ['base', 'engine', 'operations'],
    typesOf: ['aws', 'config'],
    sdk: true,
  },
  {
    name: 'operations',
    files: ['operations/**'],
    may: ['base', 'engine', "operations' s3 binding"],
    dynamic: ['domain'],
    typesOf: ['config', 'shared'],
  },
  { name: 'observability', files: ['observability/**'], may: ['base'], typesOf: ['engine', 'aws', 'config'] },
  {
    name: 'http',
    files: ['http/**'],
    may: ['base', 'engine', 'operations', 'observability', 'domain', 'shared', 'rules'],
    typesOf: ['config'],
    data: /^openapi\.yaml$/,
  },
  // An independent judge: it shares no names, policies or XML with the service.
  { name: 'sandbox', files: ['sandbox/**', 'sandbox.*'], packages: ['fast-xml-parser', '@fastify/busboy'] },
  {
    name: 'app',
    files: ['app.ts'],
    may: ['base', 'config', 'aws', 'engine', 'operations', 'observability', 'http', 'domain', 'shared', 'rules'],
  },
  {
    name: 'main',
    files: ['main.ts', 'main/**'],
    may: ['base', 'config', 'aws', 'observability', 'shared', 'app'],
    dynamic: ['sandbox'],
    data: /^config\/[^/]+\.json$/,
  },
];

/**
 * The slices of `domain`, lowest first; those of one row do not know each other. A slice may import those of earlier rows,
 * a folder listed before its parent is a slice of its own.
 */
const SLICES = [
  ['shared'],
  ['access', 'bucket/settings'],
  ['website/distribution'],
  ['bucket'],
  ['website/dns', 'website/certificate'],
  ['website'],
  ['user/keys', 'client', 'object', 'history'],
  ['user'],
  ['cleaner'],
  ['dispatch'],
];

const SDK = /^(@aws-sdk|@smithy|@aws-crypto|aws-sdk-client-mock)(\/|$)/;
const BUILTIN = /^node:/;

/** `**` stands for anything, `*` for anything but a slash. */
const matches = (path, glob) =>
  new RegExp(`^${glob.replace(/[.]/g, '\\$&').replace(/\*+/g, (stars) => (stars === '*' ? '[^/]*' : '.*'))}$`).test(
    path,
  );

const layerOf = (path) => LAYERS.find(({ files }) => files.some((glob) => matches(path, glob)));

/** `@scope/name/deep` → `@scope/name`, `name/deep` → `name`; Node's own modules stay whole. */
const packageOf = (specifier) =>
  BUILTIN.test(specifier)
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');

function packageViolation(layer, specifier) {
  if (SDK.test(specifier)) {
    return layer.sdk === true ? undefined : `${layer.name} must not import the AWS SDK (${specifier}), types included`;
  }
  if (layer.packages === undefined || layer.packages.includes(packageOf(specifier))) return undefined;
  if (layer.name === 'sandbox' && BUILTIN.test(specifier)) return undefined;
  return `${layer.name} must not import the package ${specifier}`;
}

function layerViolation(from, to, kind) {
  if (from === to || from.may?.includes(to.name)) return undefined;
  if (from.typesOf?.includes(to.name)) {
    return kind === 'type' ? undefined : `${from.name} may import ${to.name} with \`import type\` only`;
  }
  if (from.dynamic?.includes(to.name)) {
    return kind === 'dynamic' ? undefined : `${from.name} may load ${to.name} with \`import()\` only`;
  }
  return `${from.name} must not import ${to.name}`;
}

/** The row of a slice and its name; the longest of those that begin the path. */
function sliceOf(path) {
  const found = SLICES.flatMap((slices, row) => slices.map((slice) => ({ slice, row })))
    .filter(({ slice }) => path.startsWith(`domain/${slice}/`))
    .sort((a, b) => b.slice.length - a.slice.length);
  return found[0];
}

function sliceViolation(from, to) {
  if (!from.startsWith('domain/') || !to.startsWith('domain/')) return undefined;
  const [mine, theirs] = [sliceOf(from), sliceOf(to)];
  if (mine === undefined) return `src/${from} is in no slice: add it to the table in scripts/lint/layers.mjs`;
  if (theirs === undefined || mine.slice === theirs.slice || theirs.row < mine.row) return undefined;
  return `the slice ${mine.slice} must not import the slice ${theirs.slice}`;
}

/**
 * What is wrong with an import, as a sentence; undefined when it is allowed.
 * @param {string} file importing file, relative to the project, with slashes, e.g. `src/engine/walk.ts`
 * @param {string} specifier what it imports, as written
 * @param {'value' | 'type' | 'dynamic'} kind
 * @returns {string | undefined}
 */
export function violation(file, specifier, kind) {
  const path = file.slice('src/'.length);
  const from = layerOf(path);
  if (from === undefined) return `${file} belongs to no layer: add it to the table in scripts/lint/layers.mjs`;
  if (!/^(thread:)?\./.test(specifier)) return packageViolation(from, specifier);
  const target = posix.join(posix.dirname(file), specifier.replace(/^thread:/, ''));
  if (!target.startsWith('src/')) {
    return from.data?.test(target) ? undefined : `${from.name} must not import ${target}, which is outside src`;
  }
  const written = target.slice('src/'.length);
  const to = layerOf(/\.\w+$/.test(written) ? written : `${written}.ts`);
  if (to === undefined) return `${target} belongs to no layer: add it to the table in scripts/lint/layers.mjs`;
  return layerViolation(from, to, kind) ?? sliceViolation(path, written);
}
