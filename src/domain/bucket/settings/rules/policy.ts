import type { AccountConfig } from '../../../../config/types';
import type { BucketNaming } from '../../../../base/bucket-names';
import { fail } from '../../../../base/errors';
import { bucketArn, printable } from '../../../shared/names';
import { type Identity, selfAsConfigured, selfAsSeen } from './judge/identity';
import { locksOut, repairsOf } from './judge/lockout';
import { farther, type Home, NOWHERE, reachOf } from './judge/reach';
import type { Self } from './judge/self';
import { type PolicyStatement, readStatement } from './judge/statement';
import { parseStrictly } from './json';
import { elementProblem, statementsOf } from './statements';

/** A bucket policy as it is put. */
export interface WantedPolicy {
  /** JSON without white space: exactly what was checked. */
  readonly text: string;
  /** S3 calls it public: the bucket's public access block stands against it. */
  readonly isPublic: boolean;
  /** Some statement denies something: it may shut this service out, too. */
  readonly denies: boolean;
  /** What the verdict may still change with: the account's id, or AWS's word on who we are. */
  readonly pending?: 'account' | 'identity';
  /** Why AWS would refuse it: what of the whole account stands against public policies. */
  readonly blocked?: string;
}

/** A policy document, or its JSON text. */
export type PolicyInput = Readonly<Record<string, unknown>> | string;

export interface PolicyScope {
  /** ARN of the bucket that the policy is to be of. */
  readonly arn: string;
  readonly partition: string;
  /** Whether the account's configuration lets bucket policies speak to everyone. */
  readonly allowPublic: boolean;
  readonly home: Home;
  readonly self: Self;
}

type Of = BucketNaming & Pick<AccountConfig, 'role' | 'endpoint' | 'iam' | 'allowPublicPolicies' | 'trustedAccounts'>;

/** Gathers what a policy is judged by before AWS is asked anything. */
export function policyScope(account: Of, bucket: string, partition: string): PolicyScope {
  return {
    arn: bucketArn({ account, partition }, bucket),
    partition,
    allowPublic: account.allowPublicPolicies,
    home: { accountId: account.id, isStore: !account.iam, trusted: account.trustedAccounts },
    self: selfAsConfigured(account, partition),
  };
}

/** Adds what a session knows to what a policy is judged by. `seen` is left out where it was not asked for. */
export function scopeOfSession(
  scope: PolicyScope,
  account: Of,
  accountId: string,
  seen?: { readonly identity: Identity | undefined },
): PolicyScope {
  const self =
    seen === undefined
      ? selfAsConfigured({ ...account, id: accountId }, scope.partition)
      : selfAsSeen(seen.identity, account, scope.partition);
  return { ...scope, home: { ...scope.home, accountId }, self };
}

/** Bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html */
const MAX_BYTES = 20 * 1024;

const POINTER = '/BucketPolicy';

/** Nothing to put is no wish to remove. */
const IF_EMPTY = 'leave BucketPolicy out to keep what there is; an update removes it by "Remove": ["BucketPolicy"]';

const invalid = (detail: string): never =>
  fail({ kind: 'invalid', pointer: POINTER, detail: `BucketPolicy ${detail}` });

/**
 * Checks a bucket policy: well-formed, of this bucket alone, for nobody whom the configuration does not know where the
 * account does not allow that, and no lock-out of this service. Whether its principals and actions exist is for S3 to
 * say.
 * @throws {invalid} saying what is wrong
 */
export function wantedPolicy(input: PolicyInput, scope: PolicyScope): WantedPolicy {
  const document = typeof input === 'string' ? parsed(input) : input;
  const raw = statementsOf(document);
  if (typeof raw === 'string') return invalid(raw);
  if (raw.length === 0) return invalid(`lacks a Statement; ${IF_EMPTY}`);
  const { arn } = scope;
  for (const [index, statement] of raw.entries()) {
    const problem = elementProblem(statement, arn);
    if (problem !== undefined) return invalid(`has a wrong statement ${String(index + 1)}: ${problem}`);
  }
  const text = JSON.stringify(document);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES)
    return invalid(`has ${String(bytes)} bytes without white space; S3 takes ${String(MAX_BYTES)}`);
  const statements = raw.map(readStatement);
  const { reach, because } = statements.map((statement) => reachOf(statement, scope.home)).reduce(farther, NOWHERE);
  if ((reach === 'others' || reach === 'public') && !scope.allowPublic) {
    return invalid(
      `has a statement that ${because}. This account does not take public policies (allowPublicPolicies) and lets in nobody but principals of its own and of its trustedAccounts`,
    );
  }
  const asks = lockOut(statements, arn, scope.self);
  const pending = asks ? 'identity' : scope.home.accountId === undefined && !scope.home.isStore ? 'account' : undefined;
  return {
    text,
    isPublic: reach === 'public',
    denies: statements.some(({ denies }) => denies),
    ...(pending !== undefined && { pending }),
  };
}

/**
 * Tells whether AWS's word on who we are decides about a lock-out.
 * @throws {invalid} for one that is sure, or cannot be ruled out
 */
function lockOut(statements: readonly PolicyStatement[], arn: string, self: Self): boolean {
  const answers = statements.map((statement) => locksOut(statement, arn, self));
  const index = answers.findIndex((answer) => answer === 'yes' || answer === 'maybe');
  const statement = statements[index];
  if (statement === undefined) return answers.includes('ask');
  const { conditions } = statement;
  const calls = repairsOf(statement).join(', ');
  const keys = [...new Set(conditions.map(({ key }) => key))].map(printable).join(', ');
  const certainty = answers[index] === 'yes' ? 'denies' : 'may deny';
  return invalid(
    `has a statement ${String(index + 1)} that ${certainty} ${calls} to this service itself${keys === '' ? '' : ` (conditions on ${keys})`}: ` +
      `then nobody but the account's root user might repair it. Leave these actions out of it, or exempt this service by the condition ${exemption(self)}`,
  );
}

function exemption({ arns }: Self): string {
  const [arn = ''] = arns;
  return JSON.stringify({
    ArnNotEquals: { 'aws:PrincipalArn': arns.length > 1 || arn.includes('*') ? 'the ARN of its role or user' : arn },
  });
}

function parsed(text: string): unknown {
  if (text.trim() === '') return invalid(`is empty; ${IF_EMPTY}`);
  const result = parseStrictly(text);
  return 'problem' in result ? invalid(printable(result.problem)) : result.value;
}

/** Makes what an answer shows of a policy: the document, or the text where a store gives something that is no JSON. */
export function shownPolicy(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
