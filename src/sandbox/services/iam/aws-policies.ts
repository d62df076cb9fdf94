/** A few of the policies AWS keeps for everybody in a partition, so that they can be listed and attached. */
import type { Policy } from './state';

const MADE = Date.parse('2015-02-06T18:39:46Z');

interface Known {
  readonly name: string;
  readonly id: string;
  readonly description: string;
  readonly statement: unknown;
}

function awsPolicy(partition: string, { name, id, description, statement }: Known): readonly [string, Policy] {
  const arn = `arn:${partition}:iam::aws:policy/${name}`;
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

const KNOWN: readonly Known[] = [
  {
    name: 'AdministratorAccess',
    id: 'ANPAIWMBCKSKIEE64ZLYK',
    description: 'Provides full access to AWS services and resources.',
    statement: {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
    },
  },
  {
    name: 'AmazonS3FullAccess',
    id: 'ANPAIFIR6V6BVTRAHWINE',
    description: 'Provides full access to all buckets.',
    statement: {
      Effect: 'Allow',
      Action: ['s3:*', 's3-object-lambda:*'],
      Resource: '*',
    },
  },
  {
    name: 'AmazonS3ReadOnlyAccess',
    id: 'ANPAIZTJ4DXE7G6AGAE6M',
    description: 'Provides read only access to all buckets.',
    statement: {
      Effect: 'Allow',
      Action: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'],
      Resource: '*',
    },
  },
  {
    name: 'IAMFullAccess',
    id: 'ANPAI7XKCFMBPM3QQRRVQ',
    description: 'Provides full access to IAM.',
    statement: {
      Effect: 'Allow',
      Action: ['iam:*', 'organizations:DescribeAccount'],
      Resource: '*',
    },
  },
];

const made = new Map<string, ReadonlyMap<string, Policy>>();

/** Gives AWS's own policies of a partition, by ARN. */
export function awsPolicies(partition: string): ReadonlyMap<string, Policy> {
  const known = made.get(partition) ?? new Map(KNOWN.map((one) => awsPolicy(partition, one)));
  made.set(partition, known);
  return known;
}
