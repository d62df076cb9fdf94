import { holds } from './condition';
import {
  type Parsed,
  type Patterns,
  type PolicyDocument,
  type PolicyKind,
  type Statement,
  parsePolicy,
} from './document';
import { type ContextKeys, matches } from './pattern';
import { type Caller, type Naming, naming } from './principal';

/** One thing asked of a set of policies. */
export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly keys: ContextKeys;
}

/** What a set of documents says; `silent` is neither Allow nor Deny. */
export type Verdict = 'allow' | 'deny' | 'silent';

const parsed = new Map<string, Parsed>();
const CACHE_LIMIT = 2000;

/** Parsing is remembered: the same few documents judge every call. */
function read(text: string, kind: PolicyKind): PolicyDocument | undefined {
  const key = `${kind}\n${text}`;
  let result = parsed.get(key);
  if (result === undefined) {
    if (parsed.size >= CACHE_LIMIT) parsed.clear();
    result = parsePolicy(text, kind);
    parsed.set(key, result);
  }
  return 'document' in result ? result.document : undefined;
}

function listed(patterns: Patterns, match: (pattern: string) => boolean): boolean {
  return patterns.values.some(match) !== patterns.negated;
}

function applies(statement: Statement, question: Question, variables: boolean): boolean {
  const keys = variables ? question.keys : undefined;
  return (
    listed(statement.actions, (pattern) => matches(pattern, question.action, { ignoreCase: true })) &&
    (statement.resources === undefined ||
      listed(statement.resources, (pattern) => matches(pattern, question.resource, { keys }))) &&
    statement.conditions.every((condition) => holds(condition, question.keys, variables))
  );
}

/**
 * Tells what identity, boundary or session documents say together: Deny over Allow. Unreadable documents say nothing.
 */
export function evaluateIdentity(documents: readonly string[], question: Question): Verdict {
  let verdict: Verdict = 'silent';
  for (const text of documents) {
    const document = read(text, 'identity');
    for (const statement of document?.statements ?? []) {
      if (!applies(statement, question, document?.variables === true)) continue;
      if (statement.effect === 'Deny') return 'deny';
      verdict = 'allow';
    }
  }
  return verdict;
}

export interface ResourceVerdict {
  readonly verdict: Verdict;
  /** The strongest naming among the statements that allow. */
  readonly allowedAs: Naming;
}

/** Tells what a resource's own policy says to one caller. */
export function evaluateResource(
  text: string | undefined,
  kind: 'resource' | 'trust',
  question: Question,
  principal: Caller,
): ResourceVerdict {
  const document = text === undefined ? undefined : read(text, kind);
  let allowedAs: Naming = 'none';
  const rank: readonly Naming[] = ['none', 'account', 'role', 'self'];
  for (const statement of document?.statements ?? []) {
    const named = statement.principals === undefined ? 'none' : naming(statement.principals, principal);
    if (named === 'none' || !applies(statement, question, document?.variables === true)) continue;
    if (statement.effect === 'Deny') return { verdict: 'deny', allowedAs: 'none' };
    if (rank.indexOf(named) > rank.indexOf(allowedAs)) allowedAs = named;
  }
  return { verdict: allowedAs === 'none' ? 'silent' : 'allow', allowedAs };
}
