/** A few of the policies AWS keeps for everybody, so that they can be listed and attached. */
import type { Policy } from './state';

const MADE = Date.parse('2015-02-06T18:39:46Z');

function awsPolicy(name: string, id: string, description: string, statement: unknown): readonly [string, Policy] {
  const arn = `arn:aws:iam::aws:policy/${name}`;
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const policy: Policy = {
    arn,
    name,
    path: '/',
    id,
    description,
    createdAt: MADE,
    updatedAt: MADE,
    tags: [],
    versions: [{ id: 'v1', document, createdAt: MADE }],
    defaultVersion: 'v1',
    nextVersion: 2,
  };
  return [arn, policy];
}

export const AWS_POLICIES: ReadonlyMap<string, Policy> = new Map([
  awsPolicy('AdministratorAccess', 'ANPAIWMBCKSKIEE64ZLYK', 'Provides full access to AWS services and resources.', {
    Effect: 'Allow',
    Action: '*',
    Resource: '*',
  }),
  awsPolicy('AmazonS3FullAccess', 'ANPAIFIR6V6BVTRAHWINE', 'Provides full access to all buckets.', {
    Effect: 'Allow',
    Action: ['s3:*', 's3-object-lambda:*'],
    Resource: '*',
  }),
  awsPolicy('AmazonS3ReadOnlyAccess', 'ANPAIZTJ4DXE7G6AGAE6M', 'Provides read only access to all buckets.', {
    Effect: 'Allow',
    Action: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'],
    Resource: '*',
  }),
  awsPolicy('IAMFullAccess', 'ANPAI7XKCFMBPM3QQRRVQ', 'Provides full access to IAM.', {
    Effect: 'Allow',
    Action: ['iam:*', 'organizations:DescribeAccount'],
    Resource: '*',
  }),
]);
