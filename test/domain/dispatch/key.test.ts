import { CreatePolicyCommand } from '@aws-sdk/client-iam';
import { toDomainError } from '../../../src/base/errors';
import { asBucket, asWebsite } from '../../../src/domain/shared/subject';
import { mockedDesk, type MockedDesk } from '../../support/mocks/mocked-desk';
import { DISTRIBUTION_ARN, SITE, holdsSite, siteDistribution, siteDomains } from '../../support/mocks/mocked-site';
import { emptyIam, holdsRole, holdsUser, iamGroup } from '../../support/mocks/mocked-iam';
import { sent, writes } from '../../support/mocks/mocked-run';

const photos = asBucket('photos');
const KEY = 'AKIA1234567890123456';

const refused: readonly (readonly [string, (desk: MockedDesk) => Promise<unknown>, object])[] = [
  [
    'a change that says nothing',
    ({ provisioning, account }) => provisioning.changeUser(account, photos, 'ada', {}),
    { kind: 'invalid', detail: 'the body must have at least one of Status, Groups' },
  ],
  [
    'a change into no group',
    ({ provisioning, account }) => provisioning.changeUser(account, photos, 'ada', { Status: 'Active', Groups: [] }),
    { kind: 'invalid', pointer: '/Groups' },
  ],
  [
    'an impossible user',
    ({ provisioning, account }) => provisioning.changeUser(account, photos, 'a/b', { Status: 'Active' }),
    { kind: 'invalid' },
  ],
  [
    'an impossible key to turn off',
    ({ provisioning, account }) => provisioning.setKeyStatus(account, photos, { user: 'ada', id: '../x' }, 'Inactive'),
    { kind: 'invalid' },
  ],
  [
    'an impossible key to delete',
    ({ provisioning, account }) => provisioning.deleteKey(account, photos, { user: 'ada', id: '' }),
    { kind: 'invalid' },
  ],
  [
    'a report of an impossible age',
    ({ provisioning, account }) => provisioning.reportKeys(account, { olderThan: 'long' }),
    { kind: 'invalid' },
  ],
];

test.each(refused)('%s is refused without a call', async (_, ask, expected) => {
  const desk = await mockedDesk();
  expect(await ask(desk).then(() => undefined, toDomainError)).toMatchObject(expected);
  expect(sent(desk.aws)).toEqual([]);
});

const withoutIam: readonly (readonly [string, (desk: MockedDesk) => Promise<unknown>])[] = [
  ['no key is added', ({ provisioning, account }) => provisioning.addKey(account, photos, 'ada')],
  ['none is listed', ({ provisioning, account }) => provisioning.listKeys(account, photos, 'ada')],
  [
    'none is turned',
    ({ provisioning, account }) => provisioning.setKeyStatus(account, photos, { user: 'ada', id: KEY }, 'Active'),
  ],
  ['none is deleted', ({ provisioning, account }) => provisioning.deleteKey(account, photos, { user: 'ada', id: KEY })],
  ['none is revoked', ({ provisioning, account }) => provisioning.revokeKeys(account, photos, 'ada')],
  [
    'no user is changed',
    ({ provisioning, account }) => provisioning.changeUser(account, photos, 'ada', { Status: 'Active' }),
  ],
  ['nothing is reported', ({ provisioning, account }) => provisioning.reportKeys(account, {})],
];

test.each(withoutIam)('on a store without IAM %s, and nobody asks it', async (_, ask) => {
  const desk = await mockedDesk({ iam: false });
  expect(await ask(desk).then(() => undefined, toDomainError)).toMatchObject({ kind: 'unsupported' });
  expect(sent(desk.aws)).toEqual([]);
});

describe('into the admins of a website', () => {
  const change = ({ provisioning, account }: MockedDesk) =>
    provisioning.changeUser(account, asWebsite(SITE), 'ada', { Groups: ['WebAdmGrp'] });

  async function withAda(distribution: ReturnType<typeof siteDistribution> | undefined): Promise<MockedDesk> {
    const desk = await mockedDesk({ domains: siteDomains() });
    emptyIam(desk.aws);
    holdsSite(desk.aws, distribution);
    holdsRole(desk.aws, `${SITE}-BktRO`);
    holdsUser(desk.aws, 'ada', { groups: [iamGroup(`${SITE}-BktROGrp`)] });
    return desk;
  }

  test('a user gets what may be done on its distribution', async () => {
    const desk = await withAda(siteDistribution());
    expect((await change(desk)).outcome).toMatchObject({
      state: 'succeeded',
      value: { Groups: [{ GroupName: `${SITE}-WebAdmGrp` }] },
    });
    expect(desk.aws.iam.commandCalls(CreatePolicyCommand)[0]?.args[0].input.PolicyDocument).toContain(DISTRIBUTION_ARN);
  });

  test('a change into other groups does not ask for the distribution', async () => {
    const desk = await withAda(siteDistribution());
    expect(
      (await desk.provisioning.changeUser(desk.account, asWebsite(SITE), 'ada', { Groups: ['BktROGrp'] })).outcome
        .state,
    ).toBe('succeeded');
    expect(desk.aws.cloudfront.calls()).toEqual([]);
  });

  test('nobody gets without a distribution: nothing is changed', async () => {
    const desk = await withAda(undefined);
    expect((await change(desk)).outcome).toMatchObject({
      state: 'failed',
      error: { kind: 'conflict', detail: expect.stringContaining('has no CloudFront distribution') },
      left: [],
    });
    expect(writes(desk.aws)).toEqual([]);
  });
});
