import type { CloudFrontCall } from './call';
import { refuse } from './refusals';

export interface Page<T> {
  readonly items: readonly T[];
  /** Members in front of the items. */
  readonly head: {
    readonly Marker: string;
    readonly NextMarker: string | undefined;
    readonly MaxItems: number;
    readonly IsTruncated: boolean;
    readonly Quantity: number;
  };
}

/** Source: CloudFront API reference, ListDistributions: 1–100, default 100. */
const MAX_ITEMS = 100;

/** Picks the part of a list a call asks for; the marker is the id of the last item shown. */
export function page<T>(call: CloudFrontCall, all: readonly T[], idOf: (item: T) => string): Page<T> {
  const asked = call.query.get('MaxItems') ?? '';
  const size = asked === '' ? MAX_ITEMS : Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > MAX_ITEMS)
    refuse('InvalidArgument', `MaxItems must be between 1 and ${MAX_ITEMS}.`);
  const marker = call.query.get('Marker') ?? '';
  const start = marker === '' ? 0 : all.findIndex((item) => idOf(item) === marker) + 1;
  if (marker !== '' && start === 0) refuse('InvalidArgument', 'The marker is not valid.');
  const items = all.slice(start, start + size);
  const last = items.at(-1);
  const more = start + items.length < all.length && last !== undefined;
  return {
    items,
    head: {
      Marker: marker,
      NextMarker: more ? idOf(last) : undefined,
      MaxItems: size,
      IsTruncated: more,
      Quantity: items.length,
    },
  };
}
