import { type Call, parameter } from './call';
import { invalidArgument } from './refusals';

/** What every listing of keys has in common: prefix, delimiter, page size, encoding, and where a page ends. */

export interface ListingQuery {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly max: number;
  /** Encodes keys when the caller asked for it. */
  readonly encode: (key: string) => string;
  readonly encoding: 'url' | undefined;
}

const LARGEST_PAGE = 1000;

/** As S3 does it: spaces become `+`, slashes stay. */
function urlEncode(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}

function pageSize(call: Call, name: string): number {
  const asked = parameter(call, name);
  if (asked === undefined) return LARGEST_PAGE;
  if (!/^-?\d+$/.test(asked))
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, asked);
  const size = Number(asked);
  if (size < 0 || size > 2_147_483_647) {
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, asked);
  }
  return Math.min(size, LARGEST_PAGE);
}

/**
 * Reads what the query of a listing asks for.
 * @throws {InvalidArgument} when S3 would not take it
 */
export function readListing(call: Call, sizeParameter: string): ListingQuery {
  const encoding = parameter(call, 'encoding-type');
  if (encoding !== undefined && encoding !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding);
  }
  return {
    prefix: parameter(call, 'prefix') ?? '',
    delimiter: parameter(call, 'delimiter'),
    max: pageSize(call, sizeParameter),
    encode: encoding === undefined ? (key) => key : urlEncode,
    encoding,
  };
}

/** Where a page ended: after an item, or after a whole group of keys that share a common prefix. */
export type End<T> = { readonly item: T } | { readonly group: string };

export interface Page<T> {
  readonly items: readonly T[];
  readonly prefixes: readonly string[];
  readonly truncated: boolean;
  /** Of the last entry; undefined for an empty page. */
  readonly end: End<T> | undefined;
}

/** Gives the common prefix a key is rolled up into. */
export function groupOf(key: string, { prefix, delimiter }: ListingQuery): string | undefined {
  if (delimiter === undefined) return undefined;
  const position = key.indexOf(delimiter, prefix.length);
  return position < 0 ? undefined : key.slice(0, position + delimiter.length);
}

/**
 * Takes one page of `source`, which is sorted by key and holds only keys under the prefix. A group counts as one entry;
 * `finished` is a group that an earlier page has told already.
 */
export function takePage<T>(
  source: Iterable<T>,
  keyOf: (item: T) => string,
  query: ListingQuery,
  finished?: string,
): Page<T> {
  const items: T[] = [];
  const prefixes: string[] = [];
  let end: End<T> | undefined;
  for (const item of source) {
    const group = groupOf(keyOf(item), query);
    if (group !== undefined && (group === finished || group === prefixes.at(-1))) continue;
    if (items.length + prefixes.length >= query.max) return { items, prefixes, truncated: query.max > 0, end };
    if (group === undefined) items.push(item);
    else prefixes.push(group);
    end = group === undefined ? { item } : { group };
  }
  return { items, prefixes, truncated: false, end };
}
