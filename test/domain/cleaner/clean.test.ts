import {
  DeleteDistributionCommand,
  GetDistributionCommand,
  ListDistributionsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudfront';
import {
  DeleteGroupCommand,
  DeletePolicyCommand,
  DeleteUserCommand,
  DetachGroupPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListEntitiesForPolicyCommand,
  ListGroupsCommand,
  ListPoliciesCommand,
  ListUserTagsCommand,
  ListUsersCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { ChangeResourceRecordSetsCommand, ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import type { Target } from '../../../src/domain/shared/operation';
import { previewCleaner, runCleaner } from '../../../src/domain/cleaner/clean';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import {
  arnOfPolicy,
  emptyIam,
  holdsGroup,
  holdsPolicy,
  holdsUser,
  iamGroup,
  iamKey,
} from '../../support/mocks/mocked-iam';
import { siteDomains } from '../../support/mocks/mocked-site';
import { errorOf, run, valueOf, writes, recipeFor } from '../../support/mocks/mocked-run';

const GONE = 'gone.example.org';
const ALIAS = {
  Name: `${GONE}.`,
  Type: 'A' as const,
  AliasTarget: { HostedZoneId: 'Z2FDTNDATAQYW2', DNSName: 'd1.cloudfront.net.', EvaluateTargetHealth: false },
};
const aliasOf = (name: string) => ({ ...ALIAS, Name: `${name}.` });
const policy = (PolicyName: string, Path = '/') => ({
  PolicyName,
  Path,
  Arn: arnOfPolicy(PolicyName, Path),
  CreateDate: new Date('2029-12-31T23:59:00Z'),
});

/** An account in which one of everything has lost its bucket; only `photos` is there. */
async function littered(): Promise<MockedAws> {
  const aws = await mockedAws({ domains: siteDomains() });
  emptyIam(aws);
  aws.s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'photos' }] });
  aws.iam.on(ListGroupsCommand).resolves({
    Groups: [iamGroup('gone-BktRWGrp'), iamGroup('photos-BktRWGrp'), iamGroup('foo-BktRWGrp', '/team/x/')],
  });
  aws.iam.on(ListPoliciesCommand).resolves({
    Policies: [
      policy('gone-BktROPlc'),
      policy(`${GONE}-docs_api-BktRWPlc`, `/${GONE}/docs/api/`),
      policy('photos-BktROPlc'),
    ],
  });
  aws.iam
    .on(ListUsersCommand)
    .resolves({ Users: [{ UserName: 'ada', UserId: 'AIDA', Path: '/', Arn: 'arn', CreateDate: undefined }] });
  aws.iam.on(ListUserTagsCommand, { UserName: 'ada' }).resolves({
    Tags: [
      { Key: 'spinup:org', Value: 'acme' },
      { Key: 'mallard:bucket', Value: 'gone' },
    ],
  });
  aws.route53.on(ListResourceRecordSetsCommand, { HostedZoneId: 'Z1' }).resolves({
    ResourceRecordSets: [ALIAS, aliasOf('a.b.example.org'), aliasOf('\\052.example.org'), aliasOf('example.org')],
  });
  holdsGroup(aws, iamGroup('gone-BktRWGrp'), ['gone-BktRWPlc'], ['eve']);
  holdsPolicy(aws, 'gone-BktRWPlc');
  holdsPolicy(aws, 'gone-BktROPlc');
  holdsPolicy(aws, `${GONE}-docs_api-BktRWPlc`, `/${GONE}/docs/api/`);
  holdsUser(aws, 'ada', { groups: [iamGroup('gone-BktRWGrp')] });
  return aws;
}

const ACCOUNT: Target = { kind: 'account', account: 'demo', bucket: '', user: '', params: {} };

/** A distribution of ours, turned off, whose bucket is gone. */
function leavesDistribution({ cloudfront }: MockedAws, Status = 'Deployed', Enabled = false): void {
  const ARN = 'arn:aws:cloudfront::123456789012:distribution/E1';
  cloudfront.on(ListDistributionsCommand).resolves({
    DistributionList: {
      Items: [{ Id: 'E1', ARN, Comment: GONE, Enabled: false, Status: 'Deployed' } as never],
    } as never,
  });
  cloudfront.on(ListTagsForResourceCommand).resolves({ Tags: { Items: [{ Key: 'spinup:org', Value: 'acme' }] } });
  cloudfront
    .on(GetDistributionCommand, { Id: 'E1' })
    .resolves({ ETag: 'v7', Distribution: { Id: 'E1', ARN, Status, DistributionConfig: { Enabled } } as never });
}

