import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What README.md and docs/ promise, block by block, and what may differ between their pages and a run. */

export interface Block {
  /** First word of the info string, e.g. `sh`; the rest is `label`. */
  readonly language: string;
  readonly label: string;
  readonly text: string;
}

/** Fenced code blocks of a Markdown page, in order. */
export function fencedBlocks(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\S*) ?(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', label = '', text = '']) => ({ language, label, text }),
  );
}

export interface Page {
  /** Below the root of the repository, e.g. `docs/users.md`. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** README.md and the pages right in docs/, by name; decisions (docs/adr) have no commands. */
export function documentationPages(root: string): readonly Page[] {
  const names = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...names.sort().map((name) => `docs/${name}`)].map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, blocks: fencedBlocks(text) };
  });
}

/** What a link to each heading of a page has behind its `#`, as GitHub makes it. */
export function headingAnchors(markdown: string): readonly string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The commands of a shell block: its lines, those of one quoted argument or one continued line joined. */
export function commandsOf(block: string): readonly string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of block.split('\n')) {
    if (open === '' && line.trim() === '') continue;
    open += open === '' ? line : `\n${line}`;
    const isQuoted = (open.match(/'/g) ?? []).length % 2 === 1;
    if (isQuoted || open.endsWith('\\')) continue;
    commands.push(open);
    open = '';
  }
  if (open !== '') commands.push(open);
  return commands;
}

/** Values that every run makes anew, each kind by its form. */
const MADE_ANEW: readonly (readonly [string, RegExp])[] = [
  ['time', /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?/g],
  ['stamp', /\b\d{8}T\d{6}Z\b/g],
  ['day', /(?<=%2F)\d{8}(?=%2F)/g],
  ['uuid', /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g],
  ['token', /\b[0-9a-f]{64}\b/g],
  ['aws-id', /\bA[A-Z]{3}[A-Z0-9]{17}\b/g],
  ['access-key-id', /\bAKIA[A-Z0-9]{16}\b/g],
  ['secret', /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/g],
  ['address', /\b127\.0\.0\.1:\d+/g],
];

/** `text` with every such value replaced by the name of its kind. */
export function withoutNewValues(text: string): string {
  return MADE_ANEW.reduce((left, [name, form]) => left.replace(form, `<${name}>`), text);
}

/** The same of every string in a JSON value. */
export function withoutNewValuesIn(value: unknown): unknown {
  return JSON.parse(withoutNewValues(JSON.stringify(value))) as unknown;
}

/**
 * The values of a run by what the page shows in their place; both are the same value apart from what is made anew, so the
 * n-th of one is the n-th of the other.
 */
export function newValues(shown: string, actual: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const [, form] of MADE_ANEW) {
    const theirs = actual.match(form) ?? [];
    (shown.match(form) ?? []).forEach((value, index) => {
      const own = theirs[index];
      if (own !== undefined) pairs.set(value, own);
    });
  }
  return pairs;
}
