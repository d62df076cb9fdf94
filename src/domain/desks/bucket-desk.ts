import type { AccountConfig } from '../../config/types';
import { fail } from '../../base/errors';
import type { Desk } from './desk';
import { checkCreateBucket, createBucket } from '../bucket/create';
import { deleteBucket } from '../bucket/delete';
import { updateBucket } from '../bucket/update';
import { listBuckets, requireBucket } from '../shared/aws/bucket';
import { showBucket } from '../bucket/aws/details';
import type { Provisioning } from './service';
import { checkSomethingIsMeant, checkUnderBlock, wantedSettings } from '../bucket/settings/rules/input';
import { settledSettings } from '../bucket/settings/aws/settled';
import { type PolicyScope, policyScope } from '../bucket/settings/rules/policy';
import { checkTags } from '../shared/tags';

type Buckets = Pick<
  Provisioning,
  'listBuckets' | 'requireBucket' | 'showBucket' | 'createBucket' | 'updateBucket' | 'deleteBucket'
>;

/** Everything about buckets but their users. */
export function bucketDesk(desk: Desk): Buckets {
  const { checkReachable, forReading, forBucket, partitionOf, write } = desk;
  const scopeOf = (account: AccountConfig, bucket: string): PolicyScope =>
    policyScope(account, bucket, partitionOf(account));
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
      const scope = scopeOf(account, bucket);
      const known = wantedSettings(input, scope);
      checkUnderBlock(known);
      const context = await forBucket(account, bucket);
      const settings = await settledSettings(context, input, scope, known);
      return desk.create(context, bucket, createBucket(context, input, settings));
    },
    updateBucket: async (account, bucket, input) => {
      checkReachable(bucket);
      checkSomethingIsMeant(input);
      checkTags(input.Tags ?? [], desk.org());
      const scope = scopeOf(account, bucket);
      const known = wantedSettings(input, scope);
      const context = await forBucket(account, bucket);
      const settings = await settledSettings(context, input, scope, known);
      return write(context, bucket, updateBucket(context, bucket, { tags: input.Tags ?? undefined, settings }));
    },
    deleteBucket: async (account, bucket) => {
      checkReachable(bucket);
      const context = await forBucket(account, bucket);
      return write(context, bucket, deleteBucket(context, bucket));
    },
  };
}
