import type { StepSpec } from '../../../engine/plan';
import { oncePolicy } from '../../../engine/retry';
import type { Context } from '../../shared/context';
import { homePath, ownGroups } from '../../shared/subject';
import { groupName, roleOf } from '../../shared/role';
import type { Removal } from '../rules/user-ownership';
import { type UserResources, userResources } from './user-resources';
import { type UserCase, userVerdict } from './user-verdict';

/** What hangs on a user, by name. */
export type UserThings = {
  readonly keys: readonly string[];
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  readonly inline: readonly string[];
  readonly mfaDevices: readonly string[];
  readonly signingCertificates: readonly string[];
  readonly sshPublicKeys: readonly string[];
  readonly serviceCredentials: readonly string[];
  readonly loginProfile: boolean;
};

/** A user of a bucket or website, and what its removal takes from it; as JSON. */
export type UserSeen = {
  readonly user: string;
  /** Why it is only taken out of its groups; null when it is deleted. */
  readonly because: string | null;
  /** Groups of the bucket or website that it is taken out of. */
  readonly groups: readonly string[];
  readonly takes: UserThings;
  /**
   * Where it is put back when its removal comes to a halt, so that it is found again; null for one that was in no group and is
   * not named like its bucket.
   */
  readonly home: { readonly group: string; readonly path: string } | null;
};

/** Of a user on whom nothing hangs. */
export const NO_THINGS: UserThings = {
  keys: [],
  attached: [],
  inline: [],
  mfaDevices: [],
  signingCertificates: [],
  sshPublicKeys: [],
  serviceCredentials: [],
  loginProfile: false,
};

/** Reads what hangs on a user and judges whether it is deleted; null when it is gone. */
export async function seeUser(context: Context, one: UserCase, removal: Removal): Promise<UserSeen | null> {
  const found = await userResources(context, one.user);
  return found === undefined ? null : judgeUser(context, one, found, removal);
}

/**
 * Judges what the removal of a user takes from it: everything when it is deleted, else its place in groups that go and
 * the policies of the bucket.
 */
export async function judgeUser(
  context: Context,
  one: UserCase,
  found: UserResources,
  removal: Removal,
): Promise<UserSeen> {
  const { subject, user, ownPolicies, staying = [] } = one;
  const because = (await userVerdict(context, one, found, removal)) ?? null;
  const groups = ownGroups(found.groups, subject);
  const names = groups.map(({ GroupName }) => GroupName);
  const [home] = groups;
  const ofNamesake = user === subject.bucket ? { group: groupName(roleOf(user, 'BktAdm')), path: '/' } : null;
  const things = thingsOf(found);
  return {
    user,
    because,
    groups: because === null ? names : names.filter((name) => !staying.includes(name)),
    takes:
      because === null
        ? things
        : { ...NO_THINGS, attached: things.attached.filter((arn) => ownPolicies.includes(arn)) },
    home: home === undefined ? ofNamesake : { group: home.GroupName, path: homePath(subject, home) },
  };
}

const thingsOf = (found: UserResources): UserThings => ({
  keys: found.keys.flatMap(({ AccessKeyId }) => AccessKeyId ?? []),
  attached: found.attached.map(({ Arn }) => Arn),
  inline: found.inline,
  mfaDevices: found.mfaDevices,
  signingCertificates: found.signingCertificates,
  sshPublicKeys: found.sshPublicKeys,
  serviceCredentials: found.serviceCredentials,
  loginProfile: found.loginProfile,
});

/** Looks at a user that would go with its bucket or website. Reads only, so it may run beside the pivot. */
export function inspectUser(context: Context, one: UserCase): StepSpec<Record<never, never>, UserSeen | null> {
  return {
    title: `See what hangs on user ${one.user}`,
    // Every read in it is retried by itself.
    retry: oncePolicy,
    run: () => seeUser(context, one, 'along'),
  };
}
