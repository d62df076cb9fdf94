import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { fail } from '../../base/errors';
import type { OperationId, RequestOf } from '../../base/operation-types';
import { WHEN_EMPTY, describeErrors } from './messages';
import { document, operations, resolve, type Operation } from './document';
import { MARKERS } from './leaf-encoders';
import { excerptOf } from '../body/excerpt';
import { withoutNotMeant } from '../connections/not-meant';

/**
 * Checks requests, and in tests answers, against openapi.yaml. Each schema is compiled when it is first needed:
 * compiling all of them takes longer than everything else at start.
 */

const KEY = 'openapi';

function compiler({ coerceTypes = false, allErrors = true }): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors,
    verbose: true,
    coerceTypes,
    strictRequired: false,
    allowUnionTypes: true,
    // Redocly's lint judges the document; here it would take as long as all the rest.
    validateSchema: false,
    // Tidier code is dearer to make than it ever gives back.
    code: { optimize: false },
  });
  addFormats(ajv);
  // The document is no schema itself, it holds some: its own members say nothing about values.
  ajv.addVocabulary([...Object.keys(document), WHEN_EMPTY, ...Object.values(MARKERS)]);
  ajv.addSchema(document, KEY, false, false);
  return ajv;
}

const lazy = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

/** Says whether a body fits, and stops at the first mistake: that takes the same time however many there are. */
const judge = lazy(() => compiler({ allErrors: false }));
const bodies = lazy(() => compiler({}));
/** Parameters are text; a schema may want a number. */
const parameters = lazy(() => compiler({ coerceTypes: true }));

const refTo = (pointer: string): { readonly $ref: string } => ({
  $ref: `${KEY}#${pointer.split('/').map(encodeURIComponent).join('/')}`,
});

/** Ids are only known by name where a caller names one: of others, bodies may be anything. */
type BodyOf<Id extends string> = Id extends OperationId ? RequestOf<Id> : unknown;

export interface RequestCheck<Id extends string = string> {
  /**
   * Gives the parsed query, as text.
   * @throws {invalid}
   */
  readonly parameters: (
    path: Readonly<Record<string, unknown>>,
    search: string,
  ) => Readonly<Partial<Record<string, string>>>;
  /**
   * Gives what is meant of it: without members that are null and may be absent. undefined: none was sent.
   * @throws {invalid}
   */
  readonly body: (value: unknown) => BodyOf<Id>;
}

/** Makes what checks the requests of one operation. */
export function requestCheck<Id extends string>(operation: Operation<Id>): RequestCheck<Id> {
  const inPath = lazy(() => parameterCheck(operation, 'path'));
  const inQuery = lazy(() => parameterCheck(operation, 'query'));
  const ofQuery = operation.parameters.filter((parameter) => parameter.in === 'query');
  const known = ofQuery.map(({ name }) => name);
  const integers = ofQuery.filter(({ schema }) => resolve(schema).value['type'] === 'integer').map(({ name }) => name);
  const inBody = lazy(() => bodyCheck(operation));
  return {
    parameters: (path, search) => {
      apply(inPath(), path, 'the path');
      if (search === '') return {};
      const query = parseQuery(search, known);
      // Coercion takes whatever JavaScript takes for a number: 0x10, 1e3, a plus sign, spaces.
      for (const name of integers) {
        if (!/^-?\d+$/.test(query[name] ?? '0')) fail({ kind: 'invalid', detail: `/${name} must be an integer` });
      }
      // The check changes what it is given to the types it should have.
      apply(inQuery(), { ...query }, 'the query');
      return query;
    },
    body: (value) => inBody()(value),
  };
}

/** Gives the check of a body, which gives what is meant of it or fails with `invalid`. */
function bodyCheck<Id extends string>({
  body: pointer,
  isBodyOptional,
}: Operation<Id>): (value: unknown) => BodyOf<Id> {
  // The generated type of what is not sent is undefined.
  const none = undefined as BodyOf<Id>;
  if (pointer === undefined) return () => none;
  const fits = judge().compile<BodyOf<Id>>(refTo(pointer));
  const explain = lazy(() => bodies().compile(refTo(pointer)));
  return (sent) => {
    if (isBodyOptional && sent === undefined) return none;
    const value = withoutNotMeant(sent, pointer);
    if (fits(value)) return value;
    const excerpt = excerptOf(value);
    const areAll = excerpt !== undefined && excerpt.isWhole;
    const told = excerpt === undefined || explain()(excerpt.value) ? [] : (explain().errors ?? []);
    // The first mistake may lie in what was left out.
    const errors = areAll ? told : [...(fits.errors ?? []), ...told];
    fail({
      kind: 'invalid',
      pointer: errors[0]?.instancePath ?? '',
      detail: describeErrors(errors, 'the body', areAll),
    });
  };
}

