import type { AccountConfig } from '../../../../../config/types';
import type { Self } from './self';

/** STS's word on whose credentials a session has. */
export interface Identity {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

type Who = Pick<AccountConfig, 'id' | 'role' | 'endpoint' | 'iam'>;

/** Tells who we are as far as the configuration says, before AWS is asked anything. */
export function selfAsConfigured(account: Who, partition: string): Self {
  const { id, role } = account;
  const iam = `arn:${partition}:iam::${id ?? '*'}`;
  const sts = `arn:${partition}:sts::${id ?? '*'}`;
  return {
    kind: account.iam ? 'unknown' : 'nobody',
    accountId: id,
    // A role's ARN has its path, or else it could not be assumed.
    arns: [role === undefined ? `${iam}:*` : role.startsWith('arn:') ? role : `${iam}:role/${role.replace(/^\//, '')}`],
    sessionArn: role === undefined ? `${sts}:*` : `${sts}:assumed-role/${lastOf(role)}/*`,
    keepsName: role !== undefined,
    userId: '*',
    isTls: isTls(account),
  };
}

/** Tells who we are by what STS says; undefined: it said nothing. */
export function selfAsSeen(seen: Identity | undefined, account: Who, partition: string): Self {
  const configured = selfAsConfigured(account, partition);
  if (seen === undefined) return { ...configured, kind: 'nobody' };
  const { accountId, arn, userId } = seen;
  const of = { ...configured, accountId, userId };
  if (/:iam::\d+:root$/.test(arn)) return { ...of, kind: 'root', arns: [arn], sessionArn: undefined };
  if (/:iam::\d+:user\//.test(arn)) return { ...of, kind: 'user', arns: [arn], sessionArn: undefined };
  const [, role] = /:sts::\d+:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  // A federated user, say.
  if (role === undefined)
    return { ...of, kind: 'nobody', arns: [`arn:${partition}:iam::${accountId}:*`], sessionArn: arn };
  const iam = `arn:${partition}:iam::${accountId}:role`;
  // Session ARNs leave out the role's path.
  const arns =
    account.role === undefined
      ? [`${iam}/${role}`, `${iam}/*/${role}`]
      : selfAsConfigured({ ...account, id: accountId }, partition).arns;
  return { ...of, kind: 'session', arns, sessionArn: arn };
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** AWS is spoken to by HTTPS; an endpoint of the account's own as its URL says. */
const isTls = ({ endpoint }: Who): boolean => endpoint === undefined || endpoint.startsWith('https:');
