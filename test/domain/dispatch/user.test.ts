import { CreateAccessKeyCommand, CreatePolicyCommand, DeleteAccessKeyCommand } from '@aws-sdk/client-iam';
import { toDomainError } from '../../../src/base/errors';
import { asBucket, asWebsite } from '../../../src/domain/shared/subject';
import type { CreateUserInput } from '../../../src/domain/shared/shapes';
import { mockedDesk } from '../../support/mocks/mocked-desk';
import { emptyIam, holdsRole, holdsUser, iamGroup, iamKey } from '../../support/mocks/mocked-iam';
import { sent, writes } from '../../support/mocks/mocked-run';
import { DISTRIBUTION_ARN, SITE, holdsSite, siteDistribution, siteDomains } from '../../support/mocks/mocked-site';

const photos = asBucket('photos');
const site = asWebsite(SITE);
const ada = (more: Partial<CreateUserInput> = {}, Path?: string): CreateUserInput => ({
  User: { UserName: 'ada', ...(Path !== undefined && { Path }) },
  ...more,
});

test.each<readonly [string, typeof photos, CreateUserInput, object]>([
  ['in no group', photos, ada({ Groups: [] }), { kind: 'invalid', pointer: '/Groups' }],
  ['of a bucket’s folder', photos, ada({}, '/docs/'), { kind: 'invalid', pointer: '/User/Path' }],
  [
    'of a folder and an admin of the site',
    site,
    ada({ Groups: ['BktAdmGrp'] }, '/docs/'),
    { kind: 'invalid', pointer: '/Groups' },
  ],
  ['of a site outside of all domains', asWebsite('docs.example.com'), ada(), { kind: 'not-found' }],
])('a user %s is refused without a call', async (_, subject, input, expected) => {
  const { provisioning, account, aws } = await mockedDesk({ domains: siteDomains() });
  expect(await provisioning.createUser(account, subject, input).then(() => undefined, toDomainError)).toMatchObject(
    expected,
  );
  expect(sent(aws)).toEqual([]);
});

test('a store without IAM has no users, and is not asked', async () => {
  const { provisioning, account, aws } = await mockedDesk({ iam: false });
  for (const asked of [
    provisioning.listUsers(account, photos),
    provisioning.showUser(account, photos, 'ada'),
    provisioning.createUser(account, photos, ada()),
    provisioning.deleteUser(account, photos, 'ada'),
  ]) {
    expect(await asked.then(() => undefined, toDomainError)).toMatchObject({ kind: 'unsupported' });
  }
  expect(sent(aws)).toEqual([]);
});

describe('on a website without a distribution', () => {
  const make = async (input: CreateUserInput) => {
    const desk = await mockedDesk({ domains: siteDomains() });
    emptyIam(desk.aws);
    holdsSite(desk.aws);
    holdsRole(desk.aws, `${SITE}-BktRO`);
    desk.aws.iam
      .on(CreateAccessKeyCommand)
      .resolves({ AccessKey: { UserName: 'ada', AccessKeyId: 'AKIA1', SecretAccessKey: 's', Status: 'Active' } });
    return { ...desk, done: await desk.provisioning.createUser(desk.account, site, input) };
  };

  test('a user can be made, but no admin of what is not there: nothing is left behind', async () => {
    const { done, aws } = await make(ada());
    expect(done.outcome).toMatchObject({
      state: 'failed',
      error: { kind: 'conflict', detail: expect.stringContaining('ask for Groups without WebAdmGrp') },
      left: [],
    });
    expect(writes(aws)).toEqual([]);
  });

  test.each([
    ['a reader', ada({ Groups: ['BktROGrp'] }), ['AddUserToGroup', 'CreateAccessKey', 'CreateUser']],
    [
      'a writer of a folder, with a page',
      ada({}, '/api/'),
      [
        'AddUserToGroup',
        'AttachGroupPolicy',
        'CreateAccessKey',
        'CreateGroup',
        'CreatePolicy',
        'CreateUser',
        'PutObject',
      ],
    ],
  ])('%s has all it needs', async (_, input, expected) => {
    const { aws, done } = await make(input);
    expect(done.outcome.state).toBe('succeeded');
    expect(writes(aws).toSorted()).toEqual(expected);
  });
});

test('the user of a website may do on its distribution what its admins may', async () => {
  const { provisioning, account, aws } = await mockedDesk({ domains: siteDomains() });
  emptyIam(aws);
  holdsSite(aws, siteDistribution());
  aws.iam
    .on(CreateAccessKeyCommand)
    .resolves({ AccessKey: { UserName: 'ada', AccessKeyId: 'AKIA1', SecretAccessKey: 's', Status: 'Active' } });
  expect((await provisioning.createUser(account, site, ada({ Groups: ['WebAdmGrp'] }))).outcome.state).toBe(
    'succeeded',
  );
  expect(aws.iam.commandCalls(CreatePolicyCommand).map(({ args: [{ input }] }) => input.PolicyDocument)).toEqual([
    expect.stringContaining(DISTRIBUTION_ARN),
  ]);
});

test('users are made, shown and given keys by their names', async () => {
  const { provisioning, account, aws } = await mockedDesk();
  emptyIam(aws);
  holdsRole(aws, 'photos-BktRO');
  holdsUser(aws, 'ada', { groups: [iamGroup('photos-BktROGrp')], keys: [iamKey('AKIA1')] });
  expect((await provisioning.createUser(account, photos, ada())).outcome).toMatchObject({
    state: 'failed',
    error: { kind: 'exists', detail: expect.stringContaining('a user ada exists already') as unknown },
  });
  expect(await provisioning.showUser(account, photos, 'ada')).toMatchObject({
    User: { UserName: 'ada' },
    AccessKeys: [{ AccessKeyId: 'AKIA1' }],
  });
  aws.iam
    .on(CreateAccessKeyCommand)
    .resolves({ AccessKey: { UserName: 'ada', AccessKeyId: 'AKIA2', SecretAccessKey: 's', Status: 'Active' } });
  const nobody = () => Promise.resolve(false);
  expect((await provisioning.resetKeys(account, photos, 'ada', nobody)).outcome).toMatchObject({
    state: 'failed',
    error: { kind: 'conflict' },
    left: [],
  });
  expect((await provisioning.addKey(account, photos, 'ada', nobody)).outcome).toMatchObject({
    state: 'failed',
    error: { kind: 'conflict' },
    left: [],
  });
  expect(aws.iam.commandCalls(DeleteAccessKeyCommand).map(({ args: [{ input }] }) => input.AccessKeyId)).toEqual([
    'AKIA2',
    'AKIA2',
  ]);
  expect((await provisioning.deleteUser(account, photos, 'ada')).outcome.state).toBe('succeeded');
  holdsUser(aws, 'ada', { groups: [iamGroup('videos-BktROGrp')] });
  expect((await provisioning.deleteUser(account, photos, 'ada')).outcome).toMatchObject({
    state: 'failed',
    error: { kind: 'not-found' },
  });
});
