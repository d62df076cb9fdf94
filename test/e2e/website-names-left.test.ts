import {
  DeleteDistributionCommand,
  type DistributionConfig,
  GetDistributionConfigCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { type Change, ChangeResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import { GetBucketTaggingCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';

/** Deletion of sites whose distribution or DNS records were changed by others: no name dangles without a word. */

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

interface LeftThing {
  readonly Resource: string;
  readonly because: string;
}

const DOMAIN_TAG = 'mallard:distribution-domain';

const remove = async (site: string) => {
  const { status, body } = await world.api('DELETE', onSite(site));
  expect({ status, body: status === 200 ? {} : body }).toEqual({ status: 200, body: {} });
  return { body, left: (body['left'] ?? []) as readonly LeftThing[] };
};
const change = (...changes: readonly Change[]) =>
  world.route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: world.zone, ChangeBatch: { Changes: [...changes] } }),
  );
const orphanedRecords = async () => {
  const { body } = await world.api<{ readonly orphans: readonly Readonly<Record<string, unknown>>[] }>(
    'GET',
    '/demo/cleaner',
  );
  return body.orphans.filter(({ type }) => type === 'record');
};

async function reconfigure(id: string | undefined, more: Partial<DistributionConfig>): Promise<string | undefined> {
  const { DistributionConfig: config, ETag } = await world.cloudfront.send(
    new GetDistributionConfigCommand({ Id: id }),
  );
  if (config === undefined) throw new Error(`distribution ${String(id)} has no configuration`);
  return (
    await world.cloudfront.send(
      new UpdateDistributionCommand({ Id: id, IfMatch: ETag, DistributionConfig: { ...config, ...more } }),
    )
  ).ETag;
}

/** As somebody does it in the console: turned off, then deleted. */
async function deleteDistributionOf(site: string): Promise<string> {
  const { Id, DomainName = '' } = await world.onlyDistribution(site);
  const IfMatch = await reconfigure(Id, { Enabled: false });
  await world.cloudfront.send(new DeleteDistributionCommand({ Id, IfMatch }));
  return DomainName;
}

async function tagBucket(site: string, changed: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { TagSet = [] } = await world.auditor.s3.send(new GetBucketTaggingCommand({ Bucket: site }));
  const others = TagSet.filter(({ Key = '' }) => !(Key in changed));
  const added = Object.entries(changed).flatMap(([Key, Value]) => (Value === undefined ? [] : [{ Key, Value }]));
  await world.auditor.s3.send(
    new PutBucketTaggingCommand({ Bucket: site, Tagging: { TagSet: [...others, ...added] } }),
  );
}

/** The site's A and AAAA records are replaced by a CNAME, as people do who move a name between providers. */
async function replaceByCname(site: string, target: string): Promise<void> {
  const cname: ResourceRecordSet = { Name: site, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: target }] };
  const old = (await world.recordsOf(site)).map((ResourceRecordSet): Change => ({
    Action: 'DELETE',
    ResourceRecordSet,
  }));
  await change(...old, { Action: 'CREATE', ResourceRecordSet: cname });
}

describe('a site whose distribution somebody deleted', () => {
  skippable(
    'loses the records that pointed at it, told by the domain name on its bucket, and can be made again',
    async () => {
      const site = await world.newSite('gone');
      const host = await deleteDistributionOf(site);
      expect((await world.api('GET', onSite(site))).body).toMatchObject({
        DNSRecord: { Type: 'A' },
        Distribution: null,
      });
      const { body, left } = await remove(site);
      expect(body).toMatchObject({
        DNSRecord: { Type: 'A', AliasTarget: { DNSName: expect.stringContaining(host) } },
        Distribution: null,
      });
      expect(left).toEqual([]);
      expect(await world.recordsOf(site)).toEqual([]);
      expect((await world.create(site)).status).toBe(202);
    },
  );

  skippable(
    'keeps the records when no domain name is noted; answer and cleaner name them, and the cleaner removes them by name',
    async () => {
      const site = await world.newSite('unnoted');
      await tagBucket(site, { [DOMAIN_TAG]: undefined });
      const host = await deleteDistributionOf(site);
      const { left } = await remove(site);
      expect(left.map(({ Resource }) => Resource)).toEqual([`record A ${site}`, `record AAAA ${site}`]);
      for (const { because } of left) expect(because).toContain(host);
      expect(await orphanedRecords()).toEqual([
        { type: 'record', name: site, bucket: site, ageSeconds: null, target: host },
      ]);
      expect((await world.api('POST', '/demo/cleaner/run', { orphans: [`record/${site}`] })).status).toBe(200);
      expect(await world.recordsOf(site)).toEqual([]);
    },
  );

  skippable('keeps records to the distribution of another site, though the bucket’s tags claim its name', async () => {
    const [site, other] = [await world.newSite('claims'), await world.newSite('claimed')];
    const { DomainName: host = '' } = await world.onlyDistribution(other);
    await deleteDistributionOf(site);
    await replaceByCname(site, host);
    await tagBucket(site, { [DOMAIN_TAG]: host });
    const { left } = await remove(site);
    expect(left).toMatchObject([{ Resource: `record CNAME ${site}`, because: expect.stringContaining(host) }]);
    expect(await world.recordsOf(site)).toMatchObject([{ Type: 'CNAME' }]);
    await change(
      ...(await world.recordsOf(site)).map((ResourceRecordSet): Change => ({ Action: 'DELETE', ResourceRecordSet })),
    );
  });
});

