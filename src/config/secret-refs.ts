import { type ConfigProblem, pointerTo } from './problems';
import { childOf, configSchema, type SchemaNode } from './schema';

export type ReadFile = (path: string) => string;
export type Env = Readonly<Record<string, string | undefined>>;

export interface ResolvedSecrets {
  /** The file with every `{"env"}` and `{"file"}` replaced; those that failed are left as they were. */
  readonly file: unknown;
  /** Pointers of every value the schema calls a secret (`writeOnly`). */
  readonly hidden: ReadonlySet<string>;
  readonly problems: readonly ConfigProblem[];
}

/** Replaces references to secrets by what they refer to. What is a secret is the schema's word alone. */
export function resolveSecrets(file: unknown, env: Env, readFile: ReadFile): ResolvedSecrets {
  const hidden = new Set<string>();
  const problems: ConfigProblem[] = [];

  const lookUp = (value: unknown, pointer: string): unknown => {
    hidden.add(pointer);
    const reference = referenceIn(value);
    if (reference === undefined) return value;
    const read = reference.kind === 'env' ? fromEnv(reference.name, env) : fromFile(reference.name, readFile);
    if ('value' in read) return read.value;
    problems.push({ pointer, ...read });
    return value;
  };

  const walk = (value: unknown, node: SchemaNode, pointer: string): unknown => {
    if (node.writeOnly === true) return lookUp(value, pointer);
    const member = (item: unknown, key: string): unknown => {
      const child = childOf(node, key);
      return child ? walk(item, child, pointerTo(pointer, key)) : item;
    };
    if (Array.isArray(value)) return value.map((item, index) => member(item, String(index)));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, member(item, key)]));
  };

  return { file: walk(file, configSchema, ''), hidden, problems };
}

function referenceIn(value: unknown): { readonly kind: 'env' | 'file'; readonly name: string } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const [entry, ...more] = Object.entries<unknown>({ ...value });
  if (entry === undefined || more.length > 0) return undefined;
  const [kind, name] = entry;
  return (kind === 'env' || kind === 'file') && typeof name === 'string' && name !== '' ? { kind, name } : undefined;
}

type Read = { readonly value: string } | { readonly found: string; readonly allowed: string };

function fromEnv(name: string, env: Env): Read {
  const value = env[name];
  if (value !== undefined && !isBlank(value)) return { value };
  return {
    found: `the environment variable ${JSON.stringify(name)}, which ${value === undefined ? 'is not set' : holdsNothing(value)}`,
    allowed: 'the name of a variable that is set and not empty',
  };
}

function fromFile(path: string, readFile: ReadFile): Read {
  try {
    const value = readFile(path).replace(/\r?\n$/, '');
    if (!isBlank(value)) return { value };
    return {
      found: `the file ${JSON.stringify(path)}, which ${holdsNothing(value)}`,
      allowed: 'a file that holds the secret',
    };
  } catch (error) {
    return {
      found: `the file ${JSON.stringify(path)}, which cannot be read (${codeOf(error)})`,
      allowed: 'a file that the service may read',
    };
  }
}

const isBlank = (value: string): boolean => value.trim() === '';
const holdsNothing = (blank: string): string => (blank === '' ? 'is empty' : 'holds nothing but white space');

/** Gives `ENOENT` and the like; the message is left out, as it may repeat what was read. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unreadable';
}
