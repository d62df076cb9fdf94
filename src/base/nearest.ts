/** A longer word is near to nothing, and comparing it would take long. */
const LONGEST = 64;

/** Edits (insert, delete, replace, swap of neighbours) between two words: optimal string alignment. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(last, j) + 1,
          at(row, j - 1) + 1,
          at(last, j - 1) + (same ? 0 : 1),
          swapped ? at(beforeLast, j - 2) + 1 : Infinity,
        ),
      );
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}

/**
 * Finds which of `candidates` is most likely meant by `word`; case, hyphens and underscores count for nothing.
 * Undefined when none is within `isNear`; by default any distance will do, and only a list without words has no
 * nearest.
 */
export function nearest(
  word: string,
  candidates: readonly string[],
  isNear: (distance: number, candidate: string) => boolean = () => true,
): string | undefined {
  if (word === '' || word.length > LONGEST) return undefined;
  const plain = fold(word);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = editDistance(plain, fold(candidate));
    if (distance < bestDistance && isNear(distance, candidate)) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * Tells whether there are so few slips that a caller can be asked "did you mean": a third of the word, and one in any
 * case.
 */
export const likelyMeant = (distance: number, { length }: string): boolean =>
  distance <= Math.max(1, Math.floor(length / 3));

function fold(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}
