import { AwsRefusal } from '../../contract';
import { isBlocked } from './account-block';
import { bucketArn } from './bucket-arn';
import { bucketOf, type Call, type Handlers, type Reply } from './call';
import { arnOf } from './owners';
import { checkPolicy, isPublicPolicy } from './policy-rules';
import { accessDenied } from './refusals';
import type { Bucket } from './store';

/** Put, get and delete of the bucket policy, under the public access block. */

function policyOf(bucket: Bucket): string {
  const { policy } = bucket.config;
  if (policy === undefined) {
    throw new AwsRefusal(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist', { BucketName: bucket.name });
  }
  return policy;
}

function put(call: Call): Reply {
  const bucket = bucketOf(call);
  const text = call.request.body.toString('utf8');
  checkPolicy(text, bucketArn(bucket));
  if (isBlocked(call.state, bucket, 'BlockPublicPolicy') && isPublicPolicy(text)) {
    throw accessDenied(
      `User: ${arnOf(call.context.principal)} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(bucket)}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    );
  }
  bucket.config.policy = text;
  return { status: 204 };
}

/** Tells whether a public policy exists whose effect on strangers RestrictPublicBuckets cuts off. */
export function restrictsPublic(bucket: Bucket): boolean {
  const { policy, publicAccessBlock } = bucket.config;
  return publicAccessBlock?.RestrictPublicBuckets === true && policy !== undefined && isPublicPolicy(policy);
}

export const policyHandlers: Handlers = {
  GetBucketPolicy: (call) => ({ headers: { 'content-type': 'application/json' }, body: policyOf(bucketOf(call)) }),
  PutBucketPolicy: put,
  DeleteBucketPolicy: (call) => {
    bucketOf(call).config.policy = undefined;
    return { status: 204 };
  },
  GetBucketPolicyStatus: (call) => ({
    xml: { root: 'PolicyStatus', value: { IsPublic: isPublicPolicy(policyOf(bucketOf(call))) ? 'TRUE' : 'FALSE' } },
  }),
};
