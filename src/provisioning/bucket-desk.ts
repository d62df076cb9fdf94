import type { AccountConfig } from '../config/types';
import { fail } from '../errors';
import type { Desk } from './desk';
import { checkCreateBucket, createBucket } from './plans/create-bucket';
import { deleteBucket } from './plans/delete-bucket';
import { updateBucket } from './plans/update-bucket';
import { listBuckets, requireBucket, showBucket } from './reads/bucket';
import type { Provisioning } from './service';
import { wantedSettings } from './settings-input';
import type { PolicyScope } from './settings-policy';
import { checkTags } from './tags';

type Buckets = Pick<
  Provisioning,
  'listBuckets' | 'requireBucket' | 'showBucket' | 'createBucket' | 'updateBucket' | 'deleteBucket'
>;

/** Everything about buckets but their users. */
export function bucketDesk(desk: Desk): Buckets {
  const { checkReachable, forReading, forBucket, partitionOf, write } = desk;
  const scopeOf = (account: AccountConfig, bucket: string): PolicyScope => ({
    bucket,
    partition: partitionOf(account),
    allowPublic: account.allowPublicPolicies,
  });
  return {
    listBuckets: async (account) => {
      const names = await listBuckets(await forReading(account));
      return names.filter((name) => !desk.isOwnStore(name));
    },
    requireBucket: async (account, bucket) => {
      checkReachable(bucket);
      await requireBucket(await forReading(account), bucket);
    },
    showBucket: async (account, bucket, include) => {
      checkReachable(bucket);
      return showBucket(await forReading(account), bucket, include);
    },
    createBucket: async (account, input) => {
      const bucket = input.BucketInput.Bucket;
      checkCreateBucket({ org: desk.org() }, account.region, input);
      if (desk.isOwnStore(bucket)) fail({ kind: 'exists', detail: `a bucket ${bucket} exists already` });
      const settings = wantedSettings(input, scopeOf(account, bucket));
      const context = await forBucket(account, bucket);
      return write(context, bucket, createBucket(context, input, settings));
    },
    updateBucket: async (account, bucket, input) => {
      checkReachable(bucket);
      checkTags(input.Tags ?? [], desk.org());
      const settings = wantedSettings(input, scopeOf(account, bucket));
      const context = await forBucket(account, bucket);
      return write(context, bucket, updateBucket(context, bucket, { tags: input.Tags, settings }));
    },
    deleteBucket: async (account, bucket) => {
      checkReachable(bucket);
      const context = await forBucket(account, bucket);
      return write(context, bucket, deleteBucket(context, bucket));
    },
  };
}
