import { type Fact, factOf } from './call-facts';
import { covers, hasWildcard, overlaps } from './glob';
import { type Answer, every, type Self, some, unsure } from './self';
import type { Condition } from './statement';

/**
 * Tells whether a condition holds for this service on the calls that repair a policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function holds(condition: Condition, self: Self): Answer {
  const fact = factOf(condition.key, self);
  if (fact === 'open') return 'maybe';
  // Only users have one: neither its value nor its absence is known.
  if (condition.key === 'aws:username' && self.kind !== 'user' && fact !== 'absent') return unsure(self);
  return condition.operator === 'Null'
    ? some(condition.values.map((value) => same(/^true$/i.test(value), fact === 'absent')))
    : compared(condition, fact, self);
}

const same = (one: boolean, other: boolean): Answer => (one === other ? 'yes' : 'no');

/** Whether one value of the call, maybe a glob, is what the policy says. */
type Test = (wanted: string, value: string) => 'yes' | 'no' | 'unsure';

const equal: Test = (wanted, value) =>
  hasWildcard(value) ? (covers(value, wanted) ? 'unsure' : 'no') : wanted === value ? 'yes' : 'no';
const like: Test = (wanted, value) => (covers(wanted, value) ? 'yes' : overlaps(wanted, value) ? 'unsure' : 'no');
const ignoringCase: Test = (wanted, value) => equal(wanted.toLowerCase(), value.toLowerCase());

/** Each of an ARN's six parts by itself. What AWS makes of texts that are no ARNs is not documented. */
const arnLike: Test = (wanted, value) => {
  if (!value.startsWith('arn:') || wanted.split(':').length < 6) return 'unsure';
  const [wantedParts, parts] = [partsOf(wanted), partsOf(value)];
  const each = wantedParts.map((part, index) => like(part, parts[index] ?? ''));
  return each.includes('no') ? 'no' : each.includes('unsure') ? 'unsure' : 'yes';
};
const partsOf = (arn: string): readonly string[] => {
  const parts = arn.split(':');
  return [...Array.from({ length: 5 }, (_, index) => parts[index] ?? ''), parts.slice(5).join(':')];
};

const numeric =
  (compare: (value: number, wanted: number) => boolean): Test =>
  (wanted, value) =>
    Number.isFinite(Number(wanted)) && Number.isFinite(Number(value))
      ? compare(Number(value), Number(wanted))
        ? 'yes'
        : 'no'
      : 'unsure';

/** Those of dates and networks compare what is never known here. */
const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: equal,
  StringEqualsIgnoreCase: ignoringCase,
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: ignoringCase,
  NumericEquals: numeric((value, wanted) => value === wanted),
  NumericLessThan: numeric((value, wanted) => value < wanted),
  NumericLessThanEquals: numeric((value, wanted) => value <= wanted),
  NumericGreaterThan: numeric((value, wanted) => value > wanted),
  NumericGreaterThanEquals: numeric((value, wanted) => value >= wanted),
};

function compared(
  { operator, quantifier, ifExists, values }: Condition,
  fact: Exclude<Fact, 'open'>,
  self: Self,
): Answer {
  const plain = operator.replace(/Not(?=Equals|Like)/, '');
  const isNegated = plain !== operator;
  const test = Object.hasOwn(TESTS, plain) ? TESTS[plain] : undefined;
  if (test === undefined) return 'maybe';
  if (fact === 'absent')
    return quantifier === 'ForAllValues' || ifExists || (isNegated && quantifier !== 'ForAnyValue') ? 'yes' : 'no';
  const doubt = fact.ours ? unsure(self) : 'maybe';
  const judged = (wanted: string, value: string): Answer => {
    if (wanted.includes('${')) return doubt;
    const answer = test(wanted, value);
    return answer === 'unsure' ? doubt : answer;
  };
  // Each value that it may have gives one answer; when they differ, nobody can tell.
  const answers = fact.values.map((value) => some(values.map((wanted) => judged(wanted, value))));
  const all = every(answers);
  const answer = all === 'no' && some(answers) !== 'no' ? doubt : all;
  return isNegated ? inverse(answer) : answer;
}

const inverse = (answer: Answer): Answer => (answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : answer);
