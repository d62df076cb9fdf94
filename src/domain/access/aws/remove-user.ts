import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  DeleteUserCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { type Context, gone, orUndefined } from '../../shared/context';
import type { StepHandle, StepSpec } from '../../../engine/plan';
import {
  freshEntityPolicy,
  isTransient,
  oncePolicy,
  retry,
  type RetryPolicy,
  standardPolicy,
} from '../../../engine/retry';
import { type DomainError, DomainFailure, toDomainError } from '../../../base/errors';
import { type Belongings, belongings } from './belongings';
import { homePath, ownGroups } from '../../shared/holder';
import { accessKeys, groupsOfUser } from './user';
import { type UserCase, userVerdict } from './user-verdict';
import type { KeptUser } from '../../shared/shapes';
import { settleAll, strip, type Strippable } from './strip-user';

/** IAM may need a moment to see that what held a thing is gone: DeleteConflict right after the removal. */
export const settlingPolicy: RetryPolicy = {
  attempts: 8,
  baseMs: 250,
  capMs: 4_000,
  retries: (error) => isTransient(error) || isDeleteConflict(error),
};

const isDeleteConflict = (error: DomainError): boolean =>
  error.kind === 'conflict' && error.origin?.code === 'DeleteConflict';

/** What the deletion of a bucket knows of one of its users. */
export type BucketUser = UserCase;

/** What was found of a user. */
export interface UserFound {
  readonly belongings: Belongings;
  /** Why it must outlive the bucket; undefined when it goes with it. */
  readonly because: string | undefined;
  /** The holder's groups it leaves. */
  readonly leaves: readonly string[];
}

/** How a user ended: its name when it is deleted, why it was kept when it only left. */
export type UserEnd = { readonly deleted: string } | { readonly kept: KeptUser };

/** Reads what hangs on a user; undefined when it is gone. */
export async function seeUser(context: Context, bucketUser: BucketUser): Promise<UserFound | undefined> {
  const { holder, user, staying = [] } = bucketUser;
  const found = await belongings(context, user);
  if (found === undefined) return undefined;
  const because = await userVerdict(context, bucketUser, found, 'along');
  const own = ownGroups(found.groups, holder).map(({ GroupName }) => GroupName);
  return {
    belongings: found,
    because,
    leaves: because === undefined ? own : own.filter((name) => !staying.includes(name)),
  };
}

/** The same as a step. Reads only, so it may run beside the pivot. */
export function inspectUser(
  context: Context,
  bucketUser: BucketUser,
): StepSpec<Record<never, never>, UserFound | undefined> {
  return {
    title: `See what hangs on user ${bucketUser.user}`,
    // Every read in it is retried by itself.
    retry: oncePolicy,
    run: () => seeUser(context, bucketUser),
  };
}

/**
 * Takes a user out of a deleted bucket: out of the bucket's groups and policies when it is kept, bare of everything
 * when it is not. When that fails half-way the membership is put back, so that a repeated deletion finds the user again.
 */
export async function release(
  context: Context,
  { user, ownPolicies }: BucketUser,
  { belongings: all, because, leaves }: UserFound,
): Promise<void> {
  const bound = all.attached.filter(({ Arn }) => ownPolicies.includes(Arn));
  try {
    await settleAll([
      ...leaves.map((group) => leave(context, user, group)),
      strip(context, user, because !== undefined ? { ...NOTHING, attached: bound } : all),
    ]);
  } catch (thrown) {
    await Promise.allSettled(leaves.map((group) => join(context, user, group)));
    throw thrown;
  }
}

/** The same as a step. */
export function releaseUser(
  context: Context,
  bucketUser: BucketUser,
  found: StepHandle<UserFound | undefined>,
  pivot: StepHandle<unknown>,
): StepSpec<{ found: StepHandle<UserFound | undefined> }, void> {
  return {
    title: `Release user ${bucketUser.user} from bucket ${bucketUser.holder.bucket}`,
    needs: { found },
    after: [pivot],
    // Every call in it is retried by itself.
    retry: oncePolicy,
    run: async ({ found: known }) => {
      if (known !== undefined) await release(context, bucketUser, known);
    },
  };
}

