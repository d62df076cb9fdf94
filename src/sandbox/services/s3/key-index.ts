/** Keys of one bucket: what each holds, and all of them in the order S3 lists them. */
export interface KeyIndex<T> {
  readonly byKey: Map<string, T>;
  /** Sorted by `compareKeys`. */
  readonly sorted: string[];
}

export function createKeyIndex<T>(): KeyIndex<T> {
  return { byKey: new Map(), sorted: [] };
}

/**
 * Orders keys by their UTF-8 bytes. UTF-16 code units give the same order except that surrogates must come last, after
 * U+E000–U+FFFF.
 */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Index of the first key that is not before `key`. */
function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = sorted[middle];
    if (candidate !== undefined && compareKeys(candidate, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function setKey<T>(index: KeyIndex<T>, key: string, value: T): void {
  if (!index.byKey.has(key)) index.sorted.splice(lowerBound(index.sorted, key), 0, key);
  index.byKey.set(key, value);
}

export function removeKey<T>(index: KeyIndex<T>, key: string): void {
  if (index.byKey.delete(key)) index.sorted.splice(lowerBound(index.sorted, key), 1);
}

/** Keys that begin with `prefix` and are not before `from`, in order. */
export function* keysFrom(sorted: readonly string[], prefix: string, from: string): Generator<string> {
  const start = compareKeys(prefix, from) > 0 ? prefix : from;
  for (let position = lowerBound(sorted, start); position < sorted.length; position += 1) {
    const key = sorted[position];
    if (key === undefined || !key.startsWith(prefix)) return;
    yield key;
  }
}
