import { fail } from '../base/errors';
import { isPosition, type Position } from './archive-keys';

/** Makes the marker of a page that ends with this position. */
export const markerOf = (position: Position): string => Buffer.from(position).toString('base64url');

/**
 * Gives the position that a marker stands for.
 * @throws {invalid} a marker of no earlier page
 */
export function positionAt(marker: string): Position {
  const position = Buffer.from(marker, 'base64url').toString('utf8');
  if (isPosition(position) && markerOf(position) === marker) return position;
  return fail({ kind: 'invalid', detail: 'marker is not the marker of an earlier answer' });
}
