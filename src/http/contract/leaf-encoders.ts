import { isSecret } from '../../base/secret';
import { type JsonValue, textOfTime } from '../../base/json';
import { openValue, refuseSecret } from './json-value';

/** Makes JSON of what the domain gives. Nothing, null or undefined, is `null`. */
export type Encode = (value: unknown) => JsonValue;

/** The document's own words to the encoder. */
export const MARKERS = {
  /** This text is a secret, and its reader is who gets the answer. */
  secret: 'x-secret',
  /** A list without elements is as none at all. */
  absentWhenEmpty: 'x-absent-when-empty',
} as const;

/**
 * `isAws`: inside a document of AWS's own, which is one that lists members and allows more. It has what AWS gave, in the
 * order of names and whatever the kinds.
 */
export interface Place {
  readonly pointer: string;
  readonly isAws: boolean;
}

export type Schema = Readonly<Record<string, unknown>>;

const asGiven = (names: string[]): string[] => names;
const sorted = (names: string[]): string[] => names.sort();

/** Gives the order in which an object with open ends shows its members. */
export const orderIn = ({ isAws }: Place) => (isAws ? sorted : asGiven);

/** Encodes what the schema leaves open. */
export function openEncoder(place: Place): Encode {
  return (value) => openValue(value, place.pointer, orderIn(place));
}

/** Encodes what is of another kind than the document says: AWS may give it, we may not. */
export function otherKind(kind: string, place: Place): Encode {
  const open = openEncoder(place);
  return (value) => {
    if (isSecret(value)) return refuseSecret(place.pointer);
    if (!place.isAws) throw new Error(`openapi.yaml ${place.pointer}: what is to be answered is no ${kind}`);
    return open(value);
  };
}

/** Encodes texts, numbers and booleans; times and, where the schema says so, secrets as text. */
export function scalarEncoder(schema: Schema, kind: string, place: Place): Encode {
  const other = otherKind(kind, place);
  const isMarked = schema[MARKERS.secret] === true;
  return (value) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    if (value instanceof Date) return textOfTime(value);
    return isMarked && isSecret(value) ? value.reveal() : other(value);
  };
}
