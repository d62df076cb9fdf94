import { PLAIN_STORES } from '../support/sandbox/plain-stores';
import type { Scenario } from '../support/e2e/sweep';
import { SWEPT, TAGS, makeBucket, onSwept, sweepAll } from '../support/e2e/sweep-suite';
import { startWorld } from '../support/e2e/world';

const BUCKET = { Tags: TAGS, Lifecycle: 'expire-30', BucketInput: { Bucket: SWEPT } };

const scenarios = (store: string): readonly Scenario[] => [
  {
    title: `create bucket (${store})`,
    nature: 'create',
    request: { method: 'POST', path: '/demo/buckets', body: BUCKET },
    remover: { method: 'DELETE', path: onSwept },
    arrange: async () => undefined,
  },
  {
    title: `update bucket (${store})`,
    nature: 'change',
    request: { method: 'PUT', path: onSwept, body: { Tags: [{ Key: 'Application', Value: 'New' }] } },
    arrange: makeBucket,
  },
  {
    title: `delete bucket (${store})`,
    nature: 'destroy',
    request: { method: 'DELETE', path: onSwept },
    arrange: makeBucket,
  },
];

const { minio, garage, deaf } = PLAIN_STORES;

for (const [store, plain] of Object.entries({ minio, garage, deaf })) {
  sweepAll(`every call to a store like ${store} fails in every way`, scenarios(store), () =>
    startWorld({ sandbox: { plain } }),
  );
}

// One has everything, default encryption included, which is tried by beginning an upload; the other cannot live with that.
for (const [store, plain] of Object.entries({ able: {}, keyless: { breaksByEncryption: true } })) {
  const creation = scenarios(store).filter(({ nature }) => nature === 'create');
  sweepAll(`every call to a store like ${store} fails in every way`, creation, () =>
    startWorld({ sandbox: { plain } }),
  );
}
