import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { forgetfulClock } from '../support/e2e/forgetful-clock';
import { BLOCKED, UPLOADS, publicPolicy, readPolicy } from '../support/e2e/settings';
import type { Scenario } from '../support/e2e/sweep';
import { SWEPT, TAGS, makeBucket, must, onSwept, sweepAll } from '../support/e2e/sweep-suite';
import { startWorld } from '../support/e2e/world';

/** Settings of every kind are replaced as one operation: whatever fails, the former ones are whole again. */

const OTHER_CORS = { CORSRules: [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'] }] };
const OPEN = { ...BLOCKED, BlockPublicPolicy: false, RestrictPublicBuckets: false };

const { clock, forget } = forgetfulClock();

const scenarios: readonly Scenario[] = [
  {
    title: 'settings of a bucket that has none',
    nature: 'change',
    request: {
      method: 'PUT',
      path: onSwept,
      body: {
        Tags: [{ Key: 'Application', Value: 'Another' }],
        CORS: UPLOADS,
        Versioning: { Status: 'Enabled' },
        Lifecycle: 'expire-30',
        PublicAccessBlock: { ...BLOCKED, RestrictPublicBuckets: false },
        BucketPolicy: readPolicy(SWEPT),
      },
    },
    arrange: makeBucket,
  },
  {
    title: 'settings of a bucket that has others, some taken away',
    nature: 'change',
    request: {
      method: 'PUT',
      path: onSwept,
      body: {
        Remove: ['CORS', 'BucketPolicy'],
        Versioning: { Status: 'Suspended' },
        Lifecycle: 'glacier',
        PublicAccessBlock: BLOCKED,
      },
    },
    arrange: async (world) => {
      await makeBucket(world);
      await must(world, 'PUT', onSwept, {
        CORS: OTHER_CORS,
        Versioning: { Status: 'Enabled' },
        Lifecycle: 'expire-30',
        PublicAccessBlock: OPEN,
      });
      await world.auditor.s3.send(
        new PutBucketPolicyCommand({ Bucket: SWEPT, Policy: JSON.stringify(publicPolicy(SWEPT)) }),
      );
    },
  },
  {
    title: 'create bucket with all settings',
    nature: 'create',
    request: {
      method: 'POST',
      path: '/demo/buckets',
      body: {
        Tags: TAGS,
        BucketInput: { Bucket: SWEPT },
        CORS: UPLOADS,
        Versioning: { Status: 'Enabled' },
        Lifecycle: 'expire-30',
        PublicAccessBlock: OPEN,
        BucketPolicy: publicPolicy(SWEPT),
      },
    },
    remover: { method: 'DELETE', path: onSwept },
    arrange: async () => undefined,
    forget,
    getsOver: ({ operation }, kind) =>
      // The loosened block reaches S3 a moment after it was set: a refused public policy is sent again.
      (operation === 'PutBucketPolicy' && kind === 'denied once') ||
      // What the account blocks is asked for to refuse early; the call that it stands against tells, too.
      operation === 'GetPublicAccessBlock',
  },
];

sweepAll('every AWS call of a change of settings fails in every way', scenarios, () =>
  startWorld({ demo: { allowPublicPolicies: true }, clock }),
);
