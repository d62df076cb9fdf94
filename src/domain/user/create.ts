import type { Context } from '../shared/context';
import { answer, definePlan } from '../../engine/plan';
import type { Recipe } from '../../engine/recipe';
import { fail } from '../../base/errors';
import type { Holder } from '../shared/holder';
import { checkUserName } from '../shared/names';
import { type BucketPresence, bucketPresence, requirePresent } from '../shared/aws/bucket';
import { findUser } from '../access/aws/user';
import { checkRoleNames, groupName, type Role, roleKind, roleOf } from '../shared/role';
import type { CreateUserInput, UserCreated } from '../shared/shapes';
import { greetingKey } from '../website/rules/greeting';
import { scopeOf } from '../shared/site-names';
import { createKey } from './keys/aws/access-key';
import { putGreeting } from '../website/aws/site';
import { createUser as create, joinGroup } from '../access/aws/make-user';
import { BUCKET_TAG, OPERATION_TAG, checkTags, recordOfTags, tagsAtBirth } from '../shared/tags';
import { DEFAULT_INDEX } from '../website/rules/input';
import { withdrawal } from './keys/undelivered';
import { claimsOnUser } from './keys/user-keys';
import { claimsOnRoles, lookAtRoles, type RoleSeen, wholeRole } from '../access/whole-role';

/** `roles` are in the order of the roles asked for. */
type Seen = { readonly bucket: BucketPresence; readonly user: boolean; readonly roles: readonly RoleSeen[] };

const DEFAULT_GROUPS = ['BktAdmGrp'] as const;

/** Ends with `invalid` for input that cannot become a bucket user; makes no call. */
export function checkCreateUser(context: Pick<Context, 'org'>, { User, Groups }: CreateUserInput): void {
  checkUserName(User.UserName);
  checkTags(User.Tags ?? [], context.org);
  if (Groups !== undefined && Groups.length === 0) {
    fail({ kind: 'invalid', pointer: '/Groups', detail: 'Groups must name at least one group, or be left out' });
  }
}

/** Ends with `invalid` when a bucket user asks for what only website users have. */
export function checkBucketUser({ User }: CreateUserInput): void {
  if (User.Path === undefined || User.Path === '/') return;
  fail({ kind: 'invalid', pointer: '/User/Path', detail: 'User.Path is for website users; leave it out for a bucket' });
}

/** The roles a bucket user asks for. */
export function bucketRoles(bucket: string, { Groups }: CreateUserInput): readonly Role[] {
  return [...new Set<string>(Groups ?? DEFAULT_GROUPS)].map((group) => roleOf(bucket, roleKind(group)));
}

/** Scoped website users read or write their folder, nothing else. */
const SCOPED_GROUPS: ReadonlySet<string> = new Set(['BktRWGrp', 'BktROGrp']);
const WEBSITE_GROUPS = ['BktAdmGrp', 'WebAdmGrp'] as const;

/** The roles a website user asks for; ends with `invalid` when a scoped user asks for more than its folder. */
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

export interface NewUser {
  readonly holder: Holder;
  readonly input: CreateUserInput;
  readonly roles: readonly Role[];
  /** ARN of the site's distribution, for its admin role. */
  readonly distributionArn?: string;
  /** Folder of a scoped user; it gets a greeting page. */
  readonly scope?: string;
}

/** A user in the holder's groups with one access key; a role nobody had asked for yet is made on the way. */
export function createUser(
  context: Context,
  { holder, input, roles, distributionArn, scope }: NewUser,
): Recipe<Seen, UserCreated> {
  const { org } = context;
  const { bucket } = holder;
  const user = input.User.UserName;
  const kind = 'create-user';
  const title = `Create user ${user} of ${holder.kind} ${bucket}`;

  return {
    kind,
    title,
    ...claimsOnUser(context, holder, user),
    recovery: 'back',
    look: async () => {
      const [presence, existing, seen] = await Promise.all([
        bucketPresence(context, bucket),
        findUser(context, user),
        lookAtRoles(context, holder, roles),
      ]);
      return { bucket: presence, user: existing !== undefined, roles: seen };
    },
    claimsAfterLook: (seen) =>
      seen.bucket === 'present' && !seen.user ? claimsOnRoles(context, roles, seen.roles) : [],
    plan: (seen, operationId) => {
      requirePresent(seen.bucket, bucket);
      if (seen.user)
        fail({
          kind: 'exists',
          detail: `a user ${user} exists already; when the answer to its creation was lost and it has no keys, a reset gives it one (PUT …/users/${user})`,
        });
      const given = input.User.Tags ?? [];
      const tags = tagsAtBirth(given, org, {
        [BUCKET_TAG]: bucket,
        [OPERATION_TAG]: operationId,
        ...recordOfTags(given),
      });

      return definePlan(kind, title, (step) => {
        const made = step(create(context, user, tags));
        roles.forEach((role, n) => {
          const { ready } = wholeRole(context, role, seen.roles[n], distributionArn, step);
          step(joinGroup(context, user, groupName(role), [made, ...ready]));
        });
        if (scope !== undefined) step(putGreeting(context, bucket, greetingKey(DEFAULT_INDEX, scope), [made]));
        const key = step(createKey(context, { user, before: [], after: [made] }));
        return answer({ made, key }, (results) => ({ User: results.made, AccessKey: results.key }));
      });
    },
    // The user stays: a reset gives it a key.
    afterwards: ({ AccessKey }, delivered) => (delivered ? undefined : { plan: withdrawal(context, AccessKey) }),
  };
}
