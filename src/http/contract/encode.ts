import { operationOf, resolve } from './document';
import type { JsonValue } from '../../base/json';
import type { Encode } from './leaf-encoders';
import { encoderAt } from './schema-encoder';

const encoders = new Map<string, Encode>();

/**
 * Gives what encodes the answers of an operation with this status, from the schema that openapi.yaml has for them: the
 * domain's value in, JSON out. Nothing is as an object without members. Compiled when it is first asked for.
 * @throws Error when the document knows no such answer, or none of JSON.
 */
export function encoderOf(operationId: string, status: number): (value: unknown) => JsonValue {
  const name = `${operationId} ${status}`;
  const before = encoders.get(name);
  if (before) return before;
  const encode = encoderAt(schemaOf(operationId, status));
  // Of an operation that gives nothing the answer is an object all the same, with what is always there.
  const encodeWhole: Encode = (value) => encode(value ?? {});
  encoders.set(name, encodeWhole);
  return encodeWhole;
}

/** Gives the JSON pointer of the schema of an answer. */
function schemaOf(operationId: string, status: number): string {
  const pointer = operationOf(operationId).responses.get(status);
  if (pointer === undefined) throw new Error(`openapi.yaml: ${operationId} has no answer with status ${status}`);
  const response = resolve(pointer);
  const schema = `${response.pointer}/content/application~1json/schema`;
  if (!('application/json' in Object(response.value['content'])))
    throw new Error(`openapi.yaml: ${operationId} answers ${status} without JSON`);
  return schema;
}
