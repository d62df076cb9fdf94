import type { ArnRoot, Role, RoleKind } from './role';
import { BUCKET_ROLES, WEBSITE_ROLES, groupName, policyArn, roleOf, scopedRoot } from './role';

/** What users, groups and policies belong to: a plain bucket, or a website and its bucket of the same name. */
export interface Holder {
  readonly kind: 'bucket' | 'website';
  /** Name of the bucket. */
  readonly bucket: string;
}

export const asBucket = (bucket: string): Holder => ({ kind: 'bucket', bucket });
export const asWebsite = (site: string): Holder => ({ kind: 'website', bucket: site });

/** Kinds of roles the holder can have. */
const roleKinds = ({ kind }: Holder): readonly RoleKind[] => (kind === 'website' ? WEBSITE_ROLES : BUCKET_ROLES);

/** The holder's roles for the whole bucket; scoped ones are found by their IAM path. */
export const wholeRoles = (holder: Holder): readonly Role[] =>
  roleKinds(holder).map((kind) => roleOf(holder.bucket, kind));

/** Scoped groups are named `<site>-<scope>-BktRWGrp` or `…-BktROGrp`. */
const SCOPED = /-Bkt(?:RW|RO)Grp$/;

interface GroupLike {
  readonly GroupName?: string | undefined;
  readonly Path?: string | undefined;
}

/**
 * Whether a group is the holder's own: exactly one of its names under the IAM path `/`, or a scoped one under the site's
 * own path. Names that merely contain or continue the holder's name are somebody else's.
 */
export function isOwnGroup(holder: Holder, { GroupName = '', Path = '/' }: GroupLike): boolean {
  if (Path === '/') return wholeRoles(holder).some((role) => groupName(role) === GroupName);
  return (
    holder.kind === 'website' &&
    Path.startsWith(scopedRoot(holder.bucket)) &&
    GroupName.startsWith(`${holder.bucket}-`) &&
    SCOPED.test(GroupName)
  );
}

/** The groups that are the holder's own. */
export function ownGroups<G extends GroupLike>(groups: readonly G[], holder: Holder): readonly G[] {
  return groups.filter((group) => isOwnGroup(holder, group));
}

/** Whether a policy's ARN is one of the holder's roles', scoped ones included. */
export function isOwnPolicy(holder: Holder, session: ArnRoot, arn: string): boolean {
  const root = `arn:${session.partition}:iam::${session.accountId}:policy${scopedRoot(holder.bucket)}`;
  return wholeRoles(holder).some((role) => policyArn(session, role) === arn) || (holder.kind === 'website' && arn.startsWith(root));
}