describe('a site whose records somebody replaced', () => {
  skippable('by a CNAME to its distribution loses it, and can be made again', async () => {
    const site = await world.newSite('cname');
    const { DomainName: host = '' } = await world.onlyDistribution(site);
    await replaceByCname(site, host);
    const { body, left } = await remove(site);
    expect(body).toMatchObject({ DNSRecord: { Type: 'CNAME', ResourceRecords: [{ Value: host }] } });
    expect(left).toEqual([]);
    expect(await world.recordsOf(site)).toEqual([]);
    expect((await world.create(site)).status).toBe(202);
  });

  skippable('by an address of another host keeps it, and the answer says so', async () => {
    const site = await world.newSite('moved');
    const old = (await world.recordsOf(site)).map((ResourceRecordSet): Change => ({
      Action: 'DELETE',
      ResourceRecordSet,
    }));
    await change(...old, {
      Action: 'CREATE',
      ResourceRecordSet: { Name: site, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.7' }] },
    });
    const { body, left } = await remove(site);
    expect(body).toMatchObject({ DNSRecord: null, DnsChange: null });
    expect(left).toEqual([
      {
        Resource: `record A ${site}`,
        because: "it points at 192.0.2.7, not at the site's distribution: somebody else made it",
      },
    ]);
    expect(await world.recordsOf(site)).toHaveLength(1);
  });

  skippable(
    'beside further names on its distribution: the answer names those that nothing answers for any more',
    async () => {
      const site = await world.newSite('named');
      const { Id } = await world.onlyDistribution(site);
      await reconfigure(Id, { Aliases: { Quantity: 2, Items: [site, `www-${site}`] } });
      const { left } = await remove(site);
      expect(left).toMatchObject([{ Resource: `alias www-${site} of distribution ${String(Id)}` }]);
    },
    { more: SANDBOX_ONLY.certificates },
  );
});

skippable(
  'a site whose distribution got another origin: the answer names it and its records, and the cleaner lists them',
  async () => {
    const site = await world.newSite('estranged');
    const { Id, DomainName: host = '', DistributionConfig: config } = await world.onlyDistribution(site);
    const [origin] = config?.Origins?.Items ?? [];
    if (origin === undefined) throw new Error('the distribution has no origin');
    await reconfigure(Id, { Origins: { Quantity: 1, Items: [{ ...origin, DomainName: 'elsewhere.example.com' }] } });
    const { body, left } = await remove(site);
    expect(body).toMatchObject({ Distribution: null, DNSRecord: null });
    expect(left.map(({ Resource }) => Resource).sort()).toEqual([
      `distribution ${String(Id)}`,
      `record A ${site}`,
      `record AAAA ${site}`,
    ]);
    expect((await world.onlyDistribution(site)).DistributionConfig).toMatchObject({
      Enabled: true,
      Aliases: { Items: [site] },
    });
    expect(await orphanedRecords()).toContainEqual({
      type: 'record',
      name: site,
      bucket: site,
      ageSeconds: null,
      target: host,
    });
    expect((await world.api('POST', '/demo/cleaner/run', { orphans: [`record/${site}`] })).status).toBe(200);
    expect(await world.recordsOf(site)).toEqual([]);
  },
);

skippable('an update of a site that is older than the note puts it on the bucket', async () => {
  const site = await world.newSite('older');
  await tagBucket(site, { [DOMAIN_TAG]: undefined });
  expect((await world.api('PUT', onSite(site), { Tags: [] })).status).toBe(200);
  const host = await deleteDistributionOf(site);
  expect((await remove(site)).left).toEqual([]);
  expect(host).toContain('cloudfront.net');
  expect(await world.recordsOf(site)).toEqual([]);
});

skippable('a CNAME to a distribution, whose bucket is gone, is listed by the cleaner', async () => {
  const name = world.site('leftover');
  const record: ResourceRecordSet = {
    Name: name,
    Type: 'CNAME',
    TTL: 60,
    ResourceRecords: [{ Value: 'd0123456789abc.cloudfront.net' }],
  };
  await change({ Action: 'CREATE', ResourceRecordSet: record });
  expect(await orphanedRecords()).toEqual([
    { type: 'record', name, bucket: name, ageSeconds: null, target: 'd0123456789abc.cloudfront.net' },
  ]);
  expect((await world.api('POST', '/demo/cleaner/run', { orphans: [`record/${name}`] })).status).toBe(200);
  expect(await world.recordsOf(name)).toEqual([]);
});
