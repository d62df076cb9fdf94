// Who may import whom: the layers of src as one table. The rule in rules.mjs enforces it, test/layers.test.ts
// plants violations against it. docs/adr/0003-toolchain.md says why it is a rule of our own.
import { posix } from 'node:path';

const SHARED = ['errors', 'secret', 'clock'];

/**
 * `files`: paths below src without suffix; the first layer that matches is the file's. A file may import its own layer.
 * `may`: layers whose values and types it may import. `typesOf`: layers it may import with `import type` only.
 * `dynamic`: layers it may load with `import()` only. `data`: files outside src it may import.
 * `sdk`: whether it may import the AWS SDK, as values or types.
 * `packages`: the only packages and Node modules it may import; absent: all but the SDK.
 * @typedef {{name: string, files: RegExp, may?: string[], typesOf?: string[], dynamic?: string[], data?: RegExp,
 *   sdk?: boolean, packages?: string[]}} Layer
 * @type {readonly Layer[]}
 */
const LAYERS = [
  { name: 'errors', files: /^errors$/, packages: [] },
  { name: 'secret', files: /^secret$/, packages: ['node:util'] },
  { name: 'nearest', files: /^nearest$/, packages: [] },
  { name: 'json-scan', files: /^json-scan$/, packages: [] },
  { name: 'clock', files: /^clock$/, packages: ['node:timers/promises', 'node:perf_hooks'] },
  { name: 'ambient types', files: /^types\//, packages: [] },
  { name: 'engine', files: /^engine\//, may: SHARED, packages: [] },
  {
    name: 'config',
    files: /^config\//,
    may: ['errors', 'secret', 'nearest', 'json-scan'],
    data: /^config\/[^/]+\.json$/,
  },
  {
    name: 'aws',
    files: /^aws\//,
    may: SHARED,
    typesOf: ['config'],
    sdk: true,
  },
  {
    name: 'steps and reads',
    files: /^provisioning\/(steps|reads)\//,
    may: [...SHARED, 'engine', 'pure provisioning', 'provisioning'],
    typesOf: ['aws', 'config'],
    sdk: true,
  },
  {
    name: 'provisioning',
    files: /^provisioning\/(plans\/.+|provisioning|(.+-)?(service|desk)|context|store-features)$/,
    may: [...SHARED, 'engine', 'pure provisioning', 'steps and reads'],
    typesOf: ['aws', 'config'],
  },
  {
    // No I/O and no layers: what they make follows from what they are given.
    name: 'pure provisioning',
    files: /^provisioning\/((clients|policy-judge)\/)?[^/]+$/,
    may: [...SHARED, 'json-scan'],
    typesOf: ['config'],
    packages: ['plist', 'node:crypto', 'node:net'],
  },
  {
    name: "operations' s3 binding",
    files: /^operations\/(.+\/)?s3[^/]*$/,
    may: [...SHARED, 'engine', 'operations'],
    typesOf: ['aws', 'config'],
    sdk: true,
  },
  {
    name: 'operations',
    files: /^operations\//,
    may: [...SHARED, 'engine', "operations' s3 binding"],
    typesOf: ['config'],
  },
  {
    name: 'observability',
    files: /^observability\//,
    may: SHARED,
    typesOf: ['engine', 'aws', 'config'],
  },
  {
    name: 'http',
    files: /^http\//,
    may: [
      ...SHARED,
      'nearest',
      'json-scan',
      'engine',
      'operations',
      'observability',
      'provisioning',
      'pure provisioning',
    ],
    typesOf: ['config'],
    data: /^openapi\.yaml$/,
  },
  {
    // An independent judge: it shares no names, policies or XML with the service.
    name: 'sandbox',
    files: /^sandbox(\/|$)/,
    packages: ['fast-xml-parser', '@fastify/busboy'],
  },
  {
    name: 'app',
    files: /^app$/,
    may: [
      ...SHARED,
      'config',
      'aws',
      'engine',
      'operations',
      'observability',
      'http',
      'provisioning',
      'pure provisioning',
    ],
  },
  {
    name: 'main',
    files: /^main(\/|$)/,
    may: [...SHARED, 'config', 'aws', 'observability', 'pure provisioning', 'app'],
    dynamic: ['sandbox'],
    data: /^config\/[^/]+\.json$/,
  },
];

const SDK = /^(@aws-sdk|@smithy|@aws-crypto|aws-sdk-client-mock)(\/|$)/;
const BUILTIN = /^node:/;

const layerOf = (path) => LAYERS.find(({ files }) => files.test(path));
const withoutSuffix = (path) => path.replace(/(\.d)?\.(ts|js|mjs|cjs)$/, '');

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

/**
 * What is wrong with an import, as a sentence; undefined when it is allowed.
 * @param {string} file importing file, relative to the project, with slashes, e.g. `src/engine/walk.ts`
 * @param {string} specifier what it imports, as written
 * @param {'value' | 'type' | 'dynamic'} kind
 * @returns {string | undefined}
 */
export function violation(file, specifier, kind) {
  const from = layerOf(withoutSuffix(file.slice('src/'.length)));
  if (from === undefined) return `${file} belongs to no layer: add it to the table in scripts/lint/layers.mjs`;
  if (!specifier.startsWith('.')) return packageViolation(from, specifier);
  const target = posix.join(posix.dirname(file), specifier);
  if (!target.startsWith('src/')) {
    return from.data?.test(target) ? undefined : `${from.name} must not import ${target}, which is outside src`;
  }
  const to = layerOf(withoutSuffix(target.slice('src/'.length)));
  if (to === undefined) return `${target} belongs to no layer: add it to the table in scripts/lint/layers.mjs`;
  return layerViolation(from, to, kind);
}
