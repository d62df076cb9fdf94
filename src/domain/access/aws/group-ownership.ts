import type { Context } from '../../shared/context';
import { type Subject, isDoubtful } from '../../shared/subject';
import { isPolicyOfBucket } from '../../shared/policies';
import { sitesInName } from '../../shared/site-names';
import { defaultDocument } from '../../shared/aws/policy-document';
import { attachedGroupPolicies } from './role';

/** Whose a group of the predecessor's is, where its name does not tell: what its policies speak of. */

interface GroupLike {
  readonly GroupName?: string | undefined;
  readonly Path?: string | undefined;
}

/**
 * Finds out whose groups are whose name does not tell, and gives the subject with that. No call where no group is in
 * doubt; three deep where one is.
 */
export async function tellGroups(context: Context, subject: Subject, groups: readonly GroupLike[]): Promise<Subject> {
  const { account } = context.session;
  const doubtful = groups.flatMap((group) => (isDoubtful(subject, group, account.domains) ? group.GroupName : []));
  if (doubtful.length === 0) return subject;
  const verdicts = await Promise.all(
    doubtful.map(async (name) => ({ name, whose: await whoseGroup(context, subject, name) })),
  );
  const named = (wanted: 'own' | 'foreign') => verdicts.flatMap(({ name, whose }) => (whose === wanted ? name : []));
  return { ...subject, proven: { own: named('own'), foreign: named('foreign') } };
}

/**
 * Tells whose a group is: `own` when a policy of the group speaks of the subject's bucket alone, `foreign` when one
 * speaks alone of a site whose folder the group may be made for; otherwise the name decides.
 */
async function whoseGroup(context: Context, subject: Subject, name: string): Promise<'own' | 'foreign' | 'unknown'> {
  const { session } = context;
  const documents = await groupDocuments(context, name);
  const speakOf = (bucket: string) => documents.some((document) => isPolicyOfBucket(document, bucket, session));
  if (speakOf(subject.bucket)) return 'own';
  return sitesInName(subject.bucket, session.account.domains).some(speakOf) ? 'foreign' : 'unknown';
}

/**
 * Reads the texts of the policies attached to a group. A group that a deletion has emptied already still has the policy
 * that was made with it, if not attached.
 */
export async function groupDocuments(context: Context, name: string): Promise<readonly string[]> {
  const { partition, accountId } = context.session;
  const own = `arn:${partition}:iam::${accountId}:policy/`;
  const born = `${own}${name.replace(/Grp$/, 'Plc')}`;
  const [attached, bornWith] = await Promise.all([
    attachedGroupPolicies(context, name),
    defaultDocument(context, born),
  ]);
  const arns = attached.map(({ Arn }) => Arn);
  // Policies of AWS's own account never speak of one bucket.
  const others = arns.filter((arn) => arn.startsWith(own) && arn !== born);
  const documents = await Promise.all(others.map((arn) => defaultDocument(context, arn)));
  const known = arns.length === 0 || arns.includes(born) ? [bornWith, ...documents] : documents;
  return known.filter((document) => document !== undefined);
}
