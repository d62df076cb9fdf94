import openapi from '../../../openapi.yaml';

/** openapi.yaml, narrowed to what requests are checked with. Loading it throws where the document is not as expected. */

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  /** `x-wildcard`: a placeholder that takes the rest of the path, slashes included. */
  readonly isWildcard: boolean;
  /** JSON pointer of its schema in the document. */
  readonly schema: string;
}

export interface Operation<Id extends string = string> {
  readonly operationId: Id;
  /** Upper case. */
  readonly method: string;
  /** Template, e.g. `/v1/s3/{account}/buckets`. */
  readonly path: string;
  /** Needs no token. */
  readonly isPublic: boolean;
  readonly parameters: readonly Parameter[];
  /** Pointer of the body's schema. */
  readonly body: string | undefined;
  /** Whether the body may be YAML, too. */
  readonly takesYaml: boolean;
  /** Whether the body may be left out. */
  readonly isBodyOptional: boolean;
  /** `x-body-bytes`: so many bytes are taken whatever `limits.bodyBytes` says; undefined where that alone counts. */
  readonly bodyBytes: number | undefined;
  /** By status; pointers of the response objects. */
  readonly responses: ReadonlyMap<number, string>;
}

type Node = Readonly<Record<string, unknown>>;

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'];

/** The whole document, for the schema compiler. */
export const document: Node = node(openapi, '');

/** Finds what stands at a JSON pointer of the document, references followed, with the pointer it really stands at. */
export function resolve(pointer: string): { readonly value: Node; readonly pointer: string } {
  let value: unknown = document;
  for (const key of pointer.split('/').slice(1))
    value = node(value, pointer)[key.replaceAll('~1', '/').replaceAll('~0', '~')];
  const found = node(value, pointer);
  const target = found['$ref'];
  return typeof target === 'string' ? resolve(target.replace(/^#/, '')) : { value: found, pointer };
}

export const operations: readonly Operation[] = Object.entries(node(document['paths'], '/paths')).flatMap(
  ([path, item]) =>
    Object.keys(node(item, path))
      .filter((method) => METHODS.includes(method))
      .map((method) => operationAt(path, method)),
);

/**
 * Gives an operation by its id.
 * @throws Error when the document has none of that id.
 */
export function operationOf<Id extends string>(operationId: Id): Operation<Id> {
  const found = operations.find((operation): operation is Operation<Id> => operation.operationId === operationId);
  if (found === undefined) throw new Error(`openapi.yaml lacks ${operationId}`);
  return found;
}

function operationAt(path: string, method: string): Operation {
  const item = `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const pointer = `${item}/${method}`;
  const { value } = resolve(pointer);
  const operationId = value['operationId'];
  if (typeof operationId !== 'string') throw new Error(`openapi.yaml: ${pointer} has no operationId`);
  return {
    operationId,
    method: method.toUpperCase(),
    path,
    isPublic: Array.isArray(value['security']) && value['security'].length === 0,
    parameters: [...parametersAt(item), ...parametersAt(pointer)],
    body: value['requestBody'] === undefined ? undefined : `${pointer}/requestBody/content/application~1json/schema`,
    takesYaml:
      value['requestBody'] !== undefined &&
      'application/yaml' in node(resolve(`${pointer}/requestBody`).value['content'], pointer),
    isBodyOptional: value['requestBody'] !== undefined && resolve(`${pointer}/requestBody`).value['required'] !== true,
    bodyBytes: typeof value['x-body-bytes'] === 'number' ? value['x-body-bytes'] : undefined,
    responses: new Map(
      Object.keys(node(value['responses'], pointer)).map((status) => [
        // A range stands for its first status, as long as none is said: 2XX for 200.
        Number(status.replace('XX', '00')),
        `${pointer}/responses/${status}`,
      ]),
    ),
  };
}

function parametersAt(pointer: string): Parameter[] {
  const list = resolve(pointer).value['parameters'];
  if (!Array.isArray(list)) return [];
  return list.map((_, index) => {
    const { value, pointer: at } = resolve(`${pointer}/parameters/${index}`);
    return {
      name: String(value['name']),
      in: String(value['in']),
      required: value['required'] === true,
      isWildcard: value['x-wildcard'] === true,
      schema: `${at}/schema`,
    };
  });
}

function node(value: unknown, pointer: string): Node {
  if (typeof value !== 'object' || value === null) throw new Error(`openapi.yaml: ${pointer} is no object`);
  return value as Node;
}
