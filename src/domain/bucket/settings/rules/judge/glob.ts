/** Texts with `*` (any run, also of none) and `?` (exactly one character), as patterns and as what is known of a value. */

/** Tells whether a text has a `*` or `?`. */
export const hasWildcard = (text: string): boolean => /[*?]/.test(text);

/**
 * Tells whether `pattern` surely matches whatever `known` stands for: a plain text, or a glob of which every text must
 * match. Never true when it should not be; a glob that only matches by way of several wildcards may be missed.
 */
export function covers(pattern: string, known: string): boolean {
  return reaches(pattern, known, (wanted, given) => wanted === given || (wanted === '?' && given !== '*'), false);
}

/** Tells whether some text matches both. */
export function overlaps(pattern: string, known: string): boolean {
  return reaches(pattern, known, (wanted, given) => wanted === given || wanted === '?' || given === '?', true);
}

/**
 * Walks `known` and keeps the places of `pattern` that can be reached. A `*` of `pattern` stands for any run; one of `known`
 * is a run as well where `open`, and otherwise a character that nothing but another `*` stands for.
 */
function reaches(
  pattern: string,
  known: string,
  fits: (wanted: string, given: string) => boolean,
  open: boolean,
): boolean {
  const length = pattern.length;
  const closed = (places: boolean[]): boolean[] => {
    for (let at = 0; at < length; at += 1) if (places[at] === true && pattern[at] === '*') places[at + 1] = true;
    return places;
  };
  let places = closed([true]);
  for (const given of known) {
    if (open && given === '*') {
      // Any run of characters: every later place can be reached.
      const first = places.indexOf(true);
      if (first < 0) return false;
      for (let at = first; at <= length; at += 1) places[at] = true;
      continue;
    }
    const next: boolean[] = [];
    for (let at = 0; at < length; at += 1) {
      if (places[at] !== true) continue;
      if (pattern[at] === '*') next[at] = true;
      else if (fits(pattern[at] ?? '', given)) next[at + 1] = true;
    }
    places = closed(next);
  }
  return places[length] === true;
}
