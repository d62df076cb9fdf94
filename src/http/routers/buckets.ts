import { asBucket } from '../../domain/shared/holder';
import type { Provisioning } from '../../domain/desks/service';
import type { CreateBucketInput } from '../../domain/shared/shapes';
import type { AccountHandlers } from '../types';
import { bucketCreatedView, bucketDetailsView, sparedView, warningsView } from '../views/views';
import type { PerformWrite } from '../writes';
import { holderHandlers } from './holders';
import { userHandlers } from './users';

/** Buckets and their users. */
export function bucketHandlers(provisioning: Provisioning, write: PerformWrite): AccountHandlers {
  return {
    ...holderHandlers(write, {
      noun: 'Bucket',
      list: (account) => provisioning.listBuckets(account),
      require: (account, bucket) => provisioning.requireBucket(account, bucket),
      create: (account, input: CreateBucketInput) => provisioning.createBucket(account, input),
      createdView: bucketCreatedView,
      show: (account, bucket, include) => provisioning.showBucket(account, bucket, include),
      detailsView: bucketDetailsView,
      update: (account, bucket, input) => provisioning.updateBucket(account, bucket, input),
      updatedView: warningsView,
      remove: (account, bucket) => provisioning.deleteBucket(account, bucket),
      deletedView: sparedView,
    }),
    ...userHandlers(provisioning, write, { as: asBucket, prefix: '' }),
  };
}
