import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { OTHER_ACCOUNT, refusalOf } from '../../support/sandbox/start';
import { type WebSandbox, ZONE, startWebSandbox } from '../web';

const SITE = 'docs.example.org';

const alias = (name: string, type: 'A' | 'AAAA' = 'A', target = 'd111.cloudfront.net'): ResourceRecordSet => ({
  Name: name,
  Type: type,
  AliasTarget: { HostedZoneId: 'Z2FDTNDATAQYW2', DNSName: target, EvaluateTargetHealth: false },
});
const address = (name: string, value = '192.0.2.1'): ResourceRecordSet => ({
  Name: name,
  Type: 'A',
  TTL: 60,
  ResourceRecords: [{ Value: value }],
});
const text = (name: string): ResourceRecordSet => ({
  Name: name,
  Type: 'TXT',
  TTL: 60,
  ResourceRecords: [{ Value: '"x"' }],
});

describe('Route 53 records', () => {
  let web: WebSandbox;
  beforeEach(async () => {
    web = await startWebSandbox({ route53: { syncSeconds: 300 } });
  });
  afterEach(() => web.stop());

  const change = (...changes: readonly (readonly [Change['Action'], ResourceRecordSet])[]) =>
    web.route53().send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: ZONE.id,
        ChangeBatch: {
          Comment: 'test',
          Changes: changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet })),
        },
      }),
    );
  const list = (input: Partial<ListResourceRecordSetsCommandInput> = {}) =>
    web.route53().send(new ListResourceRecordSetsCommand({ HostedZoneId: ZONE.id, ...input }));
  const names = async (): Promise<readonly string[]> =>
    ((await list()).ResourceRecordSets ?? []).map(({ Name, Type }) => `${Name ?? ''} ${Type ?? ''}`);

  test('AWS-FACTS Route 53: a change is PENDING, then INSYNC', async () => {
    const { ChangeInfo: info } = await change(['CREATE', alias(SITE)]);
    expect(info).toMatchObject({ Status: 'PENDING', Comment: 'test' });
    expect(info?.Id).toMatch(/^\/change\/C/);
    web.advance(301);
    const { ChangeInfo: later } = await web.route53().send(new GetChangeCommand({ Id: info?.Id }));
    expect(later?.Status).toBe('INSYNC');
  });

  test('AWS-FACTS Route 53: CREATE of what exists and DELETE that does not match are InvalidChangeBatch', async () => {
    await change(['CREATE', alias(SITE)]);
    expect(await refusalOf(change(['CREATE', alias(SITE)]))).toMatchObject({ code: 'InvalidChangeBatch', status: 400 });
    const other = await refusalOf(change(['DELETE', alias(SITE, 'A', 'd222.cloudfront.net')]));
    expect(other).toMatchObject({ code: 'InvalidChangeBatch' });
    expect(other.message).toContain('do not match the current values');
    expect((await refusalOf(change(['DELETE', alias('none.example.org')]))).message).toContain('but it was not found');
    await change(['DELETE', alias(SITE.toUpperCase(), 'A', 'D111.CLOUDFRONT.NET.')]);
    expect(await names()).toEqual(['example.org. NS', 'example.org. SOA']);
  });

  test('AWS-FACTS Route 53: a batch takes effect whole or not at all', async () => {
    await change(['CREATE', alias(SITE, 'AAAA')]);
    await refusalOf(change(['CREATE', alias(SITE)], ['CREATE', alias(SITE, 'AAAA')]));
    expect(await names()).not.toContain(`${SITE}. A`);
  });

  test('UPSERT makes and replaces; DELETE and CREATE of one record in one batch replace it', async () => {
    await change(['UPSERT', address(SITE)]);
    await change(['UPSERT', address(SITE, '192.0.2.2')]);
    await change(['DELETE', address(SITE, '192.0.2.2')], ['CREATE', address(SITE, '192.0.2.3')]);
    expect((await list({ StartRecordName: SITE, MaxItems: 1 })).ResourceRecordSets).toMatchObject([
      { ResourceRecords: [{ Value: '192.0.2.3' }] },
    ]);
  });

  test('AWS-FACTS Route 53: one call with MaxItems 1 finds a record, or the next one', async () => {
    await change(['CREATE', alias(SITE)], ['CREATE', alias(SITE, 'AAAA')], ['CREATE', address('mydocs.example.org')]);
    const found = await list({ StartRecordName: SITE, StartRecordType: 'AAAA', MaxItems: 1 });
    expect(found.ResourceRecordSets).toMatchObject([
      { Name: `${SITE}.`, Type: 'AAAA', AliasTarget: { DNSName: 'd111.cloudfront.net.' } },
    ]);
    expect(found).toMatchObject({ IsTruncated: true, NextRecordName: 'mydocs.example.org.', NextRecordType: 'A' });
    const beside = await list({ StartRecordName: 'ghost.example.org', MaxItems: 1 });
    expect(beside.ResourceRecordSets?.[0]?.Name).toBe('mydocs.example.org.');
  });

  test('AWS-FACTS Route 53: names come back lower-case, with the last dot, octal-escaped', async () => {
    await change(['CREATE', alias('*.Docs.Example.org')]);
    const { ResourceRecordSets: found } = await list({ StartRecordName: '*.docs.example.org', MaxItems: 1 });
    expect(found?.[0]?.Name).toBe('\\052.docs.example.org.');
    await change(['DELETE', alias('\\052.docs.example.org.')]);
    expect(await names()).toHaveLength(2);
  });

  test('records are in the order of their reversed labels, then of their types, and paged', async () => {
    await change(
      ['CREATE', text('z.example.org')],
      ['CREATE', text('a.b.example.org')],
      ['CREATE', text('b.example.org')],
      ['CREATE', address('b.example.org')],
      ['CREATE', text('c.a.example.org')],
    );
    const sorted = [
      'example.org. NS',
      'example.org. SOA',
      'c.a.example.org. TXT',
      'b.example.org. A',
      'b.example.org. TXT',
      'a.b.example.org. TXT',
      'z.example.org. TXT',
    ];
    expect(await names()).toEqual(sorted);
    const seen: string[] = [];
    let input: Partial<ListResourceRecordSetsCommandInput> = { MaxItems: 2 };
    for (let more = true; more;) {
      const page = await list(input);
      seen.push(...(page.ResourceRecordSets ?? []).map(({ Name, Type }) => `${Name ?? ''} ${Type ?? ''}`));
      more = page.IsTruncated ?? false;
      input = { MaxItems: 2, StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType };
    }
    expect(seen).toEqual(sorted);
  });

  test.each<[string, ResourceRecordSet, string, string]>([
    [
      'a name outside the zone',
      alias('docs.example.org.uk'),
      'InvalidChangeBatch',
      'is not permitted in zone example.org.',
    ],
    ['a name that only ends like the zone', alias('myexample.org'), 'InvalidChangeBatch', 'is not permitted in zone'],
    [
      'a CNAME beside another record',
      { Name: SITE, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: 'x.example.org' }] },
      'InvalidChangeBatch',
      'conflicts with other records',
    ],
    [
      'a CNAME at the top of the zone',
      { Name: 'example.org', Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: 'x.example.org' }] },
      'InvalidChangeBatch',
      'at apex',
    ],
    [
      'an address that is none',
      address('bad.example.org', 'nowhere'),
      'InvalidChangeBatch',
      'not a valid IPv4 address',
    ],
    [
      'an alias to CloudFront of another name',
      alias('bad.example.org', 'A', 'example.com'),
      'InvalidChangeBatch',
      'does not lie within the target zone',
    ],
    ['an alias with a TTL', { ...alias('bad.example.org'), TTL: 60 }, 'InvalidInput', 'but found more than one'],
    [
      'a record with neither values nor alias',
      { Name: 'bad.example.org', Type: 'A' },
      'InvalidInput',
      'but found none',
    ],
  ])('%s is refused', async (_title, record, code, message) => {
    await change(['CREATE', address(SITE)]);
    const refused = await refusalOf(change(['CREATE', record]));
    expect(refused).toMatchObject({ code, status: 400 });
    expect(refused.message).toContain(message);
  });

  test('the zone counts its records; other accounts do not see it', async () => {
    await change(['CREATE', address(SITE)]);
    const { HostedZone: zone } = await web.route53().send(new GetHostedZoneCommand({ Id: ZONE.id }));
    expect(zone).toMatchObject({ Id: `/hostedzone/${ZONE.id}`, Name: 'example.org.', ResourceRecordSetCount: 3 });
    const elsewhere = web.route53(OTHER_ACCOUNT).send(new ListResourceRecordSetsCommand({ HostedZoneId: ZONE.id }));
    expect(await refusalOf(elsewhere)).toMatchObject({ code: 'NoSuchHostedZone', status: 404 });
  });

  test('AWS-FACTS Route 53: PriorRequestNotComplete on demand', async () => {
    web.sandbox.faults.add({ kind: 'operation-aborted', service: 'route53', count: 1 });
    expect(await refusalOf(change(['CREATE', alias(SITE)]))).toMatchObject({
      code: 'PriorRequestNotComplete',
      status: 400,
    });
    await change(['CREATE', alias(SITE)]);
  });
});
