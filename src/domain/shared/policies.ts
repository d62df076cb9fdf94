import { fail } from '../../base/errors';
import type { BucketNaming } from '../../base/bucket-names';
import { bucketArn, type BucketHome } from './names';
import type { ArnRoot, Role } from './role';

/** The IAM policy documents of a bucket's roles. Sources: the service's contract for Adm, API.md for RW and RO. */

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[] | string;
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** The action lists an account's configuration may replace. */
export interface AdminActions {
  readonly bucketActions: readonly string[];
  readonly objectActions: readonly string[];
}

const LIST_BUCKET = ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads', 's3:ListBucketVersions'];

const READ_OBJECT = ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionTagging'];

/** Never ACLs or policies: a writer works on objects, not on who may see them. */
const WRITE_OBJECT = [
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:DeleteObjectTagging',
  's3:DeleteObjectVersion',
  's3:DeleteObjectVersionTagging',
  's3:ListMultipartUploadParts',
  's3:PutObject',
  's3:PutObjectTagging',
  's3:PutObjectVersionTagging',
  's3:RestoreObject',
];

/** What a role's policy is made for. */
export interface PolicyTarget extends BucketHome {
  readonly account: BucketNaming & AdminActions;
  /** ARN of the website's distribution and the actions on it; only the role WebAdm asks for it. */
  readonly distribution?: { readonly arn: string; readonly actions: readonly string[] };
}

/**
 * Makes the document of a role's policy.
 * @throws {conflict} when a website's admin role needs a distribution that is not there
 */
export function rolePolicy(role: Role, target: PolicyTarget): PolicyDocument {
  switch (role.kind) {
    case 'BktAdm':
      return document(role, target, target.account.bucketActions, target.account.objectActions);
    case 'BktRW':
      return document(role, target, LIST_BUCKET, [...READ_OBJECT, ...WRITE_OBJECT].sort());
    case 'BktRO':
      return document(role, target, LIST_BUCKET, READ_OBJECT);
    case 'WebAdm': {
      const { actions: onDistribution, arn } = target.distribution ?? fail(noDistribution(role.bucket));
      return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: onDistribution, Resource: [arn] }] };
    }
  }
}

const noDistribution = (site: string) =>
  ({
    kind: 'conflict',
    detail: `website ${site} has no CloudFront distribution, so nobody can be its admin: ask for Groups without WebAdmGrp`,
  }) as const;

/** The contract shows a single action as a plain string. */
const actions = (list: readonly string[]) => (list.length === 1 ? String(list[0]) : list);

function document(
  { bucket, scope }: Role,
  home: BucketHome,
  onBucket: readonly string[],
  onObjects: readonly string[],
): PolicyDocument {
  const arn = bucketArn(home, bucket);
  if (scope === undefined) {
    return {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: onBucket, Resource: [arn] },
        { Effect: 'Allow', Action: actions(onObjects), Resource: [`${arn}/*`] },
      ],
    };
  }
  // Listing names its prefix in the request; the folder itself is allowed so that clients can open it.
  const listing = onBucket.filter((action) => action.startsWith('s3:ListBucket'));
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: listing,
        Resource: [arn],
        Condition: { StringLike: { 's3:prefix': [`${scope}/`, `${scope}/*`] } },
      },
      { Effect: 'Allow', Action: onBucket.filter((action) => !listing.includes(action)), Resource: [arn] },
      { Effect: 'Allow', Action: onObjects, Resource: [`${arn}/${scope}/*`] },
    ],
  };
}

/** Makes the bucket policy of a public website: everyone may read objects, and nothing else. */
export function publicReadPolicy(bucket: string, home: BucketHome): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'PublicReadGetObject',
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `${bucketArn(home, bucket)}/*`,
      },
    ],
  });
}

/**
 * Makes the bucket policy of a private website: its distribution may read objects, and nobody else. It may list them, too, but
 * never does: without that S3 answers 403, as for what is forbidden, where there is no object.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions"
 */
export function distributionReadPolicy(bucket: string, home: BucketHome, distributionArn: string): string {
  const arn = bucketArn(home, bucket);
  const allowed = (Sid: string, Action: string, Resource: string) => ({
    Sid,
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action,
    Resource,
    Condition: { StringEquals: { 'AWS:SourceArn': distributionArn } },
  });
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allowed('AllowCloudFrontRead', 's3:GetObject', `${arn}/*`),
      allowed('AllowCloudFrontToSeeWhatIsMissing', 's3:ListBucket', arn),
    ],
  });
}

/**
 * Tells whether a policy document (JSON text) speaks of `bucket` and of nothing else: every statement names only the
 * bucket's ARN and its objects'. This tells a policy of the predecessor from a stranger's.
 */
export function isPolicyOfBucket(document: string, bucket: string, home: BucketHome): boolean {
  return isPolicyOf(document, bucketArn(home, bucket), '/');
}

/**
 * Tells whether a policy document speaks of one folder of `bucket` and of nothing else: of the folder's objects, and of
 * the bucket itself for listing them.
 */
export function isPolicyOfFolder(document: string, bucket: string, scope: string, home: BucketHome): boolean {
  return isPolicyOf(document, bucketArn(home, bucket), `/${scope}/`);
}

/**
 * Tells whether a policy document speaks of one CloudFront distribution of the account and of nothing else, as a site's
 * admin policy does.
 */
export function isPolicyOfDistribution(document: string, { partition, accountId }: ArnRoot): boolean {
  const [first = '', ...others] = resourcesOf(document) ?? [];
  const root = `arn:${partition}:cloudfront::${accountId}:distribution/`;
  return (
    first.startsWith(root) &&
    /^[A-Z0-9]+$/.test(first.slice(root.length)) &&
    others.every((resource) => resource === first)
  );
}

function isPolicyOf(document: string, arn: string, objects: string): boolean {
  const resources = resourcesOf(document);
  return (
    resources !== undefined &&
    resources.length > 0 &&
    resources.every((resource) => resource === arn || resource.startsWith(`${arn}${objects}`))
  );
}

/** Lists every resource of a policy document; undefined when a statement has none or the text is no policy. */
function resourcesOf(document: string): readonly string[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || !('Statement' in parsed)) return undefined;
  const resources: string[] = [];
  for (const statement of listed(parsed.Statement)) {
    if (typeof statement !== 'object' || statement === null || !('Resource' in statement)) return undefined;
    const named = listed(statement.Resource);
    if (!named.every((resource) => typeof resource === 'string')) return undefined;
    resources.push(...named);
  }
  return resources;
}

/** AWS lets a list of one stand without its brackets. */
const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
