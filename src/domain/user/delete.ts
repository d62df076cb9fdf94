import { fail } from '../../base/errors';
import { answer } from '../../engine/plan';
import { userResources } from '../access/aws/user-resources';
import { personalPolicy } from '../access/aws/personal-policy';
import { judgeUser } from '../access/aws/see-user';
import { membership, noUser } from '../access/aws/user';
import { personalLeft, removePersonalPolicy } from '../access/remove-personal-policy';
import { removeUser } from '../access/remove-user';
import { requireBucket } from '../shared/aws/bucket';
import { subjectIn, isOwnPolicy } from '../shared/subject';
import { operation } from '../shared/operation';
import type { Spared } from '../shared/shapes';
import { userOf } from '../shared/subject-rules';

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
  look: async (context, target) => {
    const { bucket, user } = target;
    const subject = subjectIn(target);
    const [, { subject: known }, found] = await Promise.all([
      requireBucket(context, bucket),
      membership(context, subject, user),
      userResources(context, user),
    ]);
    const all = found ?? fail(noUser(bucket, user));
    const ownPolicies = all.attached.flatMap(({ Arn }) => (isOwnPolicy(subject, context.session, Arn) ? [Arn] : []));
    const [seen, personal] = await Promise.all([
      judgeUser(context, { subject: known, user, ownPolicies }, all, 'by-name'),
      user === bucket ? personalPolicy(context, bucket, all.attached) : undefined,
    ]);
    // Journals of former days have none.
    return { ...seen, ...(personal && { personal }) };
  },
  plan: (context, { target: { user }, seen }, step) => {
    const gone = removeUser(context, seen, step, { cautious: true });
    const { because, personal } = seen;
    if (gone === undefined || personal === undefined) {
      return answer({}, (): Spared => ({ kept: because === null ? [] : [{ UserName: user, because }], left: [] }));
    }
    const end = removePersonalPolicy(context, personal, step, [gone]);
    return answer({ end }, (results): Spared => ({ kept: [], left: personalLeft(personal, results.end) }));
  },
});
