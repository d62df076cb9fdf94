/**
 * Condition blocks.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys".
 */
import { BlockList, isIP } from 'node:net';
import { type ContextKeys, matches, matchesArn } from './pattern';

export interface Condition {
  readonly operator: string;
  readonly quantifier: 'ForAnyValue' | 'ForAllValues' | undefined;
  readonly ifExists: boolean;
  /** Lower case: condition keys are not case-sensitive. */
  readonly key: string;
  readonly values: readonly string[];
}

/** Whether one value of the call satisfies one value of the policy. `keys` is given where variables are allowed. */
type Test = (wanted: string, actual: string, keys: ContextKeys | undefined) => boolean;

interface Operator {
  readonly test: Test;
  /** True when no value of the policy may match (`…Not…`); such operators also hold when the key is absent. */
  readonly negated: boolean;
}

const equals: Test = (wanted, actual, keys) => matches(wanted, actual, { keys, wildcards: false });
const equalsIgnoringCase: Test = (wanted, actual, keys) =>
  matches(wanted, actual, { keys, wildcards: false, ignoreCase: true });
const like: Test = (wanted, actual, keys) => matches(wanted, actual, { keys });
const arnLike: Test = (wanted, actual, keys) => matchesArn(wanted, actual, { keys });

function compared(parse: (text: string) => number, holds: (actual: number, wanted: number) => boolean): Test {
  return (wanted, actual) => holds(parse(actual), parse(wanted));
}

/** Dates are ISO 8601 or seconds since the epoch. */
function instant(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

const inRange: Test = (wanted, actual) => {
  const [network = '', bits] = wanted.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(actual) !== family) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, bits === undefined ? (family === 6 ? 128 : 32) : Number(bits), type);
  return list.check(actual, type);
};

function comparisons(prefix: string, parse: (text: string) => number): Record<string, Operator> {
  const number = (holds: (actual: number, wanted: number) => boolean): Operator => ({
    test: compared(parse, holds),
    negated: false,
  });
  return {
    [`${prefix}Equals`]: number((actual, wanted) => actual === wanted),
    [`${prefix}NotEquals`]: { test: compared(parse, (actual, wanted) => actual === wanted), negated: true },
    [`${prefix}LessThan`]: number((actual, wanted) => actual < wanted),
    [`${prefix}LessThanEquals`]: number((actual, wanted) => actual <= wanted),
    [`${prefix}GreaterThan`]: number((actual, wanted) => actual > wanted),
    [`${prefix}GreaterThanEquals`]: number((actual, wanted) => actual >= wanted),
  };
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>(
  Object.entries({
    StringEquals: { test: equals, negated: false },
    StringNotEquals: { test: equals, negated: true },
    StringEqualsIgnoreCase: { test: equalsIgnoringCase, negated: false },
    StringNotEqualsIgnoreCase: { test: equalsIgnoringCase, negated: true },
    StringLike: { test: like, negated: false },
    StringNotLike: { test: like, negated: true },
    ArnEquals: { test: arnLike, negated: false },
    ArnLike: { test: arnLike, negated: false },
    ArnNotEquals: { test: arnLike, negated: true },
    ArnNotLike: { test: arnLike, negated: true },
    Bool: { test: equalsIgnoringCase, negated: false },
    BinaryEquals: { test: equals, negated: false },
    IpAddress: { test: inRange, negated: false },
    NotIpAddress: { test: inRange, negated: true },
    ...comparisons('Numeric', Number),
    ...comparisons('Date', instant),
  }),
);

const FORM = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/;

function scalar(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** Reads a statement's conditions, or tells what is wrong with them in AWS's words. */
export function parseConditions(block: unknown): readonly Condition[] | string {
  if (block === undefined) return [];
  if (typeof block !== 'object' || block === null || Array.isArray(block)) return 'Syntax errors in policy.';
  const conditions: Condition[] = [];
  for (const [name, entries] of Object.entries(block)) {
    const [, quantifier, operator = '', ifExists] = FORM.exec(name) ?? [];
    if (operator !== 'Null' && !OPERATORS.has(operator)) return `Invalid Condition type : ${name}.`;
    if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) return 'Syntax errors in policy.';
    for (const [key, listed] of Object.entries(entries as Readonly<Record<string, unknown>>)) {
      const values = (Array.isArray(listed) ? listed : [listed]).map(scalar);
      if (!values.every((value) => value !== undefined)) return 'Syntax errors in policy.';
      conditions.push({
        operator,
        quantifier: quantifier === 'ForAnyValue' || quantifier === 'ForAllValues' ? quantifier : undefined,
        ifExists: ifExists !== undefined,
        key: key.toLowerCase(),
        values,
      });
    }
  }
  return conditions;
}

/** Tells whether one condition holds for a call. */
export function holds(condition: Condition, keys: ContextKeys, variables: boolean): boolean {
  const actual = keys.get(condition.key);
  if (condition.operator === 'Null')
    return condition.values.some((value) => (value.toLowerCase() === 'true') === (actual === undefined));
  // parseConditions lets no unknown operator through; were there one, it would hold for nothing.
  const operator = OPERATORS.get(condition.operator);
  if (operator === undefined) return false;
  if (actual === undefined) return condition.ifExists || operator.negated || condition.quantifier === 'ForAllValues';
  const satisfied = (value: string): boolean => {
    const any = condition.values.some((wanted) => operator.test(wanted, value, variables ? keys : undefined));
    return operator.negated ? !any : any;
  };
  if (condition.quantifier === 'ForAllValues') return actual.every(satisfied);
  if (condition.quantifier === 'ForAnyValue') return actual.some(satisfied);
  return operator.negated ? actual.every(satisfied) : actual.some(satisfied);
}
