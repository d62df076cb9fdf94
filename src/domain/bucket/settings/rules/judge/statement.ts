import type { Statement } from '../statements';

/** A well-formed statement of a bucket policy in one form. */
export interface PolicyStatement {
  readonly denies: boolean;
  /** `"*"` is the AWS principal `*`. */
  readonly principals: { readonly negated: boolean; readonly names: readonly PrincipalName[] };
  readonly actions: Patterns;
  readonly resources: Patterns;
  /** All of them must hold. */
  readonly conditions: readonly Condition[];
}

export interface PrincipalName {
  /** `AWS`, `Service`, `Federated` or `CanonicalUser`. */
  readonly kind: string;
  readonly name: string;
}

/** Negated: everything but these. */
export interface Patterns {
  readonly negated: boolean;
  readonly values: readonly string[];
}

export interface Condition {
  /** Without quantifier and `IfExists`, as written: AWS tells `StringEquals` from `stringequals`. */
  readonly operator: string;
  readonly quantifier: 'ForAnyValue' | 'ForAllValues' | undefined;
  readonly ifExists: boolean;
  /** In lower case: AWS takes keys in any case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** Reads a statement in which `elementProblem` finds nothing wrong. */
export function readStatement(statement: Statement): PolicyStatement {
  return {
    denies: statement.Effect === 'Deny',
    principals: {
      negated: statement.Principal === undefined,
      names: namesOf(statement.Principal ?? statement['NotPrincipal']),
    },
    actions: patterns(statement, 'Action'),
    resources: patterns(statement, 'Resource'),
    conditions: conditionsOf(statement['Condition']),
  };
}

/** AWS lets a list of one stand without its brackets. */
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).map(String);

const membersOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

function namesOf(principal: unknown): readonly PrincipalName[] {
  if (principal === '*') return [{ kind: 'AWS', name: '*' }];
  return membersOf(principal).flatMap(([kind, names]) => texts(names).map((name) => ({ kind, name })));
}

function patterns(statement: Statement, member: 'Action' | 'Resource'): Patterns {
  const negated = statement[member] === undefined;
  return { negated, values: texts(negated ? statement[`Not${member}`] : statement[member]) };
}

const FORM = /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/s;

function conditionsOf(block: unknown): readonly Condition[] {
  return membersOf(block).flatMap(([form, tests]) => {
    const [, quantifier, operator = '', ifExists] = FORM.exec(form) ?? [];
    return membersOf(tests).map(([key, values]) => ({
      operator,
      quantifier: quantifier === 'ForAnyValue' || quantifier === 'ForAllValues' ? quantifier : undefined,
      ifExists: ifExists !== undefined,
      key: key.toLowerCase(),
      values: texts(values),
    }));
  });
}
