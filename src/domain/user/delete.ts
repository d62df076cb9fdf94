import type { Context } from '../shared/context';
import { answer, type StepFactory, type StepHandle } from '../../engine/plan';
import { fail } from '../../base/errors';
import { holderIn, isOwnPolicy, ownGroups } from '../shared/holder';
import { operation } from '../shared/operation';
import { userOf } from '../shared/subjects';
import { requireBucket } from '../shared/aws/bucket';
import { belongings, type Belongings } from '../access/aws/belongings';
import { userVerdict } from '../access/aws/user-verdict';
import type { Spared } from '../shared/shapes';
import { membership, noUser } from '../access/aws/user';
import { deleteKey } from './keys/aws/access-key';
import { deleteUserStep, detachFromUser, leaveGroup, stripRest } from '../access/aws/leave';

type Seen = {
  /** The bucket's own groups the user is in. */
  readonly groups: readonly string[];
  readonly keys: readonly string[];
  readonly attached: readonly string[];
  readonly rest: Rest;
  /** Why it is only taken out of this bucket; null when it is deleted. */
  readonly because: string | null;
};

type Rest = {
  readonly [
    K in 'inline' | 'mfaDevices' | 'signingCertificates' | 'sshPublicKeys' | 'serviceCredentials'
  ]: readonly string[];
} & { readonly loginProfile: boolean };

/**
 * Takes a user out of a bucket, and out of the account when it is ours and belongs to nothing else. What can be taken back comes
 * first; the membership is put back when a later step fails, so that the user stays findable.
 */
export const deleteUser = operation({
  ids: { bucket: 'deleteUser', website: 'deleteWebsiteUser' },
  kind: 'delete-user',
  version: 1,
  subject: userOf,
  recovery: 'forward-after-pivot',
  title: ({ bucket, user }) => `Delete user ${user} of bucket ${bucket}`,
  look: async (context, target): Promise<Seen> => {
    const { bucket, user } = target;
    const holder = holderIn(target);
    const [, { holder: known }, found] = await Promise.all([
      requireBucket(context, bucket),
      membership(context, holder, user),
      belongings(context, user),
    ]);
    const all = found ?? fail(noUser(bucket, user));
    const attached = all.attached.map(({ Arn }) => Arn);
    const ownPolicies = attached.filter((arn) => isOwnPolicy(holder, context.session, arn));
    const because = await userVerdict(context, { holder: known, user, ownPolicies }, all, 'by-name');
    return {
      groups: ownGroups(all.groups, known).map(({ GroupName }) => GroupName),
      keys: all.keys.flatMap(({ AccessKeyId }) => AccessKeyId ?? []),
      attached: because === undefined ? attached : ownPolicies,
      rest: restOf(all),
      because: because ?? null,
    };
  },
  plan: (context, { target: { user }, seen }, step) => {
    const left = [
      ...seen.groups.map((group) => step(leaveGroup(context, user, group))),
      ...seen.attached.map((arn) => step(detachFromUser(context, user, arn))),
    ];
    if (seen.because === null) destroy(context, user, seen, step, left);
    const kept = seen.because === null ? [] : [{ UserName: user, because: seen.because }];
    return answer({}, (): Spared => ({ kept, left: [] }));
  },
});

function destroy(
  context: Context,
  user: string,
  seen: Seen,
  step: StepFactory,
  left: readonly StepHandle<unknown>[],
): void {
  const stripped: StepHandle<unknown>[] = seen.keys.map((id) => step(deleteKey(context, user, id, left)));
  if (Object.values(seen.rest).some((rest) => rest === true || (Array.isArray(rest) && rest.length > 0))) {
    stripped.push(step(stripRest(context, user, seen.rest, left)));
  }
  step(deleteUserStep(context, user, [...left, ...stripped]));
}

const restOf = (all: Belongings): Rest => ({
  inline: all.inline,
  mfaDevices: all.mfaDevices,
  signingCertificates: all.signingCertificates,
  sshPublicKeys: all.sshPublicKeys,
  serviceCredentials: all.serviceCredentials,
  loginProfile: all.loginProfile,
});
