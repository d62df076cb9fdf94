import type { DomainConfig } from '../../config/types';
import {
  type ArnRoot,
  BUCKET_ROLES,
  groupName,
  policyArn,
  type Role,
  type RoleKind,
  roleOf,
  scopedRoot,
  WEBSITE_ROLES,
} from './role';
import { sitesInName } from './site-names';

/** What users, groups and policies belong to: a plain bucket, or a website and its bucket of the same name. */
export interface Holder {
  readonly kind: 'bucket' | 'website';
  /** Name of the bucket. */
  readonly bucket: string;
  /** What reads/proof.ts has found out of groups whose names do not tell. */
  readonly proven?: Proven;
}

/** Names of groups under the IAM path `/`, told apart by the policies that are attached to them. */
export type Proven = { readonly own: readonly string[]; readonly foreign: readonly string[] };

export const asBucket = (bucket: string): Holder => ({ kind: 'bucket', bucket });
export const asWebsite = (site: string): Holder => ({ kind: 'website', bucket: site });

/** The bucket or website that an operation is about, or whose user it is about. */
export const holderIn = ({ kind, bucket }: { readonly kind: string; readonly bucket: string }): Holder =>
  kind === 'website' ? asWebsite(bucket) : asBucket(bucket);

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
 * Whether a group is the holder's own: exactly one of its names under the IAM path `/`, a scoped one under the site's own
 * path, or a proven one of the predecessor's. Names that merely contain or continue the holder's name are somebody else's.
 */
export function isOwnGroup(holder: Holder, { GroupName = '', Path = '/' }: GroupLike): boolean {
  if (Path === '/')
    return (
      hasProven(holder, 'own', GroupName) ||
      (isWholeName(holder, GroupName) && !hasProven(holder, 'foreign', GroupName))
    );
  return (
    holder.kind === 'website' &&
    Path.startsWith(scopedRoot(holder.bucket)) &&
    GroupName.startsWith(`${holder.bucket}-`) &&
    SCOPED.test(GroupName)
  );
}

const hasProven = ({ proven }: Holder, whose: keyof Proven, name: string): boolean =>
  proven?.[whose].includes(name) === true;

const isWholeName = (holder: Holder, name: string): boolean =>
  wholeRoles(holder).some((role) => groupName(role) === name);

/**
 * Whether a name may be that of a folder's group of the predecessor's, which kept those under `/`: a site `s` with the
 * folder `docs` and a bucket `s-docs` both have a group `s-docs-BktRWGrp` there.
 */
function mayBeFolders(holder: Holder, name: string): boolean {
  return (
    holder.kind === 'website' && SCOPED.test(name) && name.startsWith(`${holder.bucket}-`) && !isWholeName(holder, name)
  );
}

/** Whether only its policies tell if a group is that of one of the site's folders. */
export function mayBeFolderGroup<G extends GroupLike>(
  holder: Holder,
  group: G,
): group is G & { readonly GroupName: string } {
  const { GroupName = '', Path = '/' } = group;
  return Path === '/' && mayBeFolders(holder, GroupName);
}

/** The same for a policy, which only its text tells. */
export const mayBeFolderPolicy = (holder: Holder, { PolicyName = '', Path = '/' }: PolicyLike): boolean =>
  Path === '/' && mayBeFolders(holder, groupOf(PolicyName));

/** Name of the group that was made with a policy. */
export const groupOf = (policy: string): string => policy.replace(/Plc$/, 'Grp');

/** Whether a group of one of the holder's own names may be that of a site's folder, as its policies would tell. */
const mayBeOfSite = (
  holder: Holder,
  { GroupName = '', Path = '/' }: GroupLike,
  domains: ReadonlyMap<string, DomainConfig>,
): boolean =>
  Path === '/' &&
  SCOPED.test(GroupName) &&
  isWholeName(holder, GroupName) &&
  sitesInName(holder.bucket, domains).length > 0;

/** Whether only its policies tell if a group is the holder's. */
export function isDoubtful<G extends GroupLike>(
  holder: Holder,
  group: G,
  domains: ReadonlyMap<string, DomainConfig>,
): group is G & { readonly GroupName: string } {
  return mayBeFolderGroup(holder, group) || mayBeOfSite(holder, group, domains);
}

/** The groups that are the holder's own; one without a name is nobody's. */
export function ownGroups<G extends GroupLike>(
  groups: readonly G[],
  holder: Holder,
): readonly (G & { readonly GroupName: string })[] {
  return groups.filter((group): group is G & { readonly GroupName: string } => isOwnGroup(holder, group));
}

/** Where a group of the holder's is put back so that its name and path alone tell whose it is. */
export function homePath(holder: Holder, { GroupName = '', Path = '/' }: GroupLike): string {
  return hasProven(holder, 'own', GroupName) && !isWholeName(holder, GroupName) ? scopedRoot(holder.bucket) : Path;
}

/** Whether a policy's ARN is one of the holder's roles', scoped ones included. */
export function isOwnPolicy(holder: Holder, session: ArnRoot, arn: string): boolean {
  if (wholeRoles(holder).some((role) => policyArn(session, role) === arn)) return true;
  const root = `arn:${session.partition}:iam::${session.accountId}:policy/`;
  const slash = arn.lastIndexOf('/');
  return (
    arn.startsWith(root) &&
    isScopedPolicy(holder, { PolicyName: arn.slice(slash + 1), Path: arn.slice(root.length - 1, slash + 1) })
  );
}

interface PolicyLike {
  readonly PolicyName?: string | undefined;
  readonly Path?: string | undefined;
}

/** Whether name and path are those of the policy of one of a site's folders; others may keep their own under the same path. */
export function isScopedPolicy(holder: Holder, { PolicyName = '', Path = '/' }: PolicyLike): boolean {
  return Path !== '/' && isOwnGroup(holder, { GroupName: groupOf(PolicyName), Path }) && PolicyName.endsWith('Plc');
}
