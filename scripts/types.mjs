// Types of what operations take and give, from openapi.yaml: src/base/api.ts, which src/base/contract.ts reads.
//   node scripts/types.mjs             writes it
//   node scripts/types.mjs --check     exits with 1 when it is not current
import { readFileSync, writeFileSync } from 'node:fs';
import { argv, exit } from 'node:process';
import openapiTS, { NULL, astToString, transformSchemaObject, tsUnion } from 'openapi-typescript';
import ts from 'typescript';
import { parse } from 'yaml';
import { inProject, say } from './lib/project.mjs';

const FILE = 'src/base/api.ts';
const HEADER = `// Generated from openapi.yaml by npm run types; do not edit.
import { type Secret } from './secret';

/** A document in AWS's own shape, handed through as AWS gave it: a distribution, a record set, an invalidation. */
export type AwsDocument = Readonly<Record<string, unknown>>;

`;

const document = parse(readFileSync(inProject('openapi.yaml'), 'utf8'), { maxAliasCount: -1 });
const named = (name) => ts.factory.createTypeReferenceNode(name);

/** What stands there, references to components followed. */
function resolve(value) {
  const path = value?.$ref?.split('/').slice(1);
  return path === undefined ? value : resolve(path.reduce((found, key) => found[key], document));
}

const schemaIn = (holder) => resolve(holder)?.content?.['application/json']?.schema;

/** One schema that has, by operationId, what is asked and what is answered when it succeeds. */
function operationsSchema() {
  const members = Object.values(document.paths).flatMap((item) =>
    Object.values(item)
      .filter((operation) => operation.operationId !== undefined)
      .map((operation) => [operation.operationId, operationSchema(item, operation)]),
  );
  return objectOf(Object.fromEntries(members));
}

function operationSchema(item, operation) {
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
  const query = parameters.filter((parameter) => parameter.in === 'query');
  // A range stands for the answers of dry runs.
  const success = Object.entries(operation.responses).find(([status]) => /^2\d\d$/.test(status))?.[1];
  const members = {
    query:
      query.length === 0
        ? undefined
        : objectOf(Object.fromEntries(query.map(({ name, schema }) => [name, schema])), []),
    body: schemaIn(operation.requestBody),
    answer: schemaIn(success),
  };
  const known = Object.fromEntries(Object.entries(members).filter(([, schema]) => schema !== undefined));
  const isBodyOptional = resolve(operation.requestBody)?.required !== true;
  return objectOf(
    known,
    Object.keys(known).filter((name) => name !== 'body' || !isBodyOptional),
  );
}

function objectOf(properties, required = Object.keys(properties)) {
  return { type: 'object', additionalProperties: false, properties, required };
}

/** Where the words of the document say more than openapi-typescript reads. */
function transform(schema, options) {
  const types = [schema.type].flat();
  const orNull = (type) => (types.includes('null') ? tsUnion([type, NULL]) : type);
  if (schema['x-secret'] === true) return named('Secret');
  if (schema.format === 'date-time') return orNull(named('Date'));
  // Lists members and allows more: AWS's own.
  if (schema.properties && schema.additionalProperties === undefined) return orNull(named('AwsDocument'));
  const isEmpty = Object.keys(schema.properties ?? {}).length === 0;
  if (schema.additionalProperties === false && isEmpty) return ts.factory.createTypeLiteralNode([]);
  // Text of one kind, or something else.
  if (schema.if?.type === 'string') {
    const { then = { type: 'string' }, else: otherwise } = schema;
    const rest = { ...otherwise, type: otherwise.type.filter((type) => type !== 'string') };
    return tsUnion([then, rest].map((each) => transformSchemaObject(each, options)));
  }
  // Whatever is no value at all.
  if (Array.isArray(schema.not?.type) && schema.type === undefined) return NULL;
  return undefined;
}

async function generate() {
  const source = {
    openapi: document.openapi,
    info: document.info,
    paths: {},
    components: { schemas: { ...document.components.schemas, Operations: operationsSchema() } },
  };
  const nodes = await openapiTS(source, {
    immutable: true,
    emptyObjectsUnknown: true,
    defaultNonNullable: false,
    transform,
  });
  const components = nodes.filter((node) => node.name?.text === 'components');
  return `${HEADER}${astToString(components)}`;
}

const wanted = await generate();
if (argv.includes('--check')) {
  if (readFileSync(inProject(FILE), 'utf8') === wanted) exit(0);
  say(`${FILE} is not what openapi.yaml says: run npm run types`);
  exit(1);
}
writeFileSync(inProject(FILE), wanted);
