import { type Group, ListGroupsCommand, ListPoliciesCommand, type Policy } from '@aws-sdk/client-iam';
import { type Context, reading } from '../../shared/context';
import {
  type Subject,
  isOwnGroup,
  isScopedPolicy,
  mayBeFolderGroup,
  mayBeFolderPolicy,
  ownGroups,
} from '../../shared/subject';
import { isPolicyOfBucket } from '../../shared/policies';
import { scopedRoot } from '../../shared/role';
import { allPages } from '../../shared/aws/iam-pages';
import { documentOf } from '../../shared/aws/policy-document';
import { tellGroups } from './group-ownership';
import { findGroup, type GroupFound } from './role';

/**
 * Roles of a site's folders: under the site's own IAM path, and those the predecessor left under `/`. IAM lists by path
 * alone, so both are looked for in the account's whole list.
 */

/** A page of IAM's lists holds so many at most: more than the groups of any account (500), and most accounts' policies. */
const PAGE = 1_000;

export interface ScopedGroups {
  readonly groups: readonly GroupFound[];
  /** Knows the predecessor's among them. */
  readonly subject: Subject;
}

/** Reads the groups of a site's folders with their members. Two calls deep, four where the predecessor left groups. */
export async function scopedGroups(context: Context, subject: Subject): Promise<ScopedGroups> {
  const all = await listGroups(context);
  const [former, named] = await Promise.all([
    formerGroups(context, subject, all),
    Promise.all(namedGroups(subject, all).map((name) => findGroup(context, name))),
  ]);
  return { groups: [...named.filter((group) => group !== undefined), ...former.groups], subject: former.subject };
}

/** Groups of a site's folders: those that path and name tell, and those of the predecessor's, which had to be read. */
export interface FolderGroups extends ScopedGroups {
  readonly named: readonly string[];
}

/**
 * Finds the groups of a site's folders, and reads only those of the predecessor's. One call deep, four where it left
 * groups.
 */
export async function folderGroups(context: Context, subject: Subject): Promise<FolderGroups> {
  const all = await listGroups(context);
  return { named: namedGroups(subject, all), ...(await formerGroups(context, subject, all)) };
}

const namedGroups = (subject: Subject, all: readonly Group[]): readonly string[] =>
  ownGroups(
    all.filter(({ Path }) => isScopedPath(Path, subject)),
    subject,
  ).map(({ GroupName }) => GroupName);

async function formerGroups(context: Context, subject: Subject, all: readonly Group[]): Promise<ScopedGroups> {
  const candidates = all.filter((group) => mayBeFolderGroup(subject, group));
  const [known, found] = await Promise.all([
    tellGroups(context, subject, candidates),
    Promise.all(candidates.map(({ GroupName }) => findGroup(context, GroupName))),
  ]);
  const isOwn = ({ group }: GroupFound) => isOwnGroup(known, group);
  return { groups: found.filter((group) => group !== undefined).filter(isOwn), subject: known };
}

/** A managed policy by name. */
export type PolicyNamed = { readonly name: string; readonly arn: string };

/** Finds the policies of a site's folders. `former`: the predecessor's. One call deep, two where it left policies. */
export async function folderPolicies(
  context: Context,
  subject: Subject,
): Promise<{ readonly named: readonly PolicyNamed[]; readonly former: readonly PolicyNamed[] }> {
  const all = await listPolicies(context);
  const candidates = all.filter((policy) => mayBeFolderPolicy(subject, policy));
  const isOwn = await Promise.all(candidates.map((policy) => speaksOf(context, subject, policy)));
  return {
    named: all.filter((policy) => isScopedPolicy(subject, policy)).map(asNamed),
    former: candidates.filter((_, n) => isOwn[n] === true).map(asNamed),
  };
}

const asNamed = ({ Arn = '', PolicyName = '' }: Policy): PolicyNamed => ({ name: PolicyName, arn: Arn });

async function speaksOf(context: Context, subject: Subject, policy: Policy): Promise<boolean> {
  const document = await documentOf(context, policy.Arn ?? '', policy.DefaultVersionId ?? 'v1');
  return document !== undefined && isPolicyOfBucket(document, subject.bucket, context.session);
}

const isScopedPath = (path: string | undefined, { bucket }: Subject): boolean =>
  path?.startsWith(scopedRoot(bucket)) === true;

const listGroups = (context: Context): Promise<readonly Group[]> =>
  allPages(
    (marker) => reading(context, () => context.session.iam(new ListGroupsCommand({ MaxItems: PAGE, ...marker }))),
    (page) => page.Groups,
  );

const listPolicies = (context: Context): Promise<readonly Policy[]> =>
  allPages(
    (marker) =>
      reading(context, () =>
        context.session.iam(new ListPoliciesCommand({ Scope: 'Local', MaxItems: PAGE, ...marker })),
      ),
    (page) => page.Policies,
  );
