import { answer, type StepHandle } from '../../engine/plan';
import { fail } from '../../base/errors';
import { subjectIn } from '../shared/subject';
import { operation, type Target } from '../shared/operation';
import { userOf, whole } from '../shared/subject-rules';
import { bucketPresence, requirePresent } from '../shared/aws/bucket';
import { findUser, groupsOfUser } from '../access/aws/user';
import { restoredUserShape } from '../access/stored';
import { requireExisting, seenExisting } from '../access/existing';
import { checkRoleNames, groupName, type Role, roleKind, roleOf } from '../shared/role';
import type { CreateUserInput, UserCreated } from '../shared/shapes';
import { greetingKey } from '../website/rules/greeting';
import { scopeOf } from '../shared/site-names';
import { createKey } from './keys/aws/access-key';
import { putGreeting } from '../website/aws/site';
import { createUser as create, joinGroup } from '../access/aws/make-user';
import { BUCKET_TAG, OPERATION_TAG, checkTags, recordOfTags, tagsAtBirth, tagValue } from '../shared/tags';
import { DEFAULT_INDEX } from '../website/rules/input';
import { undelivered, withdrawal } from './keys/undelivered';
import { siteArn } from './site-arn';
import { sdkTags, userShape } from '../shared/aws/iam-shapes';
import { claimsOnRoles, lookAtRoles, wholeRole } from '../access/whole-role';

const DEFAULT_GROUPS = ['BktAdmGrp'] as const;

/**
 * Gives the roles a bucket user asks for.
 * @throws {invalid} when the bucket's name, one of before 2018, is too long for groups
 */
export function bucketRoles(bucket: string, { Groups }: CreateUserInput): readonly Role[] {
  const roles = [...new Set<string>(Groups ?? DEFAULT_GROUPS)].map((group) => roleOf(bucket, roleKind(group)));
  roles.forEach(checkRoleNames);
  return roles;
}

/** Scoped website users read or write their folder, nothing else. */
const SCOPED_GROUPS: ReadonlySet<string> = new Set(['BktRWGrp', 'BktROGrp']);
const WEBSITE_GROUPS = ['BktAdmGrp', 'WebAdmGrp'] as const;

/**
 * Gives the roles a website user asks for.
 * @throws {invalid} when a user limited to a folder asks for more than that
 */
export function websiteRoles(site: string, { User, Groups }: CreateUserInput): readonly Role[] {
  const scope = scopeOf(User.Path);
  const groups = [...new Set<string>(Groups ?? (scope === undefined ? WEBSITE_GROUPS : ['BktRWGrp']))];
  const tooWide = scope === undefined ? undefined : groups.find((group) => !SCOPED_GROUPS.has(group));
  if (tooWide !== undefined) {
    fail({
      kind: 'invalid',
      pointer: '/Groups',
      detail: `a user with a Path can be in BktRWGrp or BktROGrp, not in ${tooWide}`,
    });
  }
  const roles = groups.map((group) => roleOf(site, roleKind(group), scope));
  roles.forEach(checkRoleNames);
  return roles;
}

/** Gives the roles a new user asks for, in their order. */
const rolesOf = ({ kind, bucket }: Target, input: CreateUserInput): readonly Role[] =>
  kind === 'website' ? websiteRoles(bucket, input) : bucketRoles(bucket, input);

