import type { User } from '@aws-sdk/client-iam';
import type { Context } from '../../shared/context';
import { fail } from '../../../base/errors';
import { type Subject, isOwnGroup, isOwnPolicy } from '../../shared/subject';
import { isPolicyOfBucket } from '../../shared/policies';
import { BUCKET_TAG, DEVICE_TAG, foreignTagKeys, tagValue } from '../../shared/tags';
import { isMarked, type Removal, whyKept } from '../rules/user-ownership';
import { type UserResources, userResources } from './user-resources';
import { sdkTags } from '../../shared/aws/iam-shapes';
import { inlineDocument } from '../../shared/aws/policy-document';
import { policiesOfBucket } from './user';

/** What a user is judged by. */
export interface UserCase {
  readonly subject: Subject;
  readonly user: string;
  /** ARNs of policies that are surely the subject's. */
  readonly ownPolicies: readonly string[];
  /** Names of groups by the subject's names that stay, as others use them: users without our mark stay in them. */
  readonly staying?: readonly string[];
}

/**
 * Tells why a user is not deleted; undefined when it may be. Makes calls only where unknown policies decide: their
 * texts are read then, as policies that speak of the bucket alone are the bucket's.
 */
export async function userVerdict(
  context: Context,
  one: UserCase,
  all: UserResources,
  removal: Removal,
): Promise<string | undefined> {
  const { org, session } = context;
  const { subject, user, ownPolicies, staying = [] } = one;
  const isOurs = isMarked(all.tags, org);
  const isMadeForIt = isOurs && tagValue(all.tags, BUCKET_TAG) === subject.bucket;
  // Whoever names a user made for this bucket means it with all that was attached to it since.
  const isAsked = isMadeForIt && removal === 'by-name';
  const others = isAsked ? [] : all.attached.filter(({ Arn }) => !ownPolicies.includes(Arn));
  const inline = isOurs && removal === 'by-name' ? [] : all.inline;
  const [ofBucket, strange] = await Promise.all([
    policiesOfBucket(context, subject.bucket, others),
    Promise.all(inline.map(async (name) => ({ name, isOwn: await speaksOfBucket(context, subject, user, name) }))),
  ]);
  const noted = all.tags.filter(({ Key }) => Key.startsWith(DEVICE_TAG)).map(({ Value }) => Value);
  return whyKept(
    {
      groups: all.groups
        .filter((group) => !isOwnGroup(subject, group) || (!isOurs && staying.includes(group.GroupName ?? '')))
        .map(({ GroupName = '?' }) => GroupName),
      policies: others.filter(({ Arn }) => !ofBucket.includes(Arn)).map(({ PolicyName }) => PolicyName),
      inline: strange.filter(({ isOwn }) => !isOwn).map(({ name }) => name),
      path: all.path,
      tags: foreignTagKeys(all.tags, org),
      boundary: all.boundary === session.account.permissionsBoundary ? undefined : all.boundary,
      loginProfile: all.loginProfile,
      // A device that is noted was being taken away by a deletion that came to a halt.
      mfaDevices: all.mfaDevices.filter((serial) => !noted.includes(serial)).length,
      sshPublicKeys: all.sshPublicKeys.length,
      signingCertificates: all.signingCertificates.length,
      serviceCredentials: all.serviceCredentials.length,
    },
    isOurs,
    removal,
  );
}

async function speaksOfBucket(
  context: Context,
  { bucket }: Subject,
  UserName: string,
  policy: string,
): Promise<boolean> {
  const document = await inlineDocument(context, { UserName }, policy);
  return document !== undefined && isPolicyOfBucket(document, bucket, context.session);
}

/**
 * Refuses a user that is not surely ours: new keys would let somebody else in with all that the user may do, and nobody
 * knows who works with the old ones. No call for a user with our mark, one call deep for others.
 * @throws {conflict} when it is not
 */
export async function requireOurs(context: Context, subject: Subject, user: string, found: User): Promise<void> {
  if (isMarked(sdkTags(found.Tags), context.org)) return;
  const all = await userResources(context, user);
  if (all === undefined) return;
  const ownPolicies = all.attached.flatMap(({ Arn }) => (isOwnPolicy(subject, context.session, Arn) ? [Arn] : []));
  const because = await userVerdict(context, { subject, user, ownPolicies }, all, 'by-name');
  if (because === undefined) return;
  fail({
    kind: 'conflict',
    detail: `user ${user} is not surely of this service, so its keys and its status are not changed here. ${because}`,
  });
}
