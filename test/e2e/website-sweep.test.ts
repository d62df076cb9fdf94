import { startSiteWorld } from '../support/e2e-site';
import { distributionsIn, takeovers } from '../support/e2e-site-facts';
import type { Scenario } from '../support/e2e-sweep';
import { TAGS, must, sweepAll } from '../support/e2e-sweep-suite';
import type { World } from '../support/e2e-world';

const SITE = 'swept.example.org';
const onSite = `/demo/websites/${SITE}`;
const create = { method: 'POST', path: '/demo/websites', body: { BucketInput: { Bucket: SITE }, Tags: TAGS } } as const;

const makeSite = async (world: World): Promise<void> => {
  await must(world, create.method, create.path, create.body);
};

/** A certificate is looked up once a minute: this lookup is over before the sweep begins. */
async function knowCertificate(world: World): Promise<void> {
  const { state } = world.target.sandbox ?? {};
  const before = state?.take() ?? '';
  await makeSite(world);
  state?.restore(before);
}

/** Whatever was left is gone when the site is deleted and the cleaner has been. */
async function cleanedUp(world: World): Promise<readonly string[]> {
  const removed = await world.api('DELETE', onSite);
  const cleaned = await world.api('POST', '/demo/cleaner/run');
  const left = distributionsIn(world.target.sandbox?.state.take() ?? '');
  return [
    ...([200, 404].includes(removed.status) ? [] : [`the deletion answered ${removed.text}`]),
    ...(cleaned.status === 200 ? [] : [`the cleaner answered ${cleaned.text}`]),
    ...left.map((what) => `the cleaner leaves ${what}`),
  ];
}

const creation: Scenario = {
  title: 'create website',
  nature: 'create',
  request: create,
  remover: { method: 'DELETE', path: onSite },
  arrange: knowCertificate,
  afterwards: cleanedUp,
  // The block of public policies takes a moment to be lifted; till then AWS denies the policy.
  getsOver: ({ operation }, kind) => operation === 'PutBucketPolicy' && kind === 'denied once',
};

const scenarios: readonly Scenario[] = [
  creation,
  {
    title: 'delete website with users, scoped roles and greeting pages',
    nature: 'destroy',
    request: { method: 'DELETE', path: onSite },
    always: takeovers,
    afterwards: cleanedUp,
    arrange: async (world) => {
      await makeSite(world);
      await must(world, 'POST', `${onSite}/users`, { User: { UserName: 'swept-admin' } });
      await must(world, 'POST', `${onSite}/users`, { User: { UserName: 'swept-docs', Path: '/docs/' } });
    },
  },
  {
    title: 'update website',
    nature: 'change',
    request: { method: 'PUT', path: onSite, body: { Tags: [{ Key: 'COA', Value: 'new $$' }] } },
    always: takeovers,
    arrange: makeSite,
  },
  {
    title: 'invalidate',
    nature: 'change',
    request: { method: 'PATCH', path: onSite, body: { CacheInvalidation: ['/*', '/a'] } },
    promises: ({ body }, taken) => {
      const { Id } = body['Invalidation'] as { readonly Id: string };
      return taken.includes(`{"id":"${Id}"`) ? [] : [`the answered invalidation ${Id} is not there`];
    },
    arrange: makeSite,
  },
  {
    title: 'create user of a folder',
    nature: 'create',
    request: { method: 'POST', path: `${onSite}/users`, body: { User: { UserName: 'swept-docs', Path: '/docs/' } } },
    remover: { method: 'DELETE', path: `${onSite}/users/swept-docs` },
    arrange: makeSite,
  },
];

sweepAll('every AWS call of a website’s writes fails in every way', scenarios, () => startSiteWorld());

sweepAll(
  'every AWS call of a website with a private origin fails in every way',
  [{ ...creation, title: 'create website, private origin' }],
  () => startSiteWorld({ domain: { origin: 'private' } }),
);
