import { bucketArn, type BucketHome } from './names';
import { ORG_TAG } from './tags';

/**
 * Inline session policies for accounts reached through a role: whatever the role may do, a call for one bucket can
 * touch that bucket, its policies and groups, and users; what makes a user a person's only on users of our org tag, so that
 * IAM itself refuses to delete one without it (DeleteConflict). STS takes at most 2,048 characters
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
 */

export interface SessionPolicies {
  readonly policy: string;
  /** For `PackedPolicyTooLarge`: the same actions on every name. */
  readonly fallbackPolicy: string;
}

const READ_ACTIONS = [
  's3:Get*',
  's3:List*',
  'iam:Get*',
  'iam:List*',
  'cloudfront:Get*',
  'cloudfront:List*',
  'cloudfront:Describe*',
  'route53:Get*',
  'route53:List*',
  'acm:Describe*',
  'acm:List*',
];

const policyOf = (...Statement: readonly object[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: READ_ACTIONS, Resource: '*' }, ...Statement],
  });

const READ = policyOf();

/** One read-only session serves every read of an account. */
export const readPolicies: SessionPolicies = Object.freeze({ policy: READ, fallbackPolicy: READ });

/** Allows what a write on `bucket` and its users needs. */
export function bucketPolicies(bucket: string, home: BucketHome, org: string): SessionPolicies {
  return {
    policy: policyOf(...access(bucket, home, org)),
    fallbackPolicy: policyOf(...access('*', home, org)),
  };
}

/** Allows what a write on a website and its users needs: its bucket, its distribution and its records. */
export function websitePolicies(site: string, home: BucketHome, org: string): SessionPolicies {
  return {
    policy: policyOf(...access(site, home, org), edge()),
    fallbackPolicy: policyOf(...access('*', home, org), edge()),
  };
}

/**
 * Allows what a URL of an object in `bucket` can be used for, and nothing else: its signature is the bearer's. Objects
 * under a KMS key are read and written through S3 only.
 */
export function objectPolicies(bucket: string, home: BucketHome): SessionPolicies {
  const policy = (name: string): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
          Resource: `${bucketArn(home, name)}/*`,
        },
        {
          Effect: 'Allow',
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          Resource: '*',
          Condition: { StringLike: { 'kms:ViaService': 's3.*' } },
        },
      ],
    });
  return { policy: policy(bucket), fallbackPolicy: policy('*') };
}

/** Allows what the cleaner needs: it works on whatever was left behind, but on no bucket. */
export function cleanerPolicies(home: BucketHome, org: string): SessionPolicies {
  const policy = policyOf(...access('*', home, org).slice(1), edge());
  return { policy, fallbackPolicy: policy };
}

/** Distribution ids and zones are not known before the session is: the role's own policies narrow these. */
const edge = () => ({
  Effect: 'Allow',
  Action: ['cloudfront:*', 'route53:ChangeR*'],
  Resource: '*',
});

/**
 * The bucket first; policies and groups by name; users by the org tag. Users of the predecessor carry none: those of
 * another org and, without a tag, those below an IAM path stay out of reach, and so does what only people have: password,
 * MFA device, SSH key, certificate, service credential (`DeleteS*`).
 */
function access(bucket: string, home: BucketHome, org: string): readonly object[] {
  const iam = (resource: string) => `arn:${home.partition}:iam::*:${resource}`;
  const arn = bucketArn(home, bucket);
  const tag = `aws:ResourceTag/${ORG_TAG}`;
  return [
    {
      Effect: 'Allow',
      Action: ['s3:CreateBucket', 's3:Delete*', 's3:Put*', 's3:*agResource'],
      Resource: [arn, `${arn}/*`],
    },
    {
      Effect: 'Allow',
      Action: ['iam:*Policy*', 'iam:*Group'],
      Resource: [
        ...['policy', 'group'].flatMap((kind) => [iam(`${kind}/${bucket}-*`), iam(`${kind}/${bucket}/*`)]),
        // The one that the predecessor named like the bucket, and no other of any name.
        ...(bucket === '*' ? [] : [iam(`policy/${bucket}`)]),
      ],
    },
    {
      Effect: 'Allow',
      Action: ['iam:CreateUser', 'iam:TagUser', 'iam:DeleteVirtual*', 'iam:DetachRole*'],
      Resource: [iam('user/*'), iam('mfa/*'), iam('role/*')],
    },
    {
      Effect: 'Allow',
      Action: ['iam:DeleteUser*', 'iam:UntagUser', 'iam:*AccessKey', 'iam:*tachUser*'],
      Resource: iam('user/*'),
      Condition: { StringEqualsIfExists: { [tag]: org } },
    },
    {
      Effect: 'Allow',
      Action: ['iam:DeleteLog*', 'iam:Deactivate*', 'iam:DeleteS*'],
      Resource: iam('user/*'),
      Condition: { StringEquals: { [tag]: org } },
    },
    {
      Effect: 'Deny',
      Action: ['iam:DeleteUser*', 'iam:*AccessKey'],
      Resource: iam('user/*/*'),
      Condition: { Null: { [tag]: 'true' } },
    },
  ];
}
