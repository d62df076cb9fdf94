import { ListResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import {
  inTheWay,
  leading,
  pointsAtCloudFront,
  recordsOf,
  targetOf,
} from '../../../../../src/domain/website/dns/aws/records';
import { awsError, mockedAws } from '../../../../support/mocks/mocked-aws';
import { REFUSALS, errorOf } from '../../../../support/mocks/mocked-reads';

const record = (Name: string | undefined, Type = 'A'): ResourceRecordSet => ({ Name, Type }) as ResourceRecordSet;

test.each([
  ['docs.example.org', 'docs.example.org.', true],
  ['Docs.Example.org', 'docs.example.org.', true],
  ['docs.example.org.', 'docs.example.org', true],
  ['*.example.org', '\\052.example.org.', true],
  // Route 53 begins at the name and goes on with what follows.
  ['docs.example.org', 'docs2.example.org.', false],
  ['docs.example.org', 'a.docs.example.org.', false],
  ['docs.example.org', undefined, false],
])('of %s: the record of %s: %s', async (name, found, same) => {
  const { context, route53 } = await mockedAws();
  route53
    .on(ListResourceRecordSetsCommand, { HostedZoneId: 'Z1', StartRecordName: name })
    .resolves({ ResourceRecordSets: [record(found)] });
  expect(await recordsOf(context, 'Z1', name)).toEqual(same ? [record(found)] : []);
});

test('an answer without records has none', async () => {
  const { context } = await mockedAws();
  expect(await recordsOf(context, 'Z1', 'docs.example.org')).toEqual([]);
});

test.each(REFUSALS)('%s', async (code, status, kind, times) => {
  const { context, route53 } = await mockedAws();
  route53.on(ListResourceRecordSetsCommand).rejects(awsError(code, status));
  expect(await errorOf(recordsOf(context, 'Z1', 'docs.example.org'))).toMatchObject({ kind });
  expect(route53.commandCalls(ListResourceRecordSetsCommand)).toHaveLength(times);
});

test('a zone that does not exist is the operator’s mistake, and the setting is named', async () => {
  const { context, route53 } = await mockedAws();
  route53.on(ListResourceRecordSetsCommand).rejects(awsError('NoSuchHostedZone', 404));
  expect(await errorOf(recordsOf(context, 'Z1', 'docs.example.org'))).toMatchObject({
    kind: 'misconfigured',
    setting: 'domains.example.org.hostedZoneID',
    detail: expect.stringContaining('domains.example.org.hostedZoneID'),
    origin: { code: 'NoSuchHostedZone' },
  });
});

test.each([
  ['D1.CloudFront.net.', 'd1.cloudfront.net'],
  ['d1.cloudfront.net', 'd1.cloudfront.net'],
  [undefined, undefined],
])('the target of an alias: %s → %s', (DNSName, target) => {
  expect(targetOf({ AliasTarget: { DNSName } } as ResourceRecordSet)).toBe(target);
  expect(targetOf(record('docs.example.org'))).toBeUndefined();
});

test.each([
  ['CNAME', 'D1.cloudfront.net.', 'd1.cloudfront.net', true],
  ['CNAME', 'www.example.com', 'www.example.com', false],
  ['HTTPS', '1 d1.cloudfront.net. alpn="h2,h3"', 'd1.cloudfront.net', true],
  ['HTTPS', '1 . alpn=h3', '', false],
  ['A', '192.0.2.1', undefined, false],
  ['TXT', '"d1.cloudfront.net"', undefined, false],
])('a %s record of %s points at %s', (type, Value, target, atCloudFront) => {
  const found = { ...record('docs.example.org', type), ResourceRecords: [{ Value }] };
  expect(targetOf(found)).toBe(target);
  expect(pointsAtCloudFront(found)).toBe(atCloudFront);
});

test('a name whose routed records fill a page is read to its end', async () => {
  const { context, route53 } = await mockedAws();
  const routed = (SetIdentifier: string) => ({ ...record('docs.example.org.'), SetIdentifier, Weight: 1 });
  route53
    .on(ListResourceRecordSetsCommand)
    .resolvesOnce({
      ResourceRecordSets: [routed('a')],
      IsTruncated: true,
      NextRecordName: 'docs.example.org.',
      NextRecordType: 'A',
      NextRecordIdentifier: 'b',
    } as never)
    .resolvesOnce({
      ResourceRecordSets: [routed('b')],
      IsTruncated: true,
      NextRecordName: 'docs2.example.org.',
      NextRecordType: 'A',
    } as never);
  expect(await recordsOf(context, 'Z1', 'docs.example.org')).toEqual([routed('a'), routed('b')]);
  expect(route53.commandCalls(ListResourceRecordSetsCommand).map(({ args }) => args[0].input)).toEqual([
    { HostedZoneId: 'Z1', MaxItems: 20, StartRecordName: 'docs.example.org' },
    {
      HostedZoneId: 'Z1',
      MaxItems: 20,
      StartRecordName: 'docs.example.org.',
      StartRecordType: 'A',
      StartRecordIdentifier: 'b',
    },
  ]);
});

test('visitors are led by addresses, other names and HTTPS records, not by texts and mail servers', () => {
  const all = ['A', 'TXT', 'AAAA', 'HTTPS', 'CAA', 'CNAME', 'MX'].map((type) => record('docs.example.org', type));
  expect(leading(all).map(({ Type }) => Type)).toEqual(['A', 'AAAA', 'HTTPS', 'CNAME']);
});

test('addresses and other names are in an alias’s way, texts are not', () => {
  const all = ['A', 'TXT', 'AAAA', 'CAA', 'CNAME', 'MX'].map((type) => record('docs.example.org', type));
  expect(inTheWay(all).map(({ Type }) => Type)).toEqual(['A', 'AAAA', 'CNAME']);
});