/** Makes a user in the subject's groups with one access key; a role nobody had asked for yet is made on the way. */
export const createUser = operation({
  ids: { bucket: 'createUser', website: 'createWebsiteUser' },
  kind: 'create-user',
  version: 1,
  subject: userOf,
  recovery: 'back',
  names: ({ User }: CreateUserInput) => ({ user: User.UserName }),
  title: ({ kind, bucket, user }) => `Create user ${user} of ${kind} ${bucket}`,
  policies: whole.policies,
  check: ({ config }, target, input) => checkCreate(config.org, target, input),
  look: async (context, target, input) => {
    const roles = rolesOf(target, input);
    const [bucket, existing, seen, distributionArn, joined] = await Promise.all([
      bucketPresence(context, target.bucket),
      findUser(context, target.user),
      lookAtRoles(context, subjectIn(target), roles),
      siteArn(context, target),
      input.Existing === true ? groupsOfUser(context, target.user) : [],
    ]);
    const maker = existing && tagValue(sdkTags(existing.Tags), OPERATION_TAG);
    return {
      bucket,
      user: existing !== undefined,
      maker,
      roles: seen,
      distributionArn,
      ...(existing && {
        existing: seenExisting(
          context,
          userShape(existing, target.user),
          sdkTags(existing.Tags),
          joined.flatMap(({ GroupName }) => GroupName ?? []),
        ),
      }),
    };
  },
  claimsAfterLook: (context, { target, input, seen }) =>
    // Whoever asks again for what this operation has made may find groups that are not there yet.
    seen.bucket === 'present' && (input.Existing === true || !seen.user || seen.maker !== undefined)
      ? claimsOnRoles(context, rolesOf(target, input), seen.roles)
      : [],
  plan: (context, { target, input, seen, id }, step) => {
    const { bucket, user } = target;
    requirePresent(seen.bucket, bucket);
    const scope = target.kind === 'website' ? scopeOf(input.User.Path) : undefined;
    const join = (after: readonly StepHandle<unknown>[], isMember: (group: string) => boolean): void =>
      rolesOf(target, input).forEach((role, n) => {
        const { ready } = wholeRole(context, role, seen.roles[n], seen.distributionArn, step);
        const group = groupName(role);
        if (!isMember(group)) step(joinGroup(context, user, group, [...after, ...ready]));
      });
    const greet = (after: readonly StepHandle<unknown>[]): void => {
      if (scope !== undefined) step(putGreeting(context, bucket, greetingKey(DEFAULT_INDEX, scope), after));
    };
    if (input.Existing === true) {
      const { shape, groups } = requireExisting(target, seen.existing);
      join([], (group) => groups.includes(group));
      greet([]);
      return answer({}, (): UserCreated => ({ User: restoredUserShape(shape), AccessKey: undefined }));
    }
    // Made by an earlier attempt of this operation, whose answer reached nobody.
    const isOurs = seen.maker === id;
    if (seen.user && !isOurs) {
      fail({
        kind: 'exists',
        detail: `a user ${user} exists already; "Existing": true gives a user of another bucket these groups, too. When the answer to its creation was lost and it has no keys, a reset gives it one (PUT …/users/${user})`,
      });
    }
    const given = input.User.Tags ?? [];
    const tags = tagsAtBirth(given, context.org, {
      [BUCKET_TAG]: bucket,
      [OPERATION_TAG]: id,
      ...recordOfTags(given),
    });
    const made = step(create(context, user, tags));
    join([made], () => false);
    greet([made]);
    const key = step(createKey(context, { user, before: [], after: [made], isFreshUser: true }));
    return answer({ made, key }, (results): UserCreated => ({ User: results.made, AccessKey: results.key }));
  },
  // The user stays: the same request with the same Idempotency-Key gives it a key, and so does a reset.
  afterwards: (context, _, { AccessKey }, delivered) =>
    delivered || AccessKey === undefined
      ? undefined
      : {
          plan: withdrawal(context, AccessKey),
          error: undelivered(
            'it is withdrawn, and the user stays without one; ask again with the same Idempotency-Key, or reset its keys',
          ),
        },
});

/**
 * Refuses what cannot become a user.
 * @throws {invalid} when a tag, group or path cannot be
 */
function checkCreate(org: string, target: Target, input: CreateUserInput): void {
  const { User, Groups } = input;
  checkTags(User.Tags ?? [], org);
  if (input.Existing === true && (User.Tags ?? []).length > 0) {
    fail({ kind: 'invalid', pointer: '/User/Tags', detail: 'a user that exists keeps its tags; leave them out' });
  }
  if (Groups !== undefined && Groups.length === 0) {
    fail({ kind: 'invalid', pointer: '/Groups', detail: 'Groups must name at least one group, or be left out' });
  }
  if (target.kind === 'bucket' && User.Path !== undefined && User.Path !== '/') {
    fail({
      kind: 'invalid',
      pointer: '/User/Path',
      detail: 'User.Path is for website users; leave it out for a bucket',
    });
  }
  rolesOf(target, input);
}
