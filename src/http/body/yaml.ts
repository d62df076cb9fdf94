import { fail } from '../../base/errors';
import { bodyText, checkedObject, parseBody } from './json';
import type { BodyForm } from './media-type';

/**
 * The library takes milliseconds for what costs a caller a few hundred bytes: for each mistake, key and bracket. The bodies that
 * may be YAML have four members; a name of 512 letters beyond ASCII, each written as an escape, still fits.
 */
const MOST_BYTES = 8_192;
const MOST_SIGNS = 600;
/** Characters that may mean something in YAML. */
const SIGN = /[\n\r[\]{},:?&*!|>'"%@`#\\]|-(?=[ \t])/g;

/** Aliases that a document may use, counted with what they multiply; more would let a small body become a large value. */
const MOST_ALIASES = 20;

/**
 * Reads the object that a body in JSON or YAML holds. `either`: JSON when it is, or begins like it; else YAML.
 * @throws {invalid} as `parseBody`, and for more than a body in YAML may hold
 */
export async function parseJsonOrYaml(bytes: Buffer, form: BodyForm): Promise<Readonly<Record<string, unknown>>> {
  if (form === 'json') return parseBody(bytes);
  const text = bodyText(bytes);
  if (form === 'either' && text.trimStart().startsWith('{')) return parseBody(bytes);
  checkSize(bytes, text);
  return checkedObject(await parseYaml(text));
}

function checkSize(bytes: Buffer, text: string): void {
  const excess =
    bytes.length > MOST_BYTES
      ? `at most ${MOST_BYTES.toLocaleString('en')} bytes`
      : (text.match(SIGN)?.length ?? 0) > MOST_SIGNS
        ? `at most ${String(MOST_SIGNS)} lines, brackets, commas, colons, quotes and other signs of YAML together`
        : undefined;
  if (excess !== undefined)
    fail({ kind: 'invalid', detail: `a body in YAML may have ${excess}; larger ones can be sent as JSON` });
}

/** One document of YAML 1.2 in its core schema, without tags. */
async function parseYaml(text: string): Promise<unknown> {
  // Loaded with the first such body: hardly any request needs it.
  const { parseDocument, LineCounter } = await import('yaml');
  const lineCounter = new LineCounter();
  const read = () => {
    const parsed = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      resolveKnownTags: false,
      stringKeys: true,
      lineCounter,
      prettyErrors: false,
      // At `silent` the library takes the first of several documents without a word.
      logLevel: 'error',
    });
    // A warning is of a tag that is not known, and so of a value that would come out as another.
    const [mistake] = [...parsed.errors, ...parsed.warnings];
    if (mistake !== undefined) return { at: lineCounter.linePos(mistake.pos[0]), why: mistake.message };
    return { value: parsed.toJS({ maxAliasCount: MOST_ALIASES }) as unknown };
  };
  let outcome: ReturnType<typeof read>;
  try {
    outcome = read();
  } catch {
    // The library's limits and the stack's.
    return fail({
      kind: 'invalid',
      detail: 'the body is not taken as YAML: an alias has no anchor, aliases multiply, or it is nested too deeply',
    });
  }
  if ('value' in outcome) return outcome.value;
  const { line, col } = outcome.at;
  return fail({
    kind: 'invalid',
    detail: `the body is not valid YAML: line ${line}, column ${col}: ${sentence(outcome.why)}`,
  });
}

/** The library's words; some quote what was found, which is cut short. */
function sentence(text: string): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return shown.length > 120 ? `${shown.slice(0, 117)}...` : shown;
}
