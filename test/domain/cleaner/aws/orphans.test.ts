import { type DistributionSummary, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { ListGroupsCommand, ListPoliciesCommand, ListUserTagsCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { ListResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import { orphans } from '../../../../src/domain/cleaner/aws/find';
import { CLOUDFRONT_ZONE } from '../../../../src/domain/website/dns/aws/records';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { REFUSALS, domain, domains, errorOf, group, policy, user } from '../../../support/mocks/mocked-reads';

/** Groups, policies, users and records whose bucket is gone. */

const LIVE = 'live.example.org';
const buckets: ReadonlySet<string> = new Set([LIVE, 'photos']);
const found = ({ context }: MockedAws) => orphans(context, buckets);

test.each([
  ['gone-BktAdmGrp', '/', 'gone'],
  ['gone-with-hyphens-BktROGrp', '/', 'gone-with-hyphens'],
  ['gone.example.org-WebAdmGrp', '/', 'gone.example.org'],
  ['gone.example.org-docs-BktRWGrp', '/gone.example.org/docs/', 'gone.example.org'],
  // A site that is gone itself leaves its folders' groups under what looks like a bucket's name.
  ['gone.example.org-docs-BktRWGrp', '/', 'gone.example.org-docs'],
])('the group %s under %s is left of %s, and so is the policy', async (name, Path, bucket) => {
  const aws = await mockedAws({ domains });
  aws.iam
    .on(ListGroupsCommand)
    .resolves({ Groups: [group(name, { Path, CreateDate: new Date(aws.clock.now() - 90_500) })] });
  const plc = name.replace(/Grp$/, 'Plc');
  aws.iam.on(ListPoliciesCommand, { Scope: 'Local' }).resolves({ Policies: [policy(plc, Path)] });
  expect(await found(aws)).toEqual([
    { type: 'group', name, bucket, ageSeconds: 90 },
    { type: 'policy', name: plc, bucket, ageSeconds: undefined },
  ]);
});

test.each([
  ['photos-BktAdmGrp', '/'],
  [`${LIVE}-docs-BktRWGrp`, `/${LIVE}/docs/`],
  // The predecessor's, of a folder of a site that is there.
  [`${LIVE}-docs-BktRWGrp`, '/'],
  // A name alone is no path’s.
  ['photos-BktAdmGrp', '/gone.example.org/docs/'],
  ['Developers', '/'],
  ['Developers', '/gone/'],
  ['gone-BktAdmGroup', '/'],
  ['Gone-BktAdmGrp', '/'],
  ['gone-BktAdmGrp', '/Teams/'],
  ['gone-BktAdmGrp', ''],
  ['-BktAdmGrp', '/'],
])('the group %s under "%s" is nobody’s orphan', async (name, Path) => {
  const aws = await mockedAws({ domains });
  aws.iam.on(ListGroupsCommand).resolves({ Groups: [group(name, { Path })] });
  expect(await found(aws)).toEqual([]);
});

test('lists may hold groups without a name, path or age', async () => {
  const aws = await mockedAws();
  const ageless = { GroupName: 'gone-BktRWGrp' } as ReturnType<typeof group>;
  aws.iam.on(ListGroupsCommand).resolves({
    Groups: [
      {} as ReturnType<typeof group>,
      ageless,
      group('new-BktRWGrp', { CreateDate: new Date(aws.clock.now() + 5_000) }),
    ],
  });
  expect(await found(aws)).toEqual([
    { type: 'group', name: 'gone-BktRWGrp', bucket: 'gone', ageSeconds: undefined },
    // Clocks differ: nothing is younger than now.
    { type: 'group', name: 'new-BktRWGrp', bucket: 'new', ageSeconds: 0 },
  ]);
});

describe('users', () => {
  test.each([
    [
      'made for a bucket that is gone',
      [
        ['spinup:org', 'acme'],
        ['mallard:bucket', 'gone'],
      ],
      true,
    ],
    [
      'made for one that is there',
      [
        ['spinup:org', 'acme'],
        ['mallard:bucket', 'photos'],
      ],
      false,
    ],
    [
      'of another org',
      [
        ['spinup:org', 'other'],
        ['mallard:bucket', 'gone'],
      ],
      false,
    ],
    ['of no org', [['mallard:bucket', 'gone']], false],
    ['made for no bucket', [['spinup:org', 'acme']], false],
  ])('%s', async (_title, tags, orphaned) => {
    const aws = await mockedAws();
    aws.iam.on(ListUsersCommand).resolves({ Users: [user('bob', { CreateDate: new Date(aws.clock.now() - 1_000) })] });
    aws.iam
      .on(ListUserTagsCommand, { UserName: 'bob' })
      .resolves({ Tags: tags.map(([Key, Value]) => ({ Key, Value })) });
    expect(await found(aws)).toEqual(orphaned ? [{ type: 'user', name: 'bob', bucket: 'gone', ageSeconds: 1 }] : []);
  });

  test('one who goes meanwhile is passed over, and one without a name', async () => {
    const aws = await mockedAws();
    aws.iam.on(ListUsersCommand).resolves({ Users: [user('bob'), {} as ReturnType<typeof user>] });
    aws.iam.on(ListUserTagsCommand, { UserName: 'bob' }).rejects(awsError('NoSuchEntity', 404));
    expect(await found(aws)).toEqual([]);
    expect(aws.iam.commandCalls(ListUserTagsCommand).map(({ args: [{ input }] }) => input.UserName)).toEqual([
      'bob',
      '',
    ]);
  });
});

describe('records', () => {
  const alias = (Name: string | undefined, members: Partial<ResourceRecordSet> = {}): ResourceRecordSet => ({
    Name,
    Type: 'A',
    AliasTarget: { HostedZoneId: CLOUDFRONT_ZONE, DNSName: 'd1.cloudfront.net.', EvaluateTargetHealth: false },
    ...members,
  });

  test.each([
    ['an alias of CloudFront without a bucket', alias('gone.example.org.'), true],
    ['one with a bucket', alias(`${LIVE}.`), false],
    ['the domain itself', alias('example.org.'), false],
    ['a name that only ends alike', alias('gone.myexample.org.'), false],
    [
      'an alias of something else',
      alias('gone.example.org.', { AliasTarget: { HostedZoneId: 'Z2', DNSName: 'lb.', EvaluateTargetHealth: false } }),
      false,
    ],
    ['an address', alias('gone.example.org.', { AliasTarget: undefined }), false],
    ['an alias for IPv6 alone', alias('gone.example.org.', { Type: 'AAAA' }), true],
    [
      'a CNAME to a distribution',
      alias('gone.example.org.', {
        Type: 'CNAME',
        AliasTarget: undefined,
        ResourceRecords: [{ Value: 'd1.cloudfront.net' }],
      }),
      true,
    ],
    [
      'a CNAME to something else',
      alias('gone.example.org.', {
        Type: 'CNAME',
        AliasTarget: undefined,
        ResourceRecords: [{ Value: 'lb.example.net' }],
      }),
      false,
    ],
    ['one without a name', alias(undefined), false],
  ])('%s', async (_title, record, orphaned) => {
    const aws = await mockedAws({ domains });
    aws.route53.on(ListResourceRecordSetsCommand, { HostedZoneId: 'Z1' }).resolves({ ResourceRecordSets: [record] });
    expect(await found(aws)).toEqual(
      orphaned
        ? [
            {
              type: 'record',
              name: 'gone.example.org',
              bucket: 'gone.example.org',
              ageSeconds: undefined,
              target: 'd1.cloudfront.net',
            },
          ]
        : [],
    );
  });

  test.each([
    ['of this account that serves something else is somebody’s application', 'the application', 'lb.example.net', []],
    [
      'of this account that was the site’s',
      'gone.example.org',
      'gone.example.org.s3-website-us-east-1.amazonaws.com',
      ['gone.example.org'],
    ],
    [
      'of this account that was the site’s and has another origin by now',
      'gone.example.org',
      'lb.example.net',
      ['gone.example.org'],
    ],
    ['that nobody knows any more', undefined, undefined, ['gone.example.org']],
  ])('an alias of a distribution %s', async (_title, Comment, DomainName, names) => {
    const aws = await mockedAws({ domains });
    aws.route53.on(ListResourceRecordSetsCommand).resolves({ ResourceRecordSets: [alias('gone.example.org.')] });
    const one = { Id: 'E1', DomainName: 'D1.cloudfront.net', Comment, Origins: { Items: [{ DomainName }] } };
    const Items = Comment === undefined ? [] : [one as unknown as DistributionSummary];
    aws.cloudfront.on(ListDistributionsCommand).resolves({ DistributionList: { Items } as never });
    expect((await found(aws)).map(({ name }) => name)).toEqual(names);
  });

  test('are sought on all pages of every zone: the next begins at the name, type and identifier that Route 53 gives', async () => {
    const aws = await mockedAws({ domains: new Map([...domains, ['example.net', { ...domain, hostedZoneId: 'Z2' }]]) });
    const page = (HostedZoneId: string, start: object, answer: object): void => {
      aws.route53
        .on(ListResourceRecordSetsCommand, { HostedZoneId, ...start })
        .resolves({ MaxItems: 300, IsTruncated: true, ...answer });
    };
    page(
      'Z1',
      {},
      {
        ResourceRecordSets: [alias('a.example.org.')],
        NextRecordName: 'b',
        NextRecordType: 'A',
        NextRecordIdentifier: 'i',
      },
    );
    page('Z1', { StartRecordName: 'b', StartRecordType: 'A', StartRecordIdentifier: 'i' }, { NextRecordName: 'c' });
    // Truncated without a name to go on from is the end.
    page('Z1', { StartRecordName: 'c' }, { ResourceRecordSets: [alias('c.example.org.')] });
    page('Z2', {}, { ResourceRecordSets: [alias('a.example.net.')], IsTruncated: false, NextRecordName: 'b' });
    expect((await found(aws)).map(({ name }) => name)).toEqual(['a.example.org', 'c.example.org', 'a.example.net']);
    const asked = aws.route53.commandCalls(ListResourceRecordSetsCommand).map(({ args: [{ input }] }) => input);
    expect(asked).toContainEqual({ HostedZoneId: 'Z1', MaxItems: 300, StartRecordName: 'c' });
    expect(asked).toHaveLength(4);
  });

  test.each(REFUSALS)('%s', async (code, status, kind, times) => {
    const aws = await mockedAws({ domains });
    aws.route53.on(ListResourceRecordSetsCommand).rejects(awsError(code, status));
    expect(await errorOf(found(aws))).toMatchObject({ kind, origin: { service: 'route53' } });
    expect(aws.route53.commandCalls(ListResourceRecordSetsCommand)).toHaveLength(times);
  });
});