test('what is listed names its bucket, and its age where AWS tells it', async () => {
  const aws = await littered();
  expect((await previewCleaner.read(aws.context, ACCOUNT, {})).orphans).toEqual([
    { type: 'group', name: 'gone-BktRWGrp', bucket: 'gone', ageSeconds: 178_934_400 },
    { type: 'policy', name: 'gone-BktROPlc', bucket: 'gone', ageSeconds: 60 },
    { type: 'policy', name: `${GONE}-docs_api-BktRWPlc`, bucket: GONE, ageSeconds: 60 },
    { type: 'user', name: 'ada', bucket: 'gone', ageSeconds: undefined },
    { type: 'record', name: GONE, bucket: GONE, ageSeconds: undefined, target: 'd1.cloudfront.net' },
  ]);
});

test('an orphaned group is deleted after its members have left and its policies are detached', async () => {
  const aws = await littered();
  expect(
    await valueOf(
      aws,
      recipeFor(
        aws.context,
        runCleaner,
        { kind: 'account', bucket: '' },
        { orphans: ['group/gone-BktRWGrp', 'group/gone-BktRWGrp'] },
      ),
    ),
  ).toEqual({
    distributions: [],
    orphans: [{ type: 'group', name: 'gone-BktRWGrp', bucket: 'gone', ageSeconds: 178_934_400 }],
    kept: [],
    left: [],
  });
  const GroupName = 'gone-BktRWGrp';
  expect(aws.iam.commandCalls(RemoveUserFromGroupCommand, { GroupName, UserName: 'eve' })).toHaveLength(1);
  expect(
    aws.iam.commandCalls(DetachGroupPolicyCommand, { GroupName, PolicyArn: arnOfPolicy('gone-BktRWPlc') }),
  ).toHaveLength(1);
  expect(aws.iam.commandCalls(DeleteGroupCommand, { GroupName })).toHaveLength(1);
});

test.each([
  ['of a bucket', 'gone-BktROPlc', arnOfPolicy('gone-BktROPlc')],
  [
    'of a folder, under the path of its site',
    `${GONE}-docs_api-BktRWPlc`,
    arnOfPolicy(`${GONE}-docs_api-BktRWPlc`, `/${GONE}/docs/api/`),
  ],
])('a policy %s', async (_, name, PolicyArn) => {
  const aws = await littered();
  aws.iam.on(ListEntitiesForPolicyCommand, { PolicyArn }).resolves({ PolicyGroups: [{ GroupName: 'others' }] });
  await valueOf(
    aws,
    recipeFor(aws.context, runCleaner, { kind: 'account', bucket: '' }, { orphans: [`policy/${name}`] }),
  );
  expect(aws.iam.commandCalls(DetachGroupPolicyCommand, { GroupName: 'others', PolicyArn })).toHaveLength(1);
  expect(aws.iam.commandCalls(DeletePolicyCommand).map(({ args: [{ input }] }) => input)).toEqual([{ PolicyArn }]);
});

test.each([
  [
    'group/gone-BktRWGrp',
    [
      'membership of user eve in group gone-BktRWGrp',
      'attachment of policy gone-BktRWPlc to group gone-BktRWGrp',
      'group gone-BktRWGrp',
    ],
  ],
  ['policy/gone-BktROPlc', ['policy gone-BktROPlc']],
  ['user/ada', ['membership of user ada in group gone-BktRWGrp', 'user ada']],
  [`record/${GONE}`, [`DNS record A ${GONE}.`]],
])('the dry run for %s foresees each thing that goes, by its name', async (name, resources) => {
  const aws = await littered();
  aws.route53
    .on(ListResourceRecordSetsCommand, { HostedZoneId: 'Z1', StartRecordName: GONE })
    .resolves({ ResourceRecordSets: [ALIAS] });
  const told = await runCleaner.dryRun?.(aws.context, ACCOUNT, { orphans: [name] });
  const touches = told?.seen.foreseen?.[name]?.touches ?? [];
  expect(touches.map(({ action, resource }) => `${action} ${resource}`)).toEqual(
    resources.map((resource) => `delete ${resource}`),
  );
  expect(told?.report).toMatchObject({ kept: [], left: [] });
  expect(told?.report.orphans).toHaveLength(5);
  expect(writes(aws)).toEqual([]);
});

