import { printable } from '../../../../shared/names';
import { accountOfPrincipal } from './fixed';
import { covers, hasWildcard } from './glob';
import { accountsNamed, isNarrow } from './narrowing';
import type { PolicyStatement, PrincipalName } from './statement';

/**
 * How far a statement reaches: `own` account; accounts that the configuration calls `trusted`; `others`, whom AWS does not call
 * the public but the configuration does not know; `public`, what AWS's public access block stands against.
 */
export type Reach = 'own' | 'trusted' | 'others' | 'public';

export interface Reached {
  readonly reach: Reach;
  /** Who is let in and what would be allowed instead; continues "a statement …". Empty for `own` and `trusted`. */
  readonly because: string;
}

/** Whose bucket it is. */
export interface Home {
  /** 12 digits; undefined: not known yet, and any account may be it. */
  readonly accountId: string | undefined;
  /** An S3-compatible store: its names mean what it makes of them, and nobody but everyone can be told from its own. */
  readonly isStore: boolean;
  /** Other accounts that the configuration trusts. */
  readonly trusted: readonly string[];
}

const ORDER: readonly Reach[] = ['own', 'trusted', 'others', 'public'];

/** Gives the farther of two; the first of equals. */
export const farther = (one: Reached, other: Reached): Reached =>
  ORDER.indexOf(other.reach) > ORDER.indexOf(one.reach) ? other : one;

/** Reaches nobody beyond the bucket's own account. */
export const NOWHERE: Reached = { reach: 'own', because: '' };
const TRUSTED: Reached = { reach: 'trusted', because: '' };

/** Everybody without credentials. https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html */
export const ANONYMOUS = '65a011a29cdf8ec533ec3d1ccaae921c';

/** Tells how far an Allow reaches; a Deny lets nobody in. */
export function reachOf(statement: PolicyStatement, home: Home): Reached {
  if (statement.denies) return NOWHERE;
  const { negated, names } = statement.principals;
  const reached = negated
    ? everyone(statement, home, 'NotPrincipal')
    : names.map((name) => named(name, statement, home)).reduce(farther, NOWHERE);
  return reached.reach === 'trusted' ? limited(statement) : reached;
}

function named({ kind, name }: PrincipalName, statement: PolicyStatement, home: Home): Reached {
  if (hasWildcard(name)) return everyone(statement, home, 'a Principal with *');
  switch (kind) {
    case 'AWS':
      return (
        ofAccount(accountOfPrincipal(name), home) ??
        others(`lets in ${quoted(name)}, which is of no account that the configuration knows`)
      );
    case 'Service':
      return ofAccounts(accountsNamed(statement.conditions, 'sources'), home) ?? others(serviceHint(name, home));
    case 'Federated':
      return isOwnProvider(name, home)
        ? NOWHERE
        : open(`allows something to everyone whom the identity provider ${quoted(name)} knows`);
    default:
      if (name === ANONYMOUS) return open('allows something to everyone (the canonical user of anonymous requests)');
      return home.isStore ? NOWHERE : others('lets in a canonical user, whose account nobody can tell');
  }
}

/** Everyone, or all whom the conditions leave of that. */
function everyone({ conditions }: PolicyStatement, home: Home, how: string): Reached {
  // Many a store reads no conditions.
  const bounded = home.isStore ? undefined : ofAccounts(accountsNamed(conditions, 'callers'), home);
  if (bounded !== undefined) return bounded;
  return isNarrow(conditions)
    ? others(
        `allows something to everyone (${how}) whom its conditions let in, and they name more than accounts that the configuration knows`,
      )
    : open(`allows something to everyone (${how})`);
}

/** Every condition must hold: the tightest one counts. */
function ofAccounts(lists: readonly (readonly string[])[], home: Home): Reached | undefined {
  const reached = lists.flatMap((accounts) => {
    const each = accounts.map((account) => ofAccount(account, home));
    return each.every((one) => one !== undefined) ? [each.reduce(farther, NOWHERE)] : [];
  });
  return reached.reduce<Reached | undefined>(
    (best, one) => (best === undefined || best.reach === 'trusted' ? one : best),
    undefined,
  );
}

function ofAccount(account: string | undefined, { accountId, isStore, trusted }: Home): Reached | undefined {
  if (isStore || (account !== undefined && account === accountId)) return NOWHERE;
  if (account === undefined || !/^\d{12}$/.test(account)) return undefined;
  if (trusted.includes(account)) return TRUSTED;
  return accountId === undefined ? NOWHERE : undefined;
}

function isOwnProvider(name: string, { accountId, isStore }: Home): boolean {
  const account = /^arn:[a-z-]+:iam::(\d{12}):(saml|oidc)-provider\/./.exec(name)?.[1];
  return account !== undefined && (isStore || accountId === undefined || account === accountId);
}

/** What hands the bucket itself over, not its data. */
const TAKEOVER = [
  's3:PutBucketTagging',
  's3:TagResource',
  's3:UntagResource',
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
  's3:PutBucketAcl',
  's3:PutBucketOwnershipControls',
  's3:PutBucketPublicAccessBlock',
  's3:DeleteBucket',
];

/** Trusted accounts are given what is named, and never the bucket itself. */
function limited({ actions, resources }: PolicyStatement): Reached {
  if (actions.negated)
    return others('lets a trusted account do everything but something (NotAction): name the actions');
  if (resources.negated)
    return others('lets a trusted account reach everything but something (NotResource): name the resources');
  const wide = actions.values.find((pattern) =>
    TAKEOVER.some((action) => covers(pattern.toLowerCase(), action.toLowerCase())),
  );
  if (wide === undefined) return TRUSTED;
  return others(
    `lets a trusted account change who may use the bucket, or delete it (${quoted(wide)}): name actions without ${TAKEOVER.join(', ')}`,
  );
}

const quoted = (text: string): string => `"${printable(text)}"`;
const others = (because: string): Reached => ({ reach: 'others', because });
const open = (because: string): Reached => ({ reach: 'public', because });

const serviceHint = (name: string, { accountId }: Home): string =>
  `lets in the service ${quoted(name)} for whomever it acts: it needs a fixed source of this account, e.g. the condition ` +
  `{"StringEquals": {"aws:SourceAccount": "${accountId ?? 'the account’s id'}"}}, or aws:SourceArn with an ARN that has this account's id and no wildcard`;
