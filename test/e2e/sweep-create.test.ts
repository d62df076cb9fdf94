import type { Scenario } from '../support/e2e/sweep';
import { KEY_PROMISE, SWEPT, TAGS, makeBucket, onSwept, sweepAll } from '../support/e2e/sweep-suite';

const scenarios: readonly Scenario[] = [
  {
    title: 'create bucket, all members',
    nature: 'create',
    request: {
      method: 'POST',
      path: '/demo/buckets',
      body: {
        Tags: TAGS,
        Lifecycle: 'deep-archive',
        BucketInput: {
          Bucket: SWEPT,
          CreateBucketConfiguration: { LocationConstraint: 'us-east-1' },
          ObjectLockEnabledForBucket: true,
        },
      },
    },
    remover: { method: 'DELETE', path: onSwept },
    arrange: async () => undefined,
  },
  {
    title: 'create user, default group',
    nature: 'create',
    request: { method: 'POST', path: `${onSwept}/users`, body: { User: { UserName: 'swept-user', Tags: TAGS } } },
    remover: { method: 'DELETE', path: `${onSwept}/users/swept-user` },
    promises: KEY_PROMISE,
    arrange: makeBucket,
  },
  {
    title: 'create user, BktROGrp made on demand',
    nature: 'create',
    request: {
      method: 'POST',
      path: `${onSwept}/users`,
      body: { User: { UserName: 'swept-user' }, Groups: ['BktROGrp'] },
    },
    remover: { method: 'DELETE', path: `${onSwept}/users/swept-user` },
    promises: KEY_PROMISE,
    arrange: makeBucket,
  },
];

sweepAll('every AWS call of a creation fails in every way', scenarios);
