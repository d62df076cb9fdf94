import { distributionsIn, takeovers } from './site-facts';
import type { Scenario } from './sweep';
import { TAGS, must } from './sweep-suite';
import type { World } from './world';

/** What the sweeps of websites have in common. */

const SITE = 'swept.example.org';
export const onSite = `/demo/websites/${SITE}`;
const create = { method: 'POST', path: '/demo/websites', body: { BucketInput: { Bucket: SITE }, Tags: TAGS } } as const;

export const makeSite = async (world: World): Promise<void> => {
  await must(world, create.method, create.path, create.body);
};

/** The cleaner takes every distribution away that was left. */
async function cleaned(world: World): Promise<readonly string[]> {
  const { status, text } = await world.api('POST', '/demo/cleaner/run');
  const left = distributionsIn(world.target.sandbox?.state.take() ?? '');
  return [
    ...(status === 200 ? [] : [`the cleaner answered ${text}`]),
    ...left.map((what) => `the cleaner leaves ${what}`),
  ];
}

/** Whatever was left is gone when the site is deleted and the cleaner has been. */
async function cleanedUp(world: World): Promise<readonly string[]> {
  const { status, text } = await world.api('DELETE', onSite);
  return [...([200, 404].includes(status) ? [] : [`the deletion answered ${text}`]), ...(await cleaned(world))];
}

/** `forget` makes every run ask for the certificate anew. */
export const creation = (title: string, forget: () => void): Scenario => ({
  title,
  nature: 'create',
  request: create,
  remover: { method: 'DELETE', path: onSite },
  arrange: async () => undefined,
  forget,
  always: takeovers,
  afterwards: cleanedUp,
  getsOver: ({ operation }, kind) =>
    // The block of public policies takes a moment to be lifted; till then AWS denies the policy.
    (operation === 'PutBucketPolicy' && kind === 'denied once') ||
    // Not every operator lets the service look at a certificate that the configuration names.
    operation === 'DescribeCertificate' ||
    // What the account blocks is asked for to refuse early; the call that it stands against tells, too.
    operation === 'GetPublicAccessBlock',
});

export const deletion: Scenario = {
  title: 'delete website with users, scoped roles and greeting pages',
  nature: 'destroy',
  request: { method: 'DELETE', path: onSite },
  always: takeovers,
  // The last repetition has said that there is nothing to delete.
  afterwards: cleaned,
  arrange: async (world) => {
    await makeSite(world);
    await must(world, 'POST', `${onSite}/users`, { User: { UserName: 'swept-admin' } });
    await must(world, 'POST', `${onSite}/users`, { User: { UserName: 'swept-docs', Path: '/docs/' } });
  },
};
