import {
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { accounts, type AwsClients } from './target';

/** The rules that the self-hosted application of the documentation needs. */
export const AUTHENTIK = {
  CORSRules: [
    {
      AllowedOrigins: ['https://authentik.company'],
      AllowedHeaders: ['Authorization'],
      AllowedMethods: ['GET'],
      MaxAgeSeconds: 3000,
    },
  ],
};

/** Rules for pages that upload by presigned URLs. */
export const UPLOADS = {
  CORSRules: [
    {
      ID: 'uploads',
      AllowedOrigins: ['https://*.example.org'],
      AllowedMethods: ['PUT', 'GET'],
      AllowedHeaders: ['*'],
      ExposeHeaders: ['ETag'],
      MaxAgeSeconds: 60,
    },
  ],
};

/** The members of an update that take these settings away. */
export const without = (...members: readonly ('CORS' | 'Lifecycle' | 'BucketPolicy')[]) => ({ Remove: members });

export const BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

const policyFor = (bucket: string, Principal: unknown) => ({
  Version: '2012-10-17',
  Statement: [
    { Sid: 'Read', Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` },
  ],
});

/** Lets the account itself read. */
export const readPolicy = (bucket: string) => policyFor(bucket, { AWS: `arn:aws:iam::${accounts.demo.id}:root` });
/** Lets everyone read. */
export const publicPolicy = (bucket: string) => policyFor(bucket, '*');

/** The settings of a bucket as an auditor sees them; null where AWS says there is none. */
export interface SettingsState {
  readonly tags: Readonly<Record<string, string>>;
  readonly cors: readonly unknown[] | null;
  readonly versioning: string | null;
  readonly lifecycle: readonly unknown[] | null;
  readonly policy: unknown;
  readonly publicAccess: object | null;
}

export async function settingsOf({ s3 }: Pick<AwsClients, 's3'>, Bucket: string): Promise<SettingsState> {
  const [tags, cors, versioning, lifecycle, policy, block] = await Promise.all([
    orNull(s3.send(new GetBucketTaggingCommand({ Bucket }))),
    orNull(s3.send(new GetBucketCorsCommand({ Bucket }))),
    s3.send(new GetBucketVersioningCommand({ Bucket })),
    orNull(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
    orNull(s3.send(new GetBucketPolicyCommand({ Bucket }))),
    orNull(s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
  ]);
  return {
    tags: Object.fromEntries((tags?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    cors: cors?.CORSRules ?? null,
    versioning: versioning.Status ?? null,
    lifecycle: lifecycle?.Rules ?? null,
    policy: policy?.Policy === undefined ? null : (JSON.parse(policy.Policy) as unknown),
    publicAccess: block?.PublicAccessBlockConfiguration ?? null,
  };
}

async function orNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (thrown) {
    if ((thrown as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode === 404)
      return null;
    throw thrown;
  }
}
