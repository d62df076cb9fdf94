/**
 * Paths for the keys of a register, where names are like those of files: in buckets of every kind of S3 store, some of which
 * are folders on a disk, and in folders. The paths of two keys have the order of the keys' UTF-8 bytes; they hold ASCII that
 * needs no escape in XML or in a URL's meaning, no part `.` or `..`, and none longer than 255 bytes; and no path of a key is a
 * folder of another's.
 *
 * How: bytes up to `!` become `!` and two hex digits, those from `~` on `~` and two hex digits, `[` and the backslash, which
 * SeaweedFS takes for a slash, `[` and two hex digits: all sort where the byte does. A dot that begins a part is followed by
 * `!`. A part that grows long goes on behind `/!`. Every path ends in `!`.
 */
export interface PathOptions {
  /** For places that take `A` for `a`: capitals, too, are written as hex digits, behind `@`. */
  readonly caseless?: boolean;
}

const END = '!';
/** What a part is continued with. */
const ON = `/${END}`;
/** Most file systems take 255 bytes a name; a part grows by three bytes at most before it is looked at again. */
const LONG = 200;

/**
 * Gives the path of a key.
 * @throws an Error for a key with an empty part, which folders cannot hold
 */
export function pathOf(key: string, options?: PathOptions): string {
  if (key === '' || key.split('/').includes('')) throw new Error('a key of the register has no empty part');
  return pathOfPlace(key, options);
}

/** Gives what the paths of a key, which need not be one, and of all keys before it are at most. */
export const pathOfPlace = (key: string, options?: PathOptions): string => pathOfPrefix(key, options) + END;

/** Gives what the paths of all keys begin with that begin with `prefix`, and of no others. */
export function pathOfPrefix(prefix: string, { caseless = false }: PathOptions = {}): string {
  let path = '';
  let length = 0;
  let begins = true;
  for (const byte of Buffer.from(prefix)) {
    const letter = String.fromCharCode(byte);
    if (letter === '/') {
      path += letter;
      length = 0;
      begins = true;
      continue;
    }
    const written = begins && letter === '.' ? `.${END}` : escaped(byte, letter, caseless);
    path += written;
    length += written.length;
    begins = false;
    if (length >= LONG) {
      path += ON;
      length = END.length;
    }
  }
  return path;
}

function escaped(byte: number, letter: string, caseless: boolean): string {
  const mark = markOf(letter, caseless);
  return mark === undefined ? letter : mark + byte.toString(16).padStart(2, '0');
}

/** What the hex digits of a letter stand behind; undefined for one that stands for itself. */
function markOf(letter: string, caseless: boolean): string | undefined {
  if (letter <= END) return END;
  if (letter >= '~') return '~';
  if (letter === '[' || letter === '\\') return '[';
  return caseless && letter >= '@' && letter <= 'Z' ? '@' : undefined;
}

/** Gives the key of a path; undefined when it is none that `pathOf` makes: something else has written there. */
export function keyOf(path: string, options: PathOptions = {}): string | undefined {
  const { caseless = false } = options;
  const bytes: number[] = [];
  let length = 0;
  let begins = true;
  let at = 0;
  while (at < path.length - END.length) {
    if (length >= LONG) {
      at += ON.length;
      length = END.length;
      continue;
    }
    const letter = path.charAt(at);
    const isEscape = markOf(letter, caseless) === letter;
    const size = isEscape ? 3 : begins && letter === '.' ? 2 : 1;
    bytes.push(isEscape ? Number.parseInt(path.slice(at + 1, at + size), 16) : letter.charCodeAt(0));
    at += size;
    begins = letter === '/';
    length = begins ? 0 : length + size;
  }
  const key = Buffer.from(bytes).toString('utf8');
  // Whatever was misread above comes out as another path.
  return key !== '' && !key.split('/').includes('') && pathOf(key, options) === path ? key : undefined;
}
