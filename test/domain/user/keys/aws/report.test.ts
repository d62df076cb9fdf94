import {
  type AccessKeyMetadata,
  GetAccessKeyLastUsedCommand,
  GetAccountAuthorizationDetailsCommand,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { markerOf, type ReportRange, reportRange } from '../../../../../src/domain/user/keys/rules/input';
import { keyReport } from '../../../../../src/domain/user/keys/aws/report';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { REFUSALS, errorOf } from '../../../../support/mocks/mocked-reads';

const DAY = 86_400_000;
const id = (name: string): string => `AKIA${name.toUpperCase().padEnd(16, '0')}`;

/** Users of the bucket photos with these keys; a key's age is in milliseconds. */
async function world(
  users: Readonly<Record<string, readonly (readonly [id: string, age?: number])[]>>,
): Promise<MockedAws> {
  const aws = await mockedAws();
  aws.s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'photos' }] });
  const GroupName = 'photos-BktROGrp';
  const UserDetailList = Object.keys(users).map((UserName) => ({ UserName, GroupList: [GroupName] }));
  aws.iam
    .on(GetAccountAuthorizationDetailsCommand)
    .resolves({ UserDetailList, GroupDetailList: [{ GroupName, Path: '/' }] });
  aws.iam.on(ListAccessKeysCommand).callsFake(({ UserName }: { UserName: string }) => {
    const keys = (users[UserName] ?? []).map(([AccessKeyId, age]): AccessKeyMetadata => ({
      AccessKeyId,
      ...(age !== undefined && { CreateDate: new Date(aws.clock.now() - age) }),
    }));
    return { AccessKeyMetadata: keys };
  });
  return aws;
}
const report = ({ context }: MockedAws, range: Partial<ReportRange> = {}) =>
  keyReport(context, { olderThanMs: undefined, limit: 100, after: undefined, ...range }, () => false);
const ids = (keys: readonly { readonly AccessKeyId: string }[]) => keys.map(({ AccessKeyId }) => AccessKeyId);

test('the report lists keys by user and id, with whole days of age and the last use', async () => {
  const aws = await world({
    bob: [
      [id('b2'), 3 * DAY - 1],
      [id('b1'), 1],
    ],
    ann: [[id('a'), DAY]],
    zoe: [],
  });
  const LastUsedDate = new Date(7);
  aws.iam
    .on(GetAccessKeyLastUsedCommand, { AccessKeyId: id('a') })
    .resolves({ UserName: 'ann', AccessKeyLastUsed: { LastUsedDate, ServiceName: 's3', Region: 'us-east-1' } });
  const { Keys, Marker } = await report(aws);
  expect(Keys).toMatchObject([
    {
      AccessKeyId: id('a'),
      UserName: 'ann',
      ageDays: 1,
      Bucket: 'photos',
      LastUsed: { LastUsedDate, ServiceName: 's3', Region: 'us-east-1' },
    },
    { AccessKeyId: id('b1'), UserName: 'bob', ageDays: 0, LastUsed: undefined },
    { AccessKeyId: id('b2'), UserName: 'bob', ageDays: 2 },
  ]);
  expect(Marker).toBeUndefined();
});

test('ages: at least the wanted one; a key without a date is of no age, one of the future of none yet', async () => {
  const aws = await world({
    bob: [[id('old'), 2 * DAY], [id('just'), DAY], [id('young'), DAY - 1], [id('ageless')], [id('future'), -DAY]],
  });
  expect(ids((await report(aws, { olderThanMs: DAY })).Keys)).toEqual([id('just'), id('old')]);
  const all = (await report(aws)).Keys.map(({ AccessKeyId, ageDays }) => [AccessKeyId, ageDays]);
  expect(all).toEqual([
    [id('ageless'), undefined],
    [id('future'), 0],
    [id('just'), 1],
    [id('old'), 2],
    [id('young'), 0],
  ]);
});

test.each([1, 2, 3, 4])('pages of %d keys lead through all of them, each once', async (limit) => {
  const aws = await world({
    ann: [[id('a1')], [id('a2')], [id('a3')]],
    bob: [],
    cid: [[id('c1')]],
    dan: [[id('d2')], [id('d1')]],
  });
  const seen: string[] = [];
  let marker: string | undefined;
  do {
    const { Keys, Marker } = await report(aws, reportRange({ limit, ...(marker !== undefined && { marker }) }));
    expect(Keys.length).toBeLessThanOrEqual(limit);
    seen.push(...ids(Keys));
    marker = Marker;
  } while (marker !== undefined);
  expect(seen).toEqual(['a1', 'a2', 'a3', 'c1', 'd1', 'd2'].map(id));
});

test('no more than five hundred users are looked at for an answer, and the next goes on after the last', async () => {
  const name = (n: number): string => `u${String(n).padStart(3, '0')}`;
  const aws = await world(
    Object.fromEntries(Array.from({ length: 501 }, (_, n) => [name(n), n === 500 ? [[id('last')] as const] : []])),
  );
  const { Keys, Marker } = await report(aws);
  expect([Keys, Marker]).toEqual([[], markerOf({ user: name(499), key: undefined })]);
  expect(aws.iam.commandCalls(ListAccessKeysCommand)).toHaveLength(500);
  const rest = await report(aws, { after: { user: name(499), key: undefined } });
  expect([ids(rest.Keys), rest.Marker]).toEqual([[id('last')], undefined]);
});

test('a user who goes meanwhile has no keys', async () => {
  const aws = await world({ ann: [[id('a')]], bob: [[id('b')]] });
  aws.iam.on(ListAccessKeysCommand, { UserName: 'ann' }).rejects(awsError('NoSuchEntity', 404));
  expect(ids((await report(aws)).Keys)).toEqual([id('b')]);
});

test.each(REFUSALS)('%s on one user ends the report', async (code, status, kind, times) => {
  const aws = await world({ ann: [[id('a')]], bob: [[id('b')]] });
  aws.iam.on(ListAccessKeysCommand, { UserName: 'bob' }).rejects(awsError(code, status));
  expect(await errorOf(report(aws))).toMatchObject({ kind });
  expect(aws.iam.commandCalls(ListAccessKeysCommand, { UserName: 'bob' })).toHaveLength(times);
});
