import { readFileSync } from 'node:fs';
import { fail } from '../base/errors';
import { semanticProblems } from './checks';
import type { FileConfig } from './file-shape';
import { parseJson } from './json-text';
import { normalise } from './normalise';
import { readOldForms } from './old-forms';
import { type ConfigProblem, formatProblem, keysOf } from './problems';
import { schemaProblems } from './schema';
import { codeOf, type Env, type ReadFile, resolveSecrets } from './secret-refs';
import { tokenWarnings } from './token-strength';
import type { Config } from './types';
import { type ConfigWarning, configWarnings } from './warnings';

export interface ConfigSource {
  /** Either the file to read, or its text. */
  readonly path?: string;
  readonly text?: string;
  /** Where `{"env"}` secrets are looked up. */
  readonly env: Env;
  /** Reads the file, and `{"file"}` secrets. Default: UTF-8 from disk. */
  readonly readFile?: ReadFile;
  /** Milliseconds since the epoch, to tell which tokens have expired; absent: nothing is said of them. */
  readonly now?: number;
}

export type ConfigResult =
  /** `warnings`: what was accepted and does not do what its reader may expect. */
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly ConfigWarning[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads, resolves secrets, validates and normalises a configuration; gives every problem there is, not the first. */
export function readConfig(source: ConfigSource): ConfigResult {
  const readFile = source.readFile ?? ((path) => readFileSync(path, 'utf8'));
  const text = textOf(source, readFile);
  if (typeof text !== 'string') return { ok: false, problems: [text] };
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { line, column, expected } = parsed.error;
    return {
      ok: false,
      problems: [
        { pointer: '', found: `something else at line ${line}, column ${column}`, allowed: `JSON, there ${expected}` },
      ],
    };
  }
  const twice = parsed.duplicates.map((pointer) => ({
    pointer,
    found: 'a key that stands twice in one object',
    allowed: 'each key once',
  }));
  const old = readOldForms(parsed.value);
  const resolved = resolveSecrets(old.file, source.env, readFile);
  const certain = [
    ...twice,
    ...resolved.problems,
    ...schemaProblems(resolved.file, (pointer) => isWithin(pointer, resolved.hidden)),
  ];
  // What the schema refused is cut out, so that the other checks see values of known types.
  const draft = certain.reduce((file, { pointer }) => without(file, keysOf(pointer)), resolved.file);
  const problems = onePerPointer([
    ...certain,
    ...semanticProblems(isObject(draft) ? draft : {}, accountNames(resolved.file)),
  ]);
  if (problems.length > 0) return { ok: false, problems };
  // The schema has accepted the file, so it has this shape.
  const file = resolved.file as FileConfig;
  const config = normalise(file);
  return {
    ok: true,
    config,
    warnings: [...old.warnings, ...tokenWarnings(file, config, source.now), ...configWarnings(file, config)],
  };
}

/**
 * Reads the configuration.
 * @throws {misconfigured} listing every problem, when there are any
 */
export function loadConfig(source: ConfigSource): Config {
  const result = readConfig(source);
  if (result.ok) return result.config;
  return fail({
    kind: 'misconfigured',
    setting: result.problems[0]?.pointer ?? '',
    detail: result.problems.map(formatProblem).join('\n'),
  });
}

function textOf(source: ConfigSource, readFile: ReadFile): string | ConfigProblem {
  if (source.text !== undefined) return source.text;
  const path = source.path ?? '';
  try {
    return readFile(path);
  } catch (error) {
    return {
      pointer: '',
      found: `the file ${JSON.stringify(path)}, which cannot be read (${codeOf(error)})`,
      allowed: 'a JSON file that the service may read',
    };
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function accountNames(file: unknown): readonly string[] {
  if (!isObject(file)) return [];
  return [file['accounts'], file['accountsMap']].flatMap((accounts) =>
    isObject(accounts) ? Object.keys(accounts) : [],
  );
}

/** Tells whether `pointer` is one of `places` or lies below one. */
function isWithin(pointer: string, places: ReadonlySet<string>): boolean {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) if (places.has(at)) return true;
  return false;
}

/** A copy without the value at `keys`; places in arrays stay, empty. */
function without(value: unknown, keys: readonly string[]): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (Array.isArray(value))
    return value.map((item: unknown, index) =>
      String(index) !== key ? item : rest.length === 0 ? undefined : without(item, rest),
    );
  if (!isObject(value) || !Object.hasOwn(value, key)) return value;
  const entries = Object.entries(value).filter(([name]) => name !== key || rest.length > 0);
  return Object.fromEntries(entries.map(([name, member]) => [name, name === key ? without(member, rest) : member]));
}

/** The first thing said about a place is the surest; what follows from it is noise. */
function onePerPointer(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ pointer, found }) => {
    const place = pointer === '' ? found : pointer;
    const before = seen.has(place);
    seen.add(place);
    return !before;
  });
}
