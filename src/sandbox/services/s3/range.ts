import { AwsRefusal } from '../../contract';

/** Byte positions, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads the one range of a `Range` header. Several ranges, or what does not parse, mean the whole object (undefined),
 * as with S3.
 * @throws {InvalidRange} when it begins past the end
 */
export function readRange(source: string | undefined, size: number): Range | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(source?.trim() ?? '');
  if (source === undefined || match === null) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first >= size || (from === '' && Number(to) === 0)) {
    throw new AwsRefusal(
      416,
      'InvalidRange',
      'The requested range is not satisfiable',
      { RangeRequested: source, ActualObjectSize: String(size) },
      { 'content-range': `bytes */${size}` },
    );
  }
  return { first, last };
}
