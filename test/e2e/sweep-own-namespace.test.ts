import { startSiteWorld } from '../support/e2e/site';
import { SWEPT, TAGS, onSwept, sweepAll } from '../support/e2e/sweep-suite';

/** The owner who makes such a bucket again is refused in us-east-1, too, where a lost reply is otherwise made good by asking again. */
sweepAll(
  'every AWS call of a creation in the namespace of the account fails in every way',
  [
    {
      title: 'create bucket',
      nature: 'create',
      request: { method: 'POST', path: '/demo/buckets', body: { Tags: TAGS, BucketInput: { Bucket: SWEPT } } },
      remover: { method: 'DELETE', path: onSwept },
      arrange: async () => undefined,
    },
  ],
  () => startSiteWorld({ demo: { bucketNamespace: 'account-regional' } }),
);
