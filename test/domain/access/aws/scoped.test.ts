import { GetGroupCommand, GetPolicyVersionCommand, ListGroupsCommand, ListPoliciesCommand } from '@aws-sdk/client-iam';
import { asWebsite } from '../../../../src/domain/shared/subject';
import { folderGroups, folderPolicies, scopedGroups } from '../../../../src/domain/access/aws/scoped';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import {
  REFUSALS,
  arnOf,
  documentOn,
  domains,
  errorOf,
  group,
  haveGroup,
  havePolicy,
  policy,
} from '../../../support/mocks/mocked-reads';

const SITE = 'docs.example.org';
const site = asWebsite(SITE);
const NAMED = group(`${SITE}-api-BktRWGrp`, { Path: `/${SITE}/api/` });
const FORMER = group(`${SITE}-old-BktROGrp`);

const list = ({ iam }: MockedAws, ...Groups: ReturnType<typeof group>[]): void => {
  iam.on(ListGroupsCommand).resolves({ Groups });
};

describe('the groups of a site’s folders', () => {
  test('are those under the site’s own path and those whose policies prove it, with their members', async () => {
    const aws = await mockedAws({ domains });
    aws.iam.on(ListGroupsCommand).resolves({ Groups: [NAMED, group('Developers')], IsTruncated: true, Marker: 'm1' });
    aws.iam.on(ListGroupsCommand, { Marker: 'm1' }).resolves({ Groups: [FORMER] });
    haveGroup(aws, NAMED, ['ann']);
    haveGroup(aws, FORMER, ['bob'], [arnOf('odd')]);
    havePolicy(aws, arnOf('odd'), documentOn(SITE));
    const { groups, subject } = await scopedGroups(aws.context, site);
    expect(groups.map(({ name, members }) => [name, members.map(({ UserName }) => UserName)])).toEqual([
      [NAMED.GroupName, ['ann']],
      [FORMER.GroupName, ['bob']],
    ]);
    expect(subject.proven).toEqual({ own: [FORMER.GroupName], foreign: [] });
    const former = await folderGroups(aws.context, site);
    expect([former.named, former.groups.map(({ name }) => name)]).toEqual([[NAMED.GroupName], [FORMER.GroupName]]);
  });

  test.each([
    ['under the path of a site that only begins alike', group(`${SITE}-api-BktRWGrp`, { Path: `/${SITE}.uk/api/` })],
    ['of a bucket’s role under the site’s path', group(`${SITE}-BktAdmGrp`, { Path: `/${SITE}/api/` })],
    ['of another name under the site’s path', group('Developers', { Path: `/${SITE}/` })],
    ['without a path', { GroupName: 'Developers' } as ReturnType<typeof group>],
    ['without a name under the site’s path', { Path: `/${SITE}/api/` } as ReturnType<typeof group>],
  ])('are none %s', async (_title, other) => {
    const aws = await mockedAws({ domains });
    list(aws, other);
    expect((await scopedGroups(aws.context, site)).groups).toEqual([]);
    expect(aws.iam.commandCalls(GetGroupCommand)).toHaveLength(0);
  });

  test('are none whose policies prove nothing, and none that go meanwhile', async () => {
    const aws = await mockedAws({ domains });
    list(aws, NAMED, FORMER, group(`${SITE}-gone-BktRWGrp`));
    aws.iam.on(GetGroupCommand).rejects(awsError('NoSuchEntity', 404));
    haveGroup(aws, FORMER, [], [arnOf('odd')]);
    havePolicy(aws, arnOf('odd'), documentOn(`${SITE}-old`));
    expect(await scopedGroups(aws.context, site)).toMatchObject({ groups: [], subject: { proven: { own: [] } } });
    // What path and name tell is not read.
    expect(await folderGroups(aws.context, site)).toMatchObject({ named: [NAMED.GroupName], groups: [] });
  });

  test.each(REFUSALS)('%s', async (code, status, kind, times) => {
    const aws = await mockedAws({ domains });
    aws.iam.on(ListGroupsCommand).rejects(awsError(code, status));
    expect(await errorOf(scopedGroups(aws.context, site))).toMatchObject({ kind });
    expect(aws.iam.commandCalls(ListGroupsCommand)).toHaveLength(times);
  });
});

describe('the policies of a site’s folders', () => {
  const named = policy(`${SITE}-api-BktRWPlc`, `/${SITE}/api/`);
  const former = policy(`${SITE}-old-BktROPlc`);
  const asNamed = ({ PolicyName, Arn }: ReturnType<typeof policy>) => ({ name: PolicyName, arn: Arn });

  test('are those under the site’s own path, and those whose text speaks of the site alone', async () => {
    const aws = await mockedAws();
    aws.iam
      .on(ListPoliciesCommand, { Scope: 'Local' })
      .resolves({ Policies: [named, policy('Developers')], IsTruncated: true, Marker: 'm1' });
    aws.iam
      .on(ListPoliciesCommand, { Marker: 'm1' })
      .resolves({ Policies: [former, policy(`${SITE}-x-BktROPlc`), policy(`${SITE}-gone-BktROPlc`)] });
    aws.iam.on(GetPolicyVersionCommand).rejects(awsError('NoSuchEntity', 404));
    havePolicy(aws, arnOf(`${SITE}-old-BktROPlc`), documentOn(SITE));
    havePolicy(aws, arnOf(`${SITE}-x-BktROPlc`), documentOn(`${SITE}-x`));
    expect(await folderPolicies(aws.context, site)).toEqual({ named: [asNamed(named)], former: [asNamed(former)] });
  });

  test('may come without version or ARN: the first version is read, the rest is empty; one without a name is nobody’s', async () => {
    const aws = await mockedAws();
    aws.iam.on(ListPoliciesCommand).resolves({
      Policies: [
        { PolicyName: `${SITE}-old-BktROPlc` },
        { Path: `/${SITE}/` },
        { PolicyName: 'of-a-team', Path: `/${SITE}/api/` },
        { PolicyName: `${SITE}-api-BktROPlc`, Path: `/${SITE}/api/` },
      ],
    });
    aws.iam
      .on(GetPolicyVersionCommand, { PolicyArn: '', VersionId: 'v1' })
      .resolves({ PolicyVersion: { Document: encodeURIComponent(documentOn(SITE)) } });
    expect(await folderPolicies(aws.context, site)).toEqual({
      named: [{ name: `${SITE}-api-BktROPlc`, arn: '' }],
      former: [{ name: `${SITE}-old-BktROPlc`, arn: '' }],
    });
  });
});