test('what cannot be looked at fails the dry run, and in a run its own step alone', async () => {
  const aws = await littered();
  aws.iam.on(GetPolicyCommand, { PolicyArn: arnOfPolicy('gone-BktROPlc') }).rejects(awsError('AccessDenied', 403));
  const orphans = ['policy/gone-BktROPlc', 'user/ada'];
  await expect(runCleaner.dryRun?.(aws.context, ACCOUNT, { orphans })).rejects.toMatchObject({
    error: { kind: 'denied' },
  });
  const recipe = recipeFor(aws.context, runCleaner, { kind: 'account', bucket: '' }, { orphans });
  expect(await run(aws, recipe)).toMatchObject({ state: 'failed', error: { kind: 'denied' } });
  expect(aws.iam.commandCalls(DeleteUserCommand, { UserName: 'ada' })).toHaveLength(1);
});

test('a group that gives its members more stays, and says so', async () => {
  const aws = await littered();
  holdsGroup(aws, iamGroup('gone-BktRWGrp'), ['of-a-team'], ['eve']);
  const left = [{ Resource: 'group gone-BktRWGrp', because: expect.stringContaining('the policy of-a-team') }];
  expect(
    await valueOf(
      aws,
      recipeFor(aws.context, runCleaner, { kind: 'account', bucket: '' }, { orphans: ['group/gone-BktRWGrp'] }),
    ),
  ).toEqual({
    distributions: [],
    orphans: [],
    kept: [],
    left,
  });
  expect(writes(aws)).toEqual([]);
});

test('a policy that is not surely ours stays, and says so; one of the predecessor’s goes', async () => {
  const aws = await littered();
  const PolicyArn = arnOfPolicy('gone-BktROPlc');
  aws.iam.on(GetPolicyCommand, { PolicyArn }).resolves({ Policy: { DefaultVersionId: 'v1' } });
  const say = (Resource: string) =>
    aws.iam
      .on(GetPolicyVersionCommand, { PolicyArn })
      .resolves({ PolicyVersion: { Document: JSON.stringify({ Statement: { Resource } }) } });
  say('*');
  expect(
    await valueOf(
      aws,
      recipeFor(aws.context, runCleaner, { kind: 'account', bucket: '' }, { orphans: ['policy/gone-BktROPlc'] }),
    ),
  ).toMatchObject({
    orphans: [],
    left: [{ Resource: 'policy gone-BktROPlc' }],
  });
  expect(writes(aws)).toEqual([]);
  say('arn:aws:s3:::gone/*');
  expect(
    await valueOf(
      aws,
      recipeFor(aws.context, runCleaner, { kind: 'account', bucket: '' }, { orphans: ['policy/gone-BktROPlc'] }),
    ),
  ).toMatchObject({
    orphans: [{ name: 'gone-BktROPlc' }],
    left: [],
  });
  expect(writes(aws)).toEqual(['DeletePolicy']);
});

test('a user that has more than the service gave it only leaves the groups of its bucket', async () => {
  const aws = await littered();
  const tags = [
    { Key: 'spinup:org', Value: 'acme' },
    { Key: 'mallard:bucket', Value: 'gone' },
  ];
  holdsUser(aws, 'ada', { tags, groups: [iamGroup('other'), iamGroup('gone-BktRWGrp')], keys: [iamKey('AKIA1')] });
  const kept = [{ UserName: 'ada', because: expect.stringContaining('other groups (other)') }];
  expect(
    await valueOf(aws, recipeFor(aws.context, runCleaner, { kind: 'account', bucket: '' }, { orphans: ['user/ada'] })),
  ).toEqual({
    distributions: [],
    orphans: [],
    kept,
    left: [],
  });
  expect(aws.iam.commandCalls(RemoveUserFromGroupCommand).map(({ args: [{ input }] }) => input)).toEqual([
    { GroupName: 'gone-BktRWGrp', UserName: 'ada' },
  ]);
  expect(writes(aws)).toEqual(['RemoveUserFromGroup']);
});

test('a user whose age nobody knows leaves its groups and goes', async () => {
  const aws = await littered();
  const { orphans } = await valueOf(
    aws,
    recipeFor(aws.context, runCleaner, { kind: 'account', bucket: '' }, { orphans: ['user/ada'] }),
  );
  expect(orphans).toEqual([{ type: 'user', name: 'ada', bucket: 'gone', ageSeconds: undefined }]);
  expect(
    aws.iam.commandCalls(RemoveUserFromGroupCommand, { GroupName: 'gone-BktRWGrp', UserName: 'ada' }),
  ).toHaveLength(1);
  expect(aws.iam.commandCalls(DeleteUserCommand, { UserName: 'ada' })).toHaveLength(1);
});

