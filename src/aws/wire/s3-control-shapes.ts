import { type GetPublicAccessBlock$, GetPublicAccessBlockOutput$, Tag$ } from '@aws-sdk/client-s3';

/** The shapes of S3 Control's calls, in the SDK's form. Source: botocore 1.44.8, `s3control/2018-08-20`. */

type Operation = typeof GetPublicAccessBlock$;
type Structure = typeof Tag$;

export const NAMESPACE = 'com.amazonaws.s3control';
const TAGS = '/v20180820/tags/{ResourceArn+}';

/** Bits of the SDK's traits. */
const IN_PATH = 1;
const LIST_OF_TEXT = 64;
const TEXT = 0;

const accountId: Structure[5][number] = [TEXT, { hostLabel: 1, httpHeader: 'x-amz-account-id' }];
const tagList: Structure[5][number] = [() => [1, NAMESPACE, 'TagList', 0, [() => Tag$, { xmlName: 'Tag' }]], 0];

const structure = (name: string, members: Readonly<Record<string, Structure[5][number]>>): Structure => [
  3,
  NAMESPACE,
  name,
  0,
  Object.keys(members),
  Object.values(members),
];

const operation = (
  name: string,
  http: readonly [string, string, number],
  input: Structure,
  output: Structure,
): Operation => [9, NAMESPACE, name, { http: [...http] }, () => input, () => output];

export const SHAPES = {
  TagResource: operation(
    'TagResource',
    ['POST', TAGS, 204],
    structure('TagResourceRequest', { ResourceArn: [TEXT, IN_PATH], Tags: tagList, AccountId: accountId }),
    structure('TagResourceResult', {}),
  ),
  UntagResource: operation(
    'UntagResource',
    ['DELETE', TAGS, 204],
    structure('UntagResourceRequest', {
      ResourceArn: [TEXT, IN_PATH],
      TagKeys: [LIST_OF_TEXT, { httpQuery: 'tagKeys' }],
      AccountId: accountId,
    }),
    structure('UntagResourceResult', {}),
  ),
  GetPublicAccessBlock: operation(
    'GetPublicAccessBlock',
    ['GET', '/v20180820/configuration/publicAccessBlock', 200],
    structure('GetPublicAccessBlockRequest', { AccountId: accountId }),
    // As that of a bucket.
    GetPublicAccessBlockOutput$,
  ),
} as const;
