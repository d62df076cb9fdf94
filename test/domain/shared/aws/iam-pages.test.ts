import { ListGroupsCommand } from '@aws-sdk/client-iam';
import { allPages } from '../../../../src/domain/shared/aws/iam-pages';
import { reading } from '../../../../src/domain/shared/context';
import { toDomainError } from '../../../../src/base/errors';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';

const groupsOf = async (aws: MockedAws): Promise<readonly (string | undefined)[]> =>
  (
    await allPages(
      (marker) => reading(aws.context, () => aws.context.session.iam(new ListGroupsCommand(marker))),
      (page) => page.Groups,
    )
  ).map(({ GroupName }) => GroupName);

const group = (GroupName: string) => ({ Path: '/', GroupName, GroupId: 'AGPA', Arn: 'arn', CreateDate: new Date(0) });

describe('allPages', () => {
  test('turns pages until IAM says that there are no more', async () => {
    const aws = await mockedAws();
    aws.iam.on(ListGroupsCommand, {}).resolves({ Groups: [group('a')], IsTruncated: true, Marker: 'm1' });
    aws.iam.on(ListGroupsCommand, { Marker: 'm1' }).resolves({ Groups: [group('b')], IsTruncated: true, Marker: 'm2' });
    // A page may be empty and not the last; a marker without IsTruncated means nothing.
    aws.iam.on(ListGroupsCommand, { Marker: 'm2' }).resolves({ Groups: undefined, IsTruncated: true, Marker: 'm3' });
    aws.iam.on(ListGroupsCommand, { Marker: 'm3' }).resolves({ Groups: [group('c')], Marker: 'm4' });
    expect(await groupsOf(aws)).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['Throttling', 400, 'throttled', 4],
    ['ServiceFailure', 500, 'unavailable', 4],
    ['AccessDenied', 403, 'denied', 1],
  ] as const)('%s in the midst of it is asked again only where a pause may heal', async (code, status, kind, times) => {
    const aws = await mockedAws();
    aws.iam.on(ListGroupsCommand, {}).resolves({ Groups: [group('a')], IsTruncated: true, Marker: 'm1' });
    aws.iam.on(ListGroupsCommand, { Marker: 'm1' }).rejects(awsError(code, status));
    const error = await groupsOf(aws).then(() => undefined, toDomainError);
    expect(error).toMatchObject({ kind, origin: { service: 'iam', call: 'ListGroups' } });
    expect(aws.iam.commandCalls(ListGroupsCommand, { Marker: 'm1' })).toHaveLength(times);
  });
});
