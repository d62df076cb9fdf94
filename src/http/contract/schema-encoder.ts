import { resolve } from './document';
import type { JsonValue } from '../../base/json';
import { isRecord } from './json-value';
import {
  MARKERS,
  openEncoder,
  orderIn,
  otherKind,
  scalarEncoder,
  type Encode,
  type Place,
  type Schema,
} from './leaf-encoders';

const known = new Map<string, Encode>();

/**
 * Compiles the schema at a JSON pointer of openapi.yaml, once. What clients get is what it names: other members stay
 * here, and of those that are absent the required ones are null.
 * @throws Error where the schema has words that are not known here.
 */
export function encoderAt(pointer: string, isAws = false): Encode {
  const { value: schema, pointer: at } = resolve(pointer);
  const name = `${isAws ? 'aws' : 'ours'} ${at}`;
  const before = known.get(name);
  if (before) return before;
  // A schema may hold itself: whoever asks for it while it is compiled gets what will be there.
  let compiled: Encode = () => null;
  known.set(name, (value) => compiled(value));
  try {
    const encode = compile(schema, { pointer: at, isAws });
    compiled = (value) => (value === undefined || value === null ? null : encode(value));
  } catch (error) {
    known.delete(name);
    throw error;
  }
  known.set(name, compiled);
  return compiled;
}

function compile(schema: Schema, place: Place): Encode {
  for (const word of ['allOf', 'oneOf', 'patternProperties', 'prefixItems']) {
    if (word in schema) throw new Error(`openapi.yaml ${place.pointer}: answers are not encoded by ${word}`);
  }
  if (Array.isArray(schema['anyOf'])) return alternative(schema['anyOf'], place);
  const types = [schema['type']].flat().filter((type) => type !== undefined && type !== 'null');
  if (types.length > 1) throw new Error(`openapi.yaml ${place.pointer}: an answer has one kind, or null`);
  if (types[0] === 'object') return objectEncoder(schema, place);
  if (types[0] === 'array') return listEncoder(schema, place);
  return types.length === 0 ? openEncoder(place) : scalarEncoder(schema, String(types[0]), place);
}

/** Of several, there is one beside null. */
function alternative(schemas: readonly unknown[], { pointer, isAws }: Place): Encode {
  const [only, ...more] = schemas
    .map((_, index) => `${pointer}/anyOf/${index}`)
    .filter((each) => resolve(each).value['type'] !== 'null');
  if (only === undefined || more.length > 0)
    throw new Error(`openapi.yaml ${pointer}: an answer is one thing, or null`);
  return encoderAt(only, isAws);
}

function listEncoder(schema: Schema, place: Place): Encode {
  const other = otherKind('list', place);
  const element = schema['items'] === undefined ? openEncoder(place) : encoderAt(`${place.pointer}/items`, place.isAws);
  return (value) => (Array.isArray(value) ? value.map(element) : other(value));
}

interface Member {
  readonly name: string;
  readonly encode: Encode;
  readonly isRequired: boolean;
  readonly isAbsent: (value: unknown) => boolean;
}

function objectEncoder(schema: Schema, place: Place): Encode {
  const names = isRecord(schema['properties']) ? Object.keys(schema['properties']) : [];
  const isClosed = schema['additionalProperties'] === false;
  const inside = { ...place, isAws: place.isAws || (names.length > 0 && !isClosed) };
  const other = otherKind('object', inside);
  const members = names.map((name) => memberOf(name, schema, inside));
  const rest = isClosed ? undefined : restEncoder(schema, inside);
  const order = orderIn(inside);
  return (value) => {
    if (!isRecord(value)) return other(value);
    const answer = new Map<string, JsonValue>();
    for (const { name, encode, isRequired, isAbsent } of members) {
      if (!isAbsent(value[name])) answer.set(name, encode(value[name]));
      else if (isRequired) answer.set(name, null);
    }
    if (rest) {
      for (const name of Object.keys(value)) {
        if (!names.includes(name) && value[name] !== undefined) answer.set(name, rest(value[name]));
      }
    }
    return Object.fromEntries(order([...answer.keys()]).map((name) => [name, answer.get(name) ?? null]));
  };
}

function memberOf(name: string, schema: Schema, { pointer, isAws }: Place): Member {
  const at = `${pointer}/properties/${name}`;
  const isEmpty = resolve(at).value[MARKERS.absentWhenEmpty] === true ? isEmptyList : () => false;
  return {
    name,
    encode: encoderAt(at, isAws),
    isRequired: Array.isArray(schema['required']) && schema['required'].includes(name),
    isAbsent: (value) => value === undefined || isEmpty(value),
  };
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Of the members that the schema does not list. */
function restEncoder(schema: Schema, place: Place): Encode {
  return isRecord(schema['additionalProperties'])
    ? encoderAt(`${place.pointer}/additionalProperties`, place.isAws)
    : openEncoder(place);
}
