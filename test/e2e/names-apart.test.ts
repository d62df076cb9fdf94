import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { makeLegacySite } from '../support/e2e/legacy';
import { DOMAIN, onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { skippable } from '../support/e2e/skips';
import type { Reply } from '../support/e2e/world';

/** A bucket `<site>-img` and the folder `/img/` of the site would have groups and policies of the same names. */

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

const newBucket = (Bucket: string): Promise<Reply> => world.api('POST', '/demo/buckets', { BucketInput: { Bucket } });
const newUser = (site: string, Path: string, stem = 'editor', Groups?: readonly string[]): Promise<Reply> =>
  world.api('POST', `${onSite(site)}/users`, {
    User: { UserName: `${stem}-${site}`, Path },
    ...(Groups && { Groups }),
  });
const byHand = (Bucket: string) => world.auditor.s3.send(new CreateBucketCommand({ Bucket }));

describe('a new bucket whose name begins with that of a website', () => {
  const sites: Readonly<Record<string, () => Promise<string>>> = {
    'of ours': () => world.newSite('apart'),
    'of the predecessor’s': async () => {
      const site = world.site('apart');
      await makeLegacySite(world, site);
      return site;
    },
  };
  for (const [whose, make] of Object.entries(sites)) {
    skippable(`is 409 naming the website ${whose}, and nothing is made; its folder is had as ever`, async () => {
      const site = await make();
      const before = await world.siteSnapshot(site);
      for (const name of [`${site}-img`, `${site}-img-2024`, `${site}-a.b`]) {
        const { status, body } = await newBucket(name);
        expect({ status, detail: body['detail'] }).toEqual({
          status: 409,
          detail: expect.stringContaining(`the website ${site}:`),
        });
        expect(body['retryable']).toBe(false);
      }
      expect(await world.siteSnapshot(site)).toEqual(before);
      expect((await newUser(site, '/img/')).status).toBe(200);
    });
  }

  skippable('is made when that is no website, or is one of a name that only looks alike', async () => {
    const plain = world.site('plain');
    expect((await newBucket(plain)).status).toBe(202);
    expect((await newBucket(`${plain}-img`)).status).toBe(202);
    const site = await world.newSite('apart');
    for (const name of [`x${site}-img`, site.replace(`.${DOMAIN}`, '-img'), `${site}.img`])
      expect([name, (await newBucket(name)).status]).toEqual([name, 202]);
  });
});

describe('a new website', () => {
  skippable(
    'is 409 naming a bucket whose name begins with its own, whoever made that, and nothing is made',
    async () => {
      const site = world.site('apart');
      await byHand(`${site}-img`);
      const { status, body } = await world.create(site);
      expect({ status, detail: body['detail'] }).toEqual({
        status: 409,
        detail: expect.stringContaining(`${site}-img`),
      });
      expect(await world.siteSnapshot(site)).toMatchObject({
        groups: {},
        policies: {},
        distributions: {},
        records: [],
      });
    },
  );

  skippable('is made beside a bucket whose name only looks alike', async () => {
    const site = world.site('apart');
    await byHand(`x${site}-img`);
    await byHand(`${site}.img`);
    expect((await world.create(site)).status).toBe(202);
  });
});

describe('a folder of a website beside a bucket that has its names', () => {
  skippable(
    'has no users: 409 naming the bucket, whatever the case, and nothing is made; other folders do',
    async () => {
      const site = await world.newSite('apart');
      await byHand(`${site}-img`);
      const before = await world.siteSnapshot(site);
      for (const path of ['/img/', '/IMG/']) {
        for (const Groups of [undefined, ['BktROGrp'], ['BktRWGrp', 'BktROGrp']]) {
          const { status, body } = await newUser(site, path, 'editor', Groups);
          expect({ status, detail: body['detail'] }).toEqual({
            status: 409,
            detail: expect.stringContaining(`a bucket ${site}-img,`),
          });
        }
      }
      expect(await world.siteSnapshot(site)).toEqual(before);
      expect((await newUser(site, '/images/')).status).toBe(200);
      expect((await newUser(site, '/img/2024/', 'second')).status).toBe(200);
      // The bucket's own users are not held up.
      expect(
        (
          await world.api('POST', `/demo/buckets/${site}-img/users`, {
            User: { UserName: `third-${site}` },
            Groups: ['BktRWGrp'],
          })
        ).status,
      ).toBe(200);
    },
  );

  skippable('goes on with the groups it had before the bucket came; groups that it lacks it does not get', async () => {
    const site = await world.newSite('apart');
    expect((await newUser(site, '/img/')).status).toBe(200);
    await byHand(`${site}-img`);
    expect((await newUser(site, '/img/', 'second')).status).toBe(200);
    const moved = await world.api('PATCH', `${onSite(site)}/users/second-${site}`, { Groups: ['BktROGrp'] });
    expect({ status: moved.status, detail: moved.body['detail'] }).toEqual({
      status: 409,
      detail: expect.stringContaining(`a bucket ${site}-img,`),
    });
  });
});

skippable(
  'a website and such a bucket asked for at once: never both',
  async () => {
    for (let round = 0; round < 8; round += 1) {
      const site = world.site('race');
      const [made, beside] = await Promise.all([world.create(site), newBucket(`${site}-img`)]);
      expect([made.status, beside.status].filter((status) => status === 202).length).toBeLessThanOrEqual(1);
      for (const { status } of [made, beside]) expect([202, 409]).toContain(status);
    }
  },
  { timeoutMs: 60_000 },
);
