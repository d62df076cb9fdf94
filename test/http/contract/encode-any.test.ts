import fc, { type Arbitrary } from 'fast-check';
import { secret } from '../../../src/base/secret';
import { responseValidator } from '../../../src/http/contract/checks';
import { operations, resolve } from '../../../src/http/contract/document';
import { encoderOf } from '../../../src/http/contract/encode';

type Schema = Readonly<Record<string, unknown>>;

const JSON_TYPE = 'application~1json';
const maybe = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const anyObject = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });

/** What an operation may give where the schema at the pointer stands; members that nobody named hold secrets. */
function given(pointer: string): Arbitrary<unknown> {
  const { value: schema, pointer: at } = resolve(pointer);
  const types = ([schema['type']].flat() as readonly unknown[]).map(String);
  const one = oneGiven(schema, at, types);
  return types.includes('null') ? maybe(one) : one;
}

function oneGiven(schema: Schema, at: string, types: readonly string[]): Arbitrary<unknown> {
  if (Array.isArray(schema['anyOf'])) {
    return fc.oneof(
      ...schema['anyOf'].map((_, index) =>
        resolve(`${at}/anyOf/${index}`).value['type'] === 'null'
          ? fc.constant(undefined)
          : given(`${at}/anyOf/${index}`),
      ),
    );
  }
  if (types.includes('object')) return objectGiven(schema, at);
  if (types.includes('array')) {
    return fc.array(schema['items'] === undefined ? anyObject : given(`${at}/items`), { maxLength: 2 });
  }
  // Within the bounds that the document has for it: AWS keeps to them, too.
  if (types.includes('integer')) {
    const { minimum, maximum } = schema;
    return fc.integer({
      ...(typeof minimum === 'number' && { min: minimum }),
      ...(typeof maximum === 'number' && { max: maximum }),
    });
  }
  if (types.includes('boolean')) return fc.boolean();
  return types.includes('string') ? textGiven(schema) : fc.oneof(anyObject, fc.string(), fc.constant(null));
}

function textGiven(schema: Schema): Arbitrary<unknown> {
  if (schema['format'] === 'date-time') {
    // The years that ISO-8601 writes with four digits.
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') });
  }
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as readonly unknown[]));
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  const text = schema['format'] === 'uri' ? fc.webUrl() : fc.string({ minLength: 1 }).map((each) => `/${each}`);
  return schema['x-secret'] === true ? text.map(secret) : text;
}

function objectGiven(schema: Schema, at: string): Arbitrary<unknown> {
  const rest = schema['additionalProperties'];
  if (typeof rest === 'object') {
    return fc.dictionary(fc.string(), given(`${at}/additionalProperties`), { maxKeys: 3 });
  }
  const names = Object.keys(schema['properties'] ?? {});
  const required = (schema['required'] ?? []) as readonly string[];
  const members = names.map((name) => {
    const value = given(`${at}/properties/${name}`);
    return [name, required.includes(name) ? value : maybe(value)];
  });
  const named = fc.record(Object.fromEntries(members) as Record<string, Arbitrary<unknown>>);
  return rest === false
    ? named.map((value) => ({ ...value, hidden: secret('hidden'), other: 'hidden' }))
    : fc.tuple(anyObject, named).map(([more, value]) => ({ ...more, ...value }));
}

const answers = operations.flatMap(({ operationId, responses }) =>
  [...responses]
    .filter(([status, pointer]) => status < 300 && 'application/json' in Object(resolve(pointer).value['content']))
    .map(
      ([status, pointer]) => [operationId, status, `${resolve(pointer).pointer}/content/${JSON_TYPE}/schema`] as const,
    ),
);

test.each(answers)('%s %d: whatever the operation gives, the answer fits the document', (operationId, status, at) => {
  const encode = encoderOf(operationId, status);
  const differences = responseValidator(operationId, status);
  const header = (name: string) => (name === 'content-type' ? 'application/json' : 'attachment');
  fc.assert(
    fc.property(given(at), (value) => {
      const body = JSON.parse(JSON.stringify(encode(value))) as unknown;
      expect(differences?.({ header, body })).toEqual([]);
      expect(JSON.stringify(body)).not.toContain('hidden');
    }),
    { numRuns: 30 },
  );
});
