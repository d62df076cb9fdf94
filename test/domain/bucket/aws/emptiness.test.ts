import {
  GetBucketWebsiteCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import { isEmpty, lookInside } from '../../../../src/domain/bucket/aws/emptiness';
import { isHosted } from '../../../../src/domain/shared/aws/hosting';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { REFUSALS, errorOf } from '../../../support/mocks/mocked-reads';

test.each<[string, Partial<ListObjectVersionsCommandOutput>, boolean]>([
  ['nothing', {}, true],
  ['empty lists', { Versions: [], DeleteMarkers: [] }, true],
  ['a version', { Versions: [{ Key: 'a' }] }, false],
  ['a delete marker alone', { DeleteMarkers: [{ Key: 'a' }] }, false],
])('AWS’s listing of %s decides, in one call', async (_title, page, empty) => {
  const { context, s3 } = await mockedAws();
  s3.on(ListObjectVersionsCommand, { Bucket: 'photos', ExpectedBucketOwner: '123456789012' }).resolves(page);
  expect(await isEmpty(context, 'photos')).toBe(empty);
  expect(s3.calls()).toHaveLength(1);
});

test.each<[string, Partial<ListObjectVersionsCommandOutput>, Partial<ListObjectsV2CommandOutput>, boolean]>([
  ['nothing of either', {}, {}, true],
  ['an old version alone', { Versions: [{ Key: 'a' }] }, {}, false],
  // Stores that ignore `?versions` list objects, in which nobody finds versions.
  ['an object, and no versions', {}, { Contents: [{ Key: 'a' }] }, false],
  ['a folder, and no versions', {}, { CommonPrefixes: [{ Prefix: 'a/' }] }, false],
])('other stores are asked for objects, too: %s', async (_title, versions, objects, empty) => {
  const { context, s3 } = await mockedAws({ iam: false });
  s3.on(ListObjectVersionsCommand).resolves(versions);
  s3.on(ListObjectsV2Command).resolves(objects);
  expect(await isEmpty(context, 'photos')).toBe(empty);
  // Their accounts have no ids to expect.
  for (const { args } of s3.calls()) expect(args[0].input).toEqual({ Bucket: 'photos', MaxKeys: 1 });
});

test.each([true, false])(
  'where versions cannot be listed the objects decide, with a word of it: empty %s',
  async (empty) => {
    const { context, s3 } = await mockedAws({ iam: false });
    s3.on(ListObjectVersionsCommand).rejects(awsError('NotImplemented', 501));
    s3.on(ListObjectsV2Command).resolves({ Contents: empty ? [] : [{ Key: 'a' }] });
    const warning = 'this store has no listing of versions: it answered ListObjectVersions with NotImplemented';
    expect(await lookInside(context, 'photos')).toEqual({ empty, versions: { warning } });
  },
);

test.each([...REFUSALS, ['NoSuchBucket', 404, 'not-found', 1] as const])('%s', async (code, status, kind, times) => {
  for (const iam of [true, false]) {
    const { context, s3 } = await mockedAws({ iam });
    s3.on(ListObjectVersionsCommand).rejects(awsError(code, status));
    expect(await errorOf(isEmpty(context, 'photos'))).toMatchObject({ kind });
    expect(s3.commandCalls(ListObjectVersionsCommand)).toHaveLength(times);
  }
});

test.each([
  ['NoSuchWebsiteConfiguration', 404, false],
  ['NoSuchBucket', 404, false],
  ['AccessDenied', 403, undefined],
])('whether a bucket is a website: %s', async (code, status, hosted) => {
  const { context, s3 } = await mockedAws();
  expect(await isHosted(context, 'photos')).toBe(true);
  s3.on(GetBucketWebsiteCommand, { Bucket: 'photos', ExpectedBucketOwner: '123456789012' }).rejects(
    awsError(code, status),
  );
  expect(await isHosted(context, 'photos').catch(() => undefined)).toBe(hosted);
});
