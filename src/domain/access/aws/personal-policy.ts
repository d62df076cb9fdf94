import { DeletePolicyCommand } from '@aws-sdk/client-iam';
import { toDomainError } from '../../../base/errors';
import { type Context, gone } from '../../shared/context';
import { isPolicyOfBucket } from '../../shared/policies';
import { documentOf } from '../../shared/aws/policy-document';
import { inWords } from '../rules/user-ownership';
import { policyUse, type PolicyUse } from './role';
import { policyFound } from './role-verdict';

/**
 * The policy that the predecessor of oldest times made for a bucket's one user: named like both, attached to the user
 * directly, without tags. It goes with its user when it is surely the user's alone.
 */
export type PersonalPolicy = {
  readonly name: string;
  readonly arn: string;
  /** Why it is not deleted; null when it is. */
  readonly stays: string | null;
};

/**
 * Finds that policy among those attached to the user named like the bucket, and judges it; undefined without one whose text
 * speaks of the bucket alone. No call where none has its name, two calls deep where one has.
 */
export async function personalPolicy(
  context: Context,
  bucket: string,
  attached: readonly { readonly Arn: string }[],
): Promise<PersonalPolicy | undefined> {
  const { partition, accountId } = context.session;
  const arn = `arn:${partition}:iam::${accountId}:policy/${bucket}`;
  if (!attached.some(({ Arn }) => Arn === arn)) return undefined;
  const found = await policyFound(context, arn);
  const document = found && (await documentOf(context, arn, found.version));
  if (document === undefined || !isPolicyOfBucket(document, bucket, context.session)) return undefined;
  const tags = found?.tags.map(({ Key }) => Key) ?? [];
  const stays =
    tags.length > 0 ? `It has tags (${tags.join(', ')}): somebody keeps it.` : found && usedByOthers(bucket, found.use);
  return { name: bucket, arn, stays: stays ?? null };
}

function usedByOthers(user: string, { users, groups, roles }: PolicyUse): string | undefined {
  const others = [
    ...groups.map((name) => `the group ${name}`),
    ...users.filter((name) => name !== user).map((name) => `the user ${name}`),
    ...roles.map((name) => `the role ${name}`),
  ];
  return others.length === 0 ? undefined : `It carries no mark of this service, and is attached to ${inWords(others)}.`;
}

/**
 * Looks who has the policy once its user is gone, and at the versions that keep it from being deleted. What may not be looked
 * at stays.
 */
export async function seePersonalPolicy(
  context: Context,
  { name, arn }: PersonalPolicy,
): Promise<{ readonly versions: readonly string[]; readonly stays: string | null }> {
  try {
    const use = await policyUse(context, arn);
    const stays = use && usedByOthers(name, use);
    return stays === undefined ? { versions: use?.versions ?? [], stays: null } : { versions: [], stays };
  } catch (thrown) {
    return { versions: [], stays: unlessDenied(thrown) };
  }
}

/**
 * Deletes the policy, and gives null; or why it stays. Its name is any bucket's: not every operator lets the service delete
 * policies of all names.
 */
export async function deletePersonalPolicy({ session }: Context, { arn }: PersonalPolicy): Promise<string | null> {
  try {
    await gone(session.iam(new DeletePolicyCommand({ PolicyArn: arn })));
    return null;
  } catch (thrown) {
    return unlessDenied(thrown);
  }
}

function unlessDenied(thrown: unknown): string {
  const { kind, origin } = toDomainError(thrown);
  if (kind !== 'denied') throw thrown;
  return `Its user, who was the only one to have it, is gone, and this service may not do iam:${origin?.call ?? 'DeletePolicy'} with policies of this name.`;
}
