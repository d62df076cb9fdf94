import { ANONYMOUS } from './reach';
import type { PolicyStatement, PrincipalName } from './statement';
import { covers, hasWildcard, overlaps } from './glob';
import { accountOfPrincipal } from './fixed';

/**
 * Who this service is to a bucket, as far as it is known. Values that are not known whole are globs, and several ones are all
 * that they may be.
 */
export interface Self {
  /** `unknown`: AWS has not been asked yet; `nobody`: there is nobody to ask. */
  readonly kind: 'unknown' | 'nobody' | 'root' | 'user' | 'session';
  /** 12 digits; undefined: not known. */
  readonly accountId: string | undefined;
  /** ARNs of IAM: the user's, root's, or that of the role behind the session. */
  readonly arns: readonly string[];
  /** Of the session itself; undefined for users and root. */
  readonly sessionArn: string | undefined;
  /** Whether the next session has the same name. */
  readonly keepsName: boolean;
  /** AWS's `aws:userid`. */
  readonly userId: string;
  /** Whether requests go over TLS. */
  readonly isTls: boolean;
}

/** Whether something is so: `ask` when AWS's word on who we are may decide, `maybe` when nothing here can. */
export type Answer = 'yes' | 'no' | 'ask' | 'maybe';

/** Answers what is not known of ourselves: AWS can be asked once. */
export const unsure = ({ kind }: Self): Answer => (kind === 'unknown' ? 'ask' : 'maybe');

/** Answers whether all are so: one no is enough against it. */
export const every = (answers: readonly Answer[]): Answer => pick(answers, ['no', 'ask', 'maybe'], 'yes');
/** Answers whether any is so: one yes is enough. */
export const some = (answers: readonly Answer[]): Answer => pick(answers, ['yes', 'ask', 'maybe'], 'no');

const pick = (answers: readonly Answer[], order: readonly Answer[], otherwise: Answer): Answer =>
  order.find((one) => answers.includes(one)) ?? otherwise;

/** Tells whether a statement's principals include this service. */
export function meansUs({ principals: { negated, names } }: PolicyStatement, self: Self): Answer {
  if (!negated) return some(names.map((name) => namesUs(name, self)));
  return isExempt(names, self);
}

function namesUs({ kind, name }: PrincipalName, self: Self): Answer {
  switch (kind) {
    case 'AWS':
      return awsNamesUs(name, self);
    case 'Service':
      return 'no';
    case 'Federated':
      // Sessions of a role that we assume ourselves come from no identity provider.
      return self.kind === 'root' || self.kind === 'user' || self.keepsName ? 'no' : unsure(self);
    default:
      return name === ANONYMOUS ? 'no' : 'maybe';
  }
}

function awsNamesUs(name: string, self: Self): Answer {
  if (name === '*') return 'yes';
  if (hasWildcard(name)) return 'maybe';
  const account = accountOfPrincipal(name);
  // Ids of users and roles, which AWS takes for their names.
  if (account === undefined)
    return self.userId === name || self.userId.startsWith(`${name}:`)
      ? 'yes'
      : overlaps(self.userId, `${name}*`)
        ? unsure(self)
        : 'no';
  if (self.accountId === undefined) return unsure(self);
  if (account !== self.accountId) return 'no';
  if (namesAccount(name)) return 'yes';
  return isOneOf(name, [...self.arns, ...(self.sessionArn === undefined ? [] : [self.sessionArn])], self);
}

const namesAccount = (name: string): boolean => /^\d{12}$|:root$/.test(name);

function isOneOf(name: string, arns: readonly string[], self: Self): Answer {
  if (arns.includes(name)) return 'yes';
  return arns.some((arn) => covers(arn, name)) ? unsure(self) : 'no';
}

/**
 * Tells whether a denial of all but these hits us. AWS exempts a principal only when its account is named too, and a
 * session only when role and session are:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function isExempt(names: readonly PrincipalName[], self: Self): Answer {
  const aws = names.filter(({ kind }) => kind === 'AWS').map(({ name }) => name);
  if (aws.includes('*')) return 'no';
  if (!aws.some(namesAccount)) return 'yes';
  if (self.kind === 'unknown') return 'ask';
  const isNamed = (arn: string | undefined): boolean => arn !== undefined && aws.includes(arn);
  const isAccountNamed = aws.some((name) => namesAccount(name) && accountOfPrincipal(name) === self.accountId);
  if (!isAccountNamed) return 'yes';
  if (self.kind === 'root') return 'no';
  const [arn] = self.arns;
  if (self.kind === 'user') return isNamed(arn) ? 'no' : 'yes';
  return self.keepsName && isNamed(arn) && isNamed(self.sessionArn) ? 'no' : 'yes';
}
