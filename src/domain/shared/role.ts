import { fail } from '../../base/errors';
import { fitsIam, LONGEST_NAME } from './names';
import { scopeInName } from './site-names';

/** What users of a bucket or website may be; each role is a group with a policy of its own. */

/** Roles of every bucket. */
export const BUCKET_ROLES = ['BktAdm', 'BktRW', 'BktRO'] as const;
/** Roles a website has beside those of its bucket. */
export const WEBSITE_ROLES = [...BUCKET_ROLES, 'WebAdm'] as const;
export type RoleKind = (typeof WEBSITE_ROLES)[number];

export interface Role {
  /** The bucket's name, which is a website's name, too. */
  readonly bucket: string;
  readonly kind: RoleKind;
  /** Folder the role is limited to, e.g. `docs/api`; undefined: the whole bucket. */
  readonly scope: string | undefined;
}

/** Makes a role; without `scope` it is for the whole bucket. */
export function roleOf(bucket: string, kind: RoleKind, scope?: string): Role {
  return { bucket, kind, scope };
}

/** Reads a caller's group, e.g. `BktRWGrp`, as a kind of role; the contract's schema has checked it. */
export function roleKind(group: string): RoleKind {
  const kind = WEBSITE_ROLES.find((known) => `${known}Grp` === group);
  return (
    kind ??
    fail({ kind: 'invalid', detail: `a group is one of ${WEBSITE_ROLES.map((known) => `${known}Grp`).join(', ')}` })
  );
}

const stem = ({ bucket, kind, scope }: Role): string =>
  scope === undefined ? `${bucket}-${kind}` : `${bucket}-${scopeInName(scope)}-${kind}`;

/** Gives the name of the role's group. */
export const groupName = (role: Role): string => `${stem(role)}Grp`;
/** Gives the name of the role's policy. */
export const policyName = (role: Role): string => `${stem(role)}Plc`;

/**
 * Gives the IAM path of the role's group and policy: scoped ones have their own, as names of different sites may
 * coincide.
 */
export const iamPath = ({ bucket, scope }: Role): string => (scope === undefined ? '/' : `/${bucket}/${scope}/`);

/** Gives the IAM path below which all scoped roles of a site lie. */
export const scopedRoot = (site: string): string => `/${site}/`;

/** Where ARNs of an account begin. */
export interface ArnRoot {
  readonly partition: string;
  readonly accountId: string;
}

/** Gives the ARN of the role's policy. */
export function policyArn({ partition, accountId }: ArnRoot, role: Role): string {
  return `arn:${partition}:iam::${accountId}:policy${iamPath(role)}${policyName(role)}`;
}

/**
 * Checks that IAM takes the names of the role's group and policy.
 * @throws {invalid} when they would be too long
 */
export function checkRoleNames(role: Role): void {
  if (fitsIam('group', groupName(role))) return;
  fail({
    kind: 'invalid',
    detail: `the group ${groupName(role)} would have ${String(groupName(role).length)} characters: IAM takes at most ${String(LONGEST_NAME.group)}${role.scope === undefined ? '' : '; choose a shorter path'}`,
  });
}
