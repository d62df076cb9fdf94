import type { ErrorObject } from 'ajv/dist/2020';
import { likelyMeant, nearest } from '../../base/nearest';

/** How many mistakes one answer names. */
const SHOWN = 20;

/** The document's own word for what to do instead of sending an empty object or list. */
export const WHEN_EMPTY = 'x-when-empty';

/**
 * Mistakes as one text for the caller: where, what is wrong, what is allowed. `whole` names the thing that was checked,
 * e.g. `the body`. Needs ajv's `verbose`. Of what the caller sent, only names of members are repeated. `areAll`: all
 * mistakes are among these.
 */
export function describeErrors(errors: readonly ErrorObject[], whole: string, areAll = true): string {
  const different = new Map<string, ErrorObject>();
  for (const error of errors) {
    // That a `then` did not fit is said better by what it holds, and so is what only null could have fitted beside.
    const { keyword, schema } = error;
    if (keyword === 'if' || keyword === 'anyOf' || (keyword === 'type' && schema === 'null')) continue;
    different.set(`${error.instancePath} ${error.keyword} ${JSON.stringify(error.params)}`, error);
  }
  // Only those that are shown are put into words: looking for what was meant takes a while.
  const shown = [...different.values()].slice(0, SHOWN);
  const texts = new Set(
    shown.map((error) => `${error.instancePath === '' ? whole : error.instancePath} ${describe(error)}`),
  );
  const more = different.size - shown.length;
  return [...texts].join('; ') + (more === 0 ? '' : areAll ? `; and ${more} more` : '; and more');
}

function describe(error: ErrorObject): string {
  const schema = isRecord(error.parentSchema) ? error.parentSchema : {};
  const params: Readonly<Record<string, unknown>> = error.params;
  const rule = typeof schema['description'] === 'string' ? schema['description'] : undefined;
  switch (error.keyword) {
    case 'required':
      return `lacks "${String(params['missingProperty'])}"${ifEmpty(error.data, schema)}`;
    case 'additionalProperties':
      return unknownMember(
        String(params['additionalProperty']),
        Object.keys(isRecord(schema['properties']) ? schema['properties'] : {}),
      );
    case 'minProperties':
      return `must have at least one of ${Object.keys(isRecord(schema['properties']) ? schema['properties'] : {}).join(', ')}`;
    case 'enum':
      return mustBeOneOf(error.data, Array.isArray(schema['enum']) ? schema['enum'].map(String) : []);
    case 'type':
      return `must be ${kinds([params['type']].flat().map(String)).map(article).join(' or ')}`;
    case 'pattern':
      return rule === undefined ? `must match ${String(params['pattern'])}` : `must be ${rule}`;
    case 'minLength':
      return `must have at least ${String(params['limit'])} character(s)`;
    case 'maxLength':
      return `must have at most ${String(params['limit'])} characters`;
    case 'minItems':
      return `must have at least ${String(params['limit'])} item(s)${ifEmpty(error.data, schema)}`;
    case 'maxItems':
      return `must have at most ${String(params['limit'])} items`;
    case 'uniqueItems':
      return 'must not hold anything twice';
    case 'not':
      return `is not allowed here: ${rule ?? 'leave it out'}`;
    default:
      return error.message ?? 'is not allowed';
  }
}

function ifEmpty(data: unknown, schema: Readonly<Record<string, unknown>>): string {
  const hint = schema[WHEN_EMPTY];
  return typeof hint === 'string' && isRecord(data) && Object.keys(data).length === 0 ? `; ${hint}` : '';
}

function unknownMember(name: string, known: readonly string[]): string {
  const shown = JSON.stringify(name.length > 64 ? `${name.slice(0, 63)}…` : name);
  return `has an unknown member ${shown}; known: ${known.join(', ') || 'none'}${didYouMean(name, known)}`;
}

function mustBeOneOf(found: unknown, allowed: readonly string[]): string {
  return `must be one of ${allowed.join(', ')}${typeof found === 'string' ? didYouMean(found, allowed) : ''}`;
}

function didYouMean(word: string, known: readonly string[]): string {
  const guess = nearest(word, known, likelyMeant);
  return guess === undefined ? '' : `; did you mean "${guess}"?`;
}

/** Null is for what is not meant: who sends something else means something. */
function kinds(types: readonly string[]): readonly string[] {
  const telling = types.filter((type) => type !== 'null');
  return telling.length === 0 ? types : telling;
}

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
