/**
 * How deep a text of a caller may be nested, and how much it may hold: what reads it takes long for more, longest for names, and
 * nobody needs more. 3,000 paths and 100 CORS rules fit several times.
 */
export const MOST_DEPTH = 100;
const MOST_VALUES = 10_000;
const MOST_NAMES = 2_000;

/**
 * Tells what is too much in a text, as words that follow "the body" or a name; undefined: nothing. It looks at nothing
 * but brackets, commas and colons outside strings, in one pass, so that it may be asked before anybody knows whether
 * the text is JSON.
 */
export function jsonExcess(text: string): string | undefined {
  let depth = 0;
  let values = 1;
  let names = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // a string: on to its end
        for (at++; at < text.length && text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > MOST_DEPTH) return `is nested more than ${String(MOST_DEPTH)} deep`;
        values++;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      case 0x2c: // ,
        values++;
        break;
      case 0x3a: // :
        names++;
    }
    if (values > MOST_VALUES) return `holds more than ${MOST_VALUES.toLocaleString('en')} values`;
    if (names > MOST_NAMES) return `names more than ${MOST_NAMES.toLocaleString('en')} members`;
  }
  return undefined;
}
