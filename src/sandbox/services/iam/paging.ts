import type { IamCall } from './call';
import { refuse } from './refusals';

export interface Page<T> {
  readonly items: readonly T[];
  /** `IsTruncated` and, when there is more, `Marker`. */
  readonly tail: { readonly IsTruncated: boolean; readonly Marker: string | undefined };
}

/** Source: IAM API reference, MaxItems and Marker: 1–1000, default 100. */
const DEFAULT_ITEMS = 100;
const MAX_ITEMS = 1000;

function sizeOf(call: IamCall): number {
  const asked = call.params.get('MaxItems');
  if (asked === undefined) return DEFAULT_ITEMS;
  if (/^\d{1,9}$/.test(asked) && Number(asked) >= 1 && Number(asked) <= MAX_ITEMS) return Number(asked);
  return refuse(
    'ValidationError',
    `1 validation error detected: Value '${asked}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and ${MAX_ITEMS}`,
  );
}

/**
 * Picks the part of a list a call asks for, in the order of `keyOf`; the marker is the last key shown, hidden from
 * view.
 */
export function page<T>(call: IamCall, items: Iterable<T>, keyOf: (item: T) => string): Page<T> {
  const size = sizeOf(call);
  const marker = call.params.get('Marker');
  const after = marker === undefined ? undefined : Buffer.from(marker, 'base64url').toString('utf8');
  if (marker !== undefined && (after === undefined || !after.startsWith('k:')))
    refuse('ValidationError', 'Invalid Marker.');
  const rest = [...items]
    .map((item) => ({ item, key: `k:${keyOf(item)}` }))
    .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
    .filter(({ key }) => after === undefined || key > after);
  const shown = rest.slice(0, size);
  const last = rest.length > size ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ item }) => item),
    tail: {
      IsTruncated: last !== undefined,
      Marker: last === undefined ? undefined : Buffer.from(last.key).toString('base64url'),
    },
  };
}

/** Orders things by their name. */
export function byName(item: { readonly name: string }): string {
  return item.name.toLowerCase();
}
