import type { Context } from '../../shared/context';
import { type Subject, isOwnPolicy } from '../../shared/subject';
import { isPolicyOfBucket, isPolicyOfDistribution } from '../../shared/policies';
import type { Tag } from '../../shared/shapes';
import { OPERATION_TAG, ORG_TAG, tagValue } from '../../shared/tags';
import { inWords } from '../rules/user-ownership';
import { sdkTags } from '../../shared/aws/iam-shapes';
import { documentOf, inlineDocument } from '../../shared/aws/policy-document';
import { findPolicy, type PolicyUse, policyUse } from './role';
import { policiesOfBucket } from './user';

/**
 * Whether a group or policy by one of a subject's names is the subject's to delete. Others may have made it, or use it for
 * more than the bucket: then it stays, and the deletion says why.
 */

/** A policy with what keeps it from being deleted, and with what tells whose it is. */
export interface PolicyFound {
  readonly use: PolicyUse;
  readonly tags: readonly Tag[];
  /** Id of its default version. */
  readonly version: string;
}

/** Reads a policy with all that keeps it from being deleted; undefined when there is none. One call deep. */
export async function policyFound(context: Context, arn: string): Promise<PolicyFound | undefined> {
  const [use, policy] = await Promise.all([policyUse(context, arn), findPolicy(context, arn)]);
  return use && { use, tags: sdkTags(policy?.Tags), version: policy?.DefaultVersionId ?? FIRST };
}

/** The version that a policy is made with; whoever changes it makes another one the default. */
const FIRST = 'v1';

const isMarked = ({ org }: Context, tags: readonly Tag[]): boolean =>
  tagValue(tags, ORG_TAG) === org && tagValue(tags, OPERATION_TAG) !== undefined;

interface PolicyCase {
  readonly name: string;
  readonly arn: string;
  readonly tags: readonly Tag[];
  readonly version: string;
}

/**
 * Tells whether a policy by one of the subject's names says what the service, or the predecessor, lets it say: what
 * this service made is believed as long as nobody changed it; otherwise the text must speak of the bucket alone, that
 * of a site's admin role of one distribution. A call for what has to be read.
 */
export async function isPolicyOfHolder(
  context: Context,
  { bucket }: Subject,
  { name, arn, tags, version }: PolicyCase,
): Promise<boolean> {
  if (isMarked(context, tags) && version === FIRST) return true;
  const document = await documentOf(context, arn, version);
  if (document === undefined) return false;
  if (isPolicyOfBucket(document, bucket, context.session)) return true;
  return name === `${bucket}-WebAdmPlc` && isPolicyOfDistribution(document, context.session);
}

/** Who may hold the subject's policies. */
interface Holders {
  readonly groups: readonly string[];
  readonly users: readonly string[];
}

/** Whose a policy is: `own` when it speaks of the subject alone; why it stays, as a sentence, or null when it is deleted. */
export interface PolicyVerdict {
  readonly own: boolean;
  readonly stays: string | null;
}

/** Judges whether a policy by one of the subject's names is deleted with it. */
export async function policyVerdict(
  context: Context,
  subject: Subject,
  policy: { readonly name: string; readonly arn: string },
  { use, tags, version }: PolicyFound,
  subjects: Holders,
): Promise<PolicyVerdict> {
  const marked = isMarked(context, tags);
  if (!(await isPolicyOfHolder(context, subject, { ...policy, tags, version }))) {
    const stays = marked
      ? 'Its text was changed since this service made it, and speaks of more than what is deleted.'
      : 'It carries no mark of this service, and its text speaks of more than what is deleted.';
    return { own: false, stays };
  }
  if (marked) return { own: true, stays: null };
  const others = [
    ...use.groups.filter((name) => !subjects.groups.includes(name)).map((name) => `the group ${name}`),
    ...use.users.filter((name) => !subjects.users.includes(name)).map((name) => `the user ${name}`),
    ...use.roles.map((name) => `the role ${name}`),
  ];
  return {
    own: true,
    stays: others.length === 0 ? null : `It carries no mark of this service, and is attached to ${inWords(others)}.`,
  };
}

interface GroupCase {
  readonly name: string;
  readonly attached: readonly { readonly Arn: string; readonly PolicyName: string }[];
  /** Names of inline policies. */
  readonly inline: readonly string[];
}

/**
 * Tells why a group stays, as a sentence; undefined when nothing is lost with it. `strange`: ARNs of policies by the
 * subject's names whose text is not the subject's. No call where it has the subject's policies alone.
 */
export async function groupVerdict(
  context: Context,
  subject: Subject,
  { name, attached, inline }: GroupCase,
  strange: readonly string[],
): Promise<string | undefined> {
  const { session } = context;
  const others = attached.filter(({ Arn }) => strange.includes(Arn) || !isOwnPolicy(subject, session, Arn));
  const [ofBucket, texts] = await Promise.all([
    policiesOfBucket(
      context,
      subject.bucket,
      others.filter(({ Arn }) => !strange.includes(Arn)),
    ),
    Promise.all(inline.map((policy) => inlineDocument(context, { GroupName: name }, policy))),
  ]);
  const words = [
    ...others.filter(({ Arn }) => !ofBucket.includes(Arn)).map(({ PolicyName }) => `the policy ${PolicyName}`),
    ...inline
      .filter((_, n) => !isPolicyOfBucket(texts[n] ?? '', subject.bucket, session))
      .map((policy) => `the inline policy ${policy}`),
  ];
  return words.length === 0
    ? undefined
    : `It gives its members more than access to what is deleted: ${inWords(words)}.`;
}
