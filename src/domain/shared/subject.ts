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
export interface Subject {
  readonly kind: 'bucket' | 'website';
  /** Name of the bucket. */
  readonly bucket: string;
  /** What access/aws/group-ownership.ts has found out of groups whose names do not tell. */
  readonly proven?: Proven;
}

/** Names of groups under the IAM path `/`, told apart by the policies that are attached to them. */
export type Proven = { readonly own: readonly string[]; readonly foreign: readonly string[] };

/** Names a plain bucket as a subject. */
export const asBucket = (bucket: string): Subject => ({ kind: 'bucket', bucket });
/** Names a website as a subject. */
export const asWebsite = (site: string): Subject => ({ kind: 'website', bucket: site });

/** Gives the bucket or website that an operation is about, or whose user it is about. */
export const subjectIn = ({ kind, bucket }: { readonly kind: string; readonly bucket: string }): Subject =>
  kind === 'website' ? asWebsite(bucket) : asBucket(bucket);

/** Kinds of roles the subject can have. */
const roleKinds = ({ kind }: Subject): readonly RoleKind[] => (kind === 'website' ? WEBSITE_ROLES : BUCKET_ROLES);

/** Lists the subject's roles for the whole bucket; scoped ones are found by their IAM path. */
export const wholeRoles = (subject: Subject): readonly Role[] =>
  roleKinds(subject).map((kind) => roleOf(subject.bucket, kind));

/** Scoped groups are named `<site>-<scope>-BktRWGrp` or `…-BktROGrp`. */
const SCOPED = /-Bkt(?:RW|RO)Grp$/;

interface GroupLike {
  readonly GroupName?: string | undefined;
  readonly Path?: string | undefined;
}

/**
 * Tells whether a group is the subject's own: exactly one of its names under the IAM path `/`, a scoped one under the
 * site's own path, or a proven one of the predecessor's. Names that merely contain or continue the subject's name are
 * somebody else's.
 */
export function isOwnGroup(subject: Subject, { GroupName = '', Path = '/' }: GroupLike): boolean {
  if (Path === '/')
    return (
      hasProven(subject, 'own', GroupName) ||
      (isWholeName(subject, GroupName) && !hasProven(subject, 'foreign', GroupName))
    );
  return (
    subject.kind === 'website' &&
    Path.startsWith(scopedRoot(subject.bucket)) &&
    GroupName.startsWith(`${subject.bucket}-`) &&
    SCOPED.test(GroupName)
  );
}

const hasProven = ({ proven }: Subject, whose: keyof Proven, name: string): boolean =>
  proven?.[whose].includes(name) === true;

const isWholeName = (subject: Subject, name: string): boolean =>
  wholeRoles(subject).some((role) => groupName(role) === name);

/**
 * Tells whether a name may be that of a folder's group of the predecessor's, which kept those under `/`: a site `s`
 * with the folder `docs` and a bucket `s-docs` both have a group `s-docs-BktRWGrp` there.
 */
function mayBeFolders(subject: Subject, name: string): boolean {
  return (
    subject.kind === 'website' &&
    SCOPED.test(name) &&
    name.startsWith(`${subject.bucket}-`) &&
    !isWholeName(subject, name)
  );
}

/** Tells whether a group may be that of one of the site's folders, which only its policies can prove. */
export function mayBeFolderGroup<G extends GroupLike>(
  subject: Subject,
  group: G,
): group is G & { readonly GroupName: string } {
  const { GroupName = '', Path = '/' } = group;
  return Path === '/' && mayBeFolders(subject, GroupName);
}

/** Tells whether a policy may be that of one of the site's folders, which only its text can prove. */
export const mayBeFolderPolicy = (subject: Subject, { PolicyName = '', Path = '/' }: PolicyLike): boolean =>
  Path === '/' && mayBeFolders(subject, groupOf(PolicyName));

/** Gives the name of the group that was made with a policy. */
export const groupOf = (policy: string): string => policy.replace(/Plc$/, 'Grp');

/**
 * Tells whether a group of one of the subject's own names may be that of a site's folder, as its policies would tell.
 */
const mayBeOfSite = (
  subject: Subject,
  { GroupName = '', Path = '/' }: GroupLike,
  domains: ReadonlyMap<string, DomainConfig>,
): boolean =>
  Path === '/' &&
  SCOPED.test(GroupName) &&
  isWholeName(subject, GroupName) &&
  sitesInName(subject.bucket, domains).length > 0;

/** Tells whether a group may be the subject's, which only its policies can prove. */
export function isDoubtful<G extends GroupLike>(
  subject: Subject,
  group: G,
  domains: ReadonlyMap<string, DomainConfig>,
): group is G & { readonly GroupName: string } {
  return mayBeFolderGroup(subject, group) || mayBeOfSite(subject, group, domains);
}

/** Picks the groups that are the subject's own; one without a name is nobody's. */
export function ownGroups<G extends GroupLike>(
  groups: readonly G[],
  subject: Subject,
): readonly (G & { readonly GroupName: string })[] {
  return groups.filter((group): group is G & { readonly GroupName: string } => isOwnGroup(subject, group));
}

/**
 * Gives the path under which a group of the subject's is made again, so that its name and path alone tell whose it is.
 */
export function homePath(subject: Subject, { GroupName = '', Path = '/' }: GroupLike): string {
  return hasProven(subject, 'own', GroupName) && !isWholeName(subject, GroupName) ? scopedRoot(subject.bucket) : Path;
}

/** Tells whether a policy's ARN is one of the subject's roles', scoped ones included. */
export function isOwnPolicy(subject: Subject, session: ArnRoot, arn: string): boolean {
  if (wholeRoles(subject).some((role) => policyArn(session, role) === arn)) return true;
  const root = `arn:${session.partition}:iam::${session.accountId}:policy/`;
  const slash = arn.lastIndexOf('/');
  return (
    arn.startsWith(root) &&
    isScopedPolicy(subject, { PolicyName: arn.slice(slash + 1), Path: arn.slice(root.length - 1, slash + 1) })
  );
}

interface PolicyLike {
  readonly PolicyName?: string | undefined;
  readonly Path?: string | undefined;
}

/**
 * Tells whether name and path are those of the policy of one of a site's folders; others may keep their own under the
 * same path.
 */
export function isScopedPolicy(subject: Subject, { PolicyName = '', Path = '/' }: PolicyLike): boolean {
  return Path !== '/' && isOwnGroup(subject, { GroupName: groupOf(PolicyName), Path }) && PolicyName.endsWith('Plc');
}