function parameterCheck(operation: Operation, place: string): ValidateFunction {
  const own = operation.parameters.filter((parameter) => parameter.in === place);
  return parameters().compile({
    type: 'object',
    properties: Object.fromEntries(own.map(({ name, schema }) => [name, refTo(schema)])),
    required: own.filter(({ required }) => required).map(({ name }) => name),
  });
}

function apply(validate: ValidateFunction, value: unknown, whole: string): void {
  if (!validate(value)) fail({ kind: 'invalid', detail: describeErrors(validate.errors ?? [], whole) });
}

/**
 * Reads `search`, which is without its question mark. Unknown and repeated names are refused: they would be ignored in
 * silence.
 */
function parseQuery(search: string, known: readonly string[]): Record<string, string> {
  const query: Record<string, string> = {};
  try {
    decodeURIComponent(search);
  } catch {
    fail({ kind: 'invalid', detail: 'the query is not valid percent-encoding' });
  }
  for (const [name, value] of new URLSearchParams(search)) {
    if (!known.includes(name)) {
      const rest = known.length === 0 ? 'this request takes none' : `known: ${known.join(', ')}`;
      fail({
        kind: 'invalid',
        detail: `the query has an unknown parameter ${JSON.stringify(name.slice(0, 64))}; ${rest}`,
      });
    }
    if (Object.hasOwn(query, name))
      fail({ kind: 'invalid', detail: `the query has the parameter "${name}" more than once` });
    query[name] = value;
  }
  return query;
}

/** An answer as a client saw it. */
export interface SeenResponse {
  readonly header: (name: string) => string | null | undefined;
  /** Parsed JSON; text for other types; undefined for none. */
  readonly body: unknown;
}

const headerSchemas = new Map<string, ValidateFunction>();
const contentSchemas = new Map<string, ValidateFunction>();

/** Compiled once for each pointer: schemas of answers are few and asked for again and again. */
function compiled(
  known: Map<string, ValidateFunction>,
  pointer: string,
  make: () => ValidateFunction,
): ValidateFunction {
  const validate = known.get(pointer) ?? make();
  known.set(pointer, validate);
  return validate;
}

/**
 * Makes what checks answers of an operation with this status: it gives the differences from openapi.yaml, none when the
 * answer fits. undefined: the document knows no such operation or status.
 */
export function responseValidator(
  operationId: string,
  status: number,
): ((seen: SeenResponse) => readonly string[]) | undefined {
  const pointer = operations.find((operation) => operation.operationId === operationId)?.responses.get(status);
  if (pointer === undefined) return undefined;
  const response = resolve(pointer);
  return (seen) => [...headerDifferences(response, seen), ...contentDifferences(response, seen)];
}

type Resolved = ReturnType<typeof resolve>;

function headerDifferences(response: Resolved, seen: SeenResponse): string[] {
  return Object.keys(response.value['headers'] ?? {}).flatMap((name) => {
    const header = resolve(`${response.pointer}/headers/${name}`);
    const found = seen.header(name) ?? undefined;
    if (found === undefined) return header.value['required'] === true ? [`the header ${name} is missing`] : [];
    const validate = compiled(headerSchemas, header.pointer, () =>
      parameters().compile({ type: 'object', properties: { value: refTo(`${header.pointer}/schema`) } }),
    );
    return validate({ value: found }) ? [] : [describeErrors(validate.errors ?? [], `the header ${name}`)];
  });
}

function contentDifferences(response: Resolved, seen: SeenResponse): string[] {
  const types = Object.keys(response.value['content'] ?? {});
  if (types.length === 0)
    return seen.body === undefined || seen.body === '' ? [] : ['there is a body, where none is documented'];
  const found = (seen.header('content-type') ?? '').split(';', 1)[0];
  const type = types.find((documented) => documented === found);
  if (type === undefined) return [`the body is ${found ?? ''}, documented is ${types.join(' or ')}`];
  const schema = `${response.pointer}/content/${type.replaceAll('/', '~1')}/schema`;
  const validate = compiled(contentSchemas, schema, () => bodies().compile(refTo(schema)));
  return validate(seen.body) ? [] : [describeErrors(validate.errors ?? [], 'the body')];
}
