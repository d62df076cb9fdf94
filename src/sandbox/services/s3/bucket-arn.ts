import { partitionOf } from '../../partitions';
import type { Bucket } from './store';

/** Gives the ARN of a bucket, which need not be there, in the partition of its region. */
export const bucketArn = ({ name, region }: Pick<Bucket, 'name' | 'region'>): string =>
  `arn:${partitionOf(region).name}:s3:::${name}`;