/** Deletes a released user unless it is kept. Retried inside. */
export async function deleteReleased(
  context: Context,
  { holder, user }: BucketUser,
  { belongings: all, because }: UserFound,
): Promise<UserEnd> {
  if (because !== undefined) return { kept: { UserName: user, because } };
  try {
    await removeUser(context, user);
    return { deleted: user };
  } catch (thrown) {
    const home = ownGroups(all.groups, holder)[0];
    // AWS is busy: the operation goes on until the user is gone, and a membership would be in its way.
    if (home === undefined || isTransient(toDomainError(thrown))) throw thrown;
    const isKept = await keepFindable(context, user, home.GroupName, homePath(holder, home));
    const error = toDomainError(thrown);
    const remains = isKept
      ? `User ${user} is kept in the group ${home.GroupName}, without any policy: repeat the deletion.`
      : `User ${user} is left without any policy, and could not be put back into the group ${home.GroupName}: a repeated deletion may not find it.`;
    throw new DomainFailure({ ...error, detail: `${error.detail} ${remains}` });
  }
}

/** The same as a step. */
export function deleteReleasedUser(
  context: Context,
  bucketUser: BucketUser,
  found: StepHandle<UserFound | undefined>,
  released: StepHandle<unknown>,
): StepSpec<{ found: StepHandle<UserFound | undefined> }, UserEnd | undefined> {
  return {
    title: `Delete user ${bucketUser.user} unless it is used elsewhere`,
    needs: { found },
    after: [released],
    // Retried inside, because what follows a failure must come after the last attempt.
    retry: oncePolicy,
    run: async ({ found: known }) => known && deleteReleased(context, bucketUser, known),
  };
}

/** DeleteUser, until IAM has seen that nothing hangs on it any more. */
export function removeUser(context: Context, user: string): Promise<void> {
  return retry(settlingPolicy, context.clock, async () => {
    try {
      await gone(context.session.iam(new DeleteUserCommand({ UserName: user })));
    } catch (thrown) {
      if (isDeleteConflict(toDomainError(thrown))) await removeLateKeys(context, user);
      throw thrown;
    }
  });
}

/** A key that was made just before may have been hidden from the look. A user in some group is another's by now. */
async function removeLateKeys(context: Context, user: string): Promise<void> {
  const [groups, keys] = await Promise.all([groupsOfUser(context, user), accessKeys(context, user)]);
  if (groups.length > 0) return;
  await strip(context, user, { ...NOTHING, keys });
}

/**
 * A user that could not be deleted would be an orphan nobody finds: the group it was known by is being deleted beside
 * it. Both are put back, under the path that tells whose they are and without any policy. Gives whether that succeeded.
 */
function keepFindable(context: Context, user: string, group: string, path: string): Promise<boolean> {
  const putBack = async () => {
    try {
      await context.session.iam(new CreateGroupCommand({ GroupName: group, Path: path }));
    } catch (thrown) {
      if (toDomainError(thrown).kind !== 'exists') throw thrown;
    }
    await context.session.iam(new AddUserToGroupCommand({ UserName: user, GroupName: group }));
  };
  return retry(freshEntityPolicy, context.clock, putBack).then(
    () => true,
    () => false,
  );
}

const NOTHING: Strippable = {
  keys: [],
  attached: [],
  inline: [],
  mfaDevices: [],
  signingCertificates: [],
  sshPublicKeys: [],
  serviceCredentials: [],
  loginProfile: false,
};

const leave = (context: Context, user: string, group: string) =>
  retry(standardPolicy, context.clock, () =>
    gone(context.session.iam(new RemoveUserFromGroupCommand({ UserName: user, GroupName: group }))),
  );

const join = (context: Context, user: string, group: string) =>
  retry(standardPolicy, context.clock, () =>
    orUndefined(context.session.iam(new AddUserToGroupCommand({ UserName: user, GroupName: group }))),
  );