test('a record is taken out of the zone of its domain, and what does not point at CloudFront stays', async () => {
  const aws = await littered();
  const text = { Name: `${GONE}.`, Type: 'TXT' as const, TTL: 60, ResourceRecords: [{ Value: '"x"' }] };
  aws.route53
    .on(ListResourceRecordSetsCommand, { HostedZoneId: 'Z1', StartRecordName: GONE })
    .resolves({ ResourceRecordSets: [ALIAS, text] });
  await valueOf(
    aws,
    recipeFor(aws.context, runCleaner, { kind: 'account', bucket: '' }, { orphans: [`record/${GONE}`] }),
  );
  const [change] = aws.route53.commandCalls(ChangeResourceRecordSetsCommand);
  expect(change?.args[0].input).toMatchObject({
    HostedZoneId: 'Z1',
    ChangeBatch: { Changes: [{ Action: 'DELETE', ResourceRecordSet: ALIAS }] },
  });
  expect(writes(aws)).toEqual(['ChangeResourceRecordSets']);
});

test.each([
  'group/photos-BktRWGrp',
  'group/foo-BktRWGrp',
  'group/nobody',
  'user/gone-BktRWGrp',
  'record/a.b.example.org',
  'record/\\052.example.org',
])('%s is none of the orphans: nothing is done', async (name) => {
  const aws = await littered();
  leavesDistribution(aws);
  expect(
    await errorOf(
      aws,
      recipeFor(aws.context, runCleaner, { kind: 'account', bucket: '' }, { orphans: [name, 'user/ada'] }),
    ),
  ).toMatchObject({
    kind: 'not-found',
    detail: expect.stringContaining(name),
  });
  expect(writes(aws)).toEqual([]);
});

test('what cannot be removed holds up nothing else, and is left; nothing that is gone comes back', async () => {
  const aws = await littered();
  aws.iam.on(DeleteGroupCommand).rejects(awsError('AccessDenied', 403));
  const outcome = await run(
    aws,
    recipeFor(
      aws.context,
      runCleaner,
      { kind: 'account', bucket: '' },
      { orphans: ['group/gone-BktRWGrp', 'policy/gone-BktROPlc'] },
    ),
  );
  expect(outcome).toMatchObject({
    state: 'failed',
    error: { kind: 'denied' },
    left: [{ step: 'Delete group gone-BktRWGrp' }],
  });
  expect(aws.iam.commandCalls(DeletePolicyCommand)).toHaveLength(1);
  expect(writes(aws)).not.toContain('AddUserToGroup');
});

test('a record of a domain that the account no longer has is nobody’s to remove', async () => {
  const aws = await littered();
  const recipe = recipeFor(
    aws.context,
    runCleaner,
    { kind: 'account', bucket: '' },
    { orphans: ['record/docs.example.com'] },
  );
  const seen = {
    distributions: [],
    orphans: [{ type: 'record', name: 'docs.example.com', bucket: 'docs.example.com', ageSeconds: null }],
  } as const;
  expect(await errorOf(aws, { ...recipe, look: async () => seen })).toMatchObject({ kind: 'not-found' });
  expect(writes(aws)).toEqual([]);
});

test.each([
  ['is deleted in the version that was read', 'Deployed', false, ['E1']],
  ['that was turned on meanwhile is left alone', 'Deployed', true, []],
  ['that is being deployed again is left alone', 'InProgress', false, []],
] as const)('a distribution that nobody uses %s', async (_, status, enabled, deleted) => {
  const aws = await littered();
  leavesDistribution(aws, status, enabled);
  const outcome = await run(aws, recipeFor(aws.context, runCleaner, { kind: 'account', bucket: '' }, { orphans: [] }));
  expect(outcome).toMatchObject({
    state: 'succeeded',
    value: { distributions: deleted.map((id) => ({ id, site: GONE, reason: 'bucket-gone' })), orphans: [] },
  });
  expect(aws.cloudfront.commandCalls(DeleteDistributionCommand).map(({ args: [{ input }] }) => input)).toEqual(
    deleted.map((Id) => ({ Id, IfMatch: 'v7' })),
  );
  // Without names nobody looks for orphans.
  expect(aws.iam.calls()).toEqual([]);
});
