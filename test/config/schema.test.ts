import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { defaultBucketActions } from '../../src/config/defaults';
import { childOf, configSchema, type SchemaNode } from '../../src/config/schema';

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every property schema in the document, with the path to it; `if`, `then` and `false` only refine others. */
function propertiesIn(node: unknown, path = ''): readonly (readonly [string, Node])[] {
  if (Array.isArray(node)) return node.flatMap((item, index) => propertiesIn(item, `${path}/${index}`));
  if (!isNode(node)) return [];
  const own = isNode(node['properties']) ? Object.entries(node['properties']) : [];
  return [
    ...own.flatMap(([name, schema]) => (isNode(schema) ? [[`${path}/${name}`, schema] as const] : [])),
    ...Object.entries(node).flatMap(([key, value]) =>
      key === 'if' || key === 'then' ? [] : propertiesIn(value, `${path}/${key}`),
    ),
  ];
}

const document: unknown = JSON.parse(readFileSync('config/schema.json', 'utf8'));

describe('config/schema.json', () => {
  test('is a valid JSON Schema 2020-12', () => {
    expect(new Ajv2020().validateSchema(document as object)).toBe(true);
  });

  const properties = propertiesIn(document);
  test('has properties to look at', () => {
    expect(properties.length).toBeGreaterThan(60);
  });

  test.each(properties.map(([path, schema]) => [path, schema] as const))('%s has a description', (_path, schema) => {
    expect(schema['description']).toEqual(expect.stringMatching(/.{15,}/));
  });

  test('no object takes unknown keys', () => {
    const open = propertiesIn({ properties: { root: document } })
      .filter(([, schema]) => schema['type'] === 'object' && schema['properties'] !== undefined)
      .filter(([, schema]) => schema['additionalProperties'] !== false);
    expect(open.map(([path]) => path)).toEqual([]);
  });

  test.each([
    'token',
    'account.secret',
    'account.secret-access-key',
    'account.sessionToken',
    'account.akid',
    'account.externalId',
  ])('%s is a secret', (path) => {
    const node = path
      .split('.')
      .reduce<SchemaNode | undefined>((parent, key) => parent && childOf(parent, key), configSchema);
    expect(node?.writeOnly).toBe(true);
  });
});

test('the default bucket actions are sorted as documented and hold nothing twice', () => {
  expect(new Set(defaultBucketActions).size).toBe(defaultBucketActions.length);
  expect(defaultBucketActions[0]).toBe('s3:AbortMultipartUpload');
  expect(defaultBucketActions.at(-1)).toBe('s3:RestoreObject');
});
