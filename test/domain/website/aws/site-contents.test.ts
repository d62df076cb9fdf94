import { createHash } from 'node:crypto';
import {
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
} from '@aws-sdk/client-s3';
import { GREETING_BYTES, greetingPage } from '../../../../src/domain/website/rules/greeting';
import { isGreeting, siteContents } from '../../../../src/domain/website/aws/site-contents';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { REFUSALS, errorOf } from '../../../support/mocks/mocked-reads';

const SITE = 'docs.example.org';
const OURS = {
  ETag: `"${createHash('md5').update(greetingPage(SITE)).digest('hex')}"`,
  Size: greetingPage(SITE).length,
};
const THEIRS = { ETag: '"theirs"', Size: 10 };

const list = ({ s3 }: MockedAws, page: Partial<ListObjectVersionsCommandOutput>): void => {
  s3.on(ListObjectVersionsCommand, { Bucket: SITE, ExpectedBucketOwner: '123456789012' }).resolves(page);
};
const tag = ({ s3 }: MockedAws, Key: string, value: string): void => {
  s3.on(GetObjectTaggingCommand, { Key }).resolves({
    TagSet: [
      { Key: 'a', Value: 'true' },
      { Key: 'yale:spinup', Value: value },
    ],
  });
};

test.each([
  ['nothing', {}],
  ['empty lists', { Versions: [], DeleteMarkers: [] }],
])('a bucket that lists %s is empty', async (_title, page) => {
  const aws = await mockedAws();
  list(aws, page);
  expect(await siteContents(aws.context, SITE)).toEqual({ empty: true, greetings: [] });
});

test('our pages do not count; those as we wrote them are known without a look at their tags', async () => {
  const aws = await mockedAws();
  list(aws, {
    Versions: [
      { Key: 'index.html', VersionId: 'null', ...OURS },
      { Key: 'docs/index.html', VersionId: 'v1', ...OURS },
      { Key: 'home.html', ...OURS },
    ],
  });
  expect(await siteContents(aws.context, SITE)).toEqual({
    empty: true,
    greetings: [
      { key: 'index.html', etag: OURS.ETag },
      { key: 'docs/index.html', etag: OURS.ETag, versionId: 'v1' },
      { key: 'home.html', etag: OURS.ETag },
    ],
  });
  expect(aws.s3.calls()).toHaveLength(1);
});

test.each<[string, ObjectVersion, number]>([
  ['a small object without our tag', { Key: 'a.txt', ...THEIRS }, 1],
  ['one as large as a page of ours may be', { Key: 'a.txt', ...THEIRS, Size: GREETING_BYTES }, 1],
  ['a larger one, unread', { Key: 'a.txt', ...THEIRS, Size: GREETING_BYTES + 1 }, 0],
  ['a name that only contains that of a page, unread', { Key: 'my-index.html', ...THEIRS, Size: 9_999 }, 0],
  // The predecessor's pages may be of any size.
  ['a large index document without our tag', { Key: 'a/index.html', ...THEIRS, Size: 9_999 }, 1],
  ['one of which nothing is told', {}, 1],
])('%s counts, and our own page beside it is still told', async (_title, other, looks) => {
  const aws = await mockedAws();
  list(aws, { Versions: [{ Key: 'index.html', ...OURS }, other] });
  const greetings = looks === 0 ? [] : [{ key: 'index.html', etag: OURS.ETag }];
  expect(await siteContents(aws.context, SITE)).toEqual({ empty: false, greetings });
  expect(aws.s3.commandCalls(GetObjectTaggingCommand)).toHaveLength(looks);
});

test.each([
  ['a delete marker', { Versions: [{ Key: 'index.html', ...OURS }], DeleteMarkers: [{ Key: 'a' }] }],
  ['more than a page of the listing', { Versions: [{ Key: 'index.html', ...OURS }], IsTruncated: true }],
])('%s counts', async (_title, page) => {
  const aws = await mockedAws();
  list(aws, page);
  expect(await siteContents(aws.context, SITE)).toEqual({ empty: false, greetings: [] });
});

test('a page of another wording is ours by its tag, of exactly the version that is listed', async () => {
  const aws = await mockedAws();
  list(aws, { Versions: [{ Key: 'index.html', VersionId: 'v2', ...THEIRS, Size: 9_999 }] });
  tag(aws, 'index.html', 'true');
  expect(await siteContents(aws.context, SITE)).toEqual({
    empty: true,
    greetings: [{ key: 'index.html', etag: THEIRS.ETag, versionId: 'v2' }],
  });
  expect(aws.s3.commandCalls(GetObjectTaggingCommand)[0]?.args[0].input).toEqual({
    Bucket: SITE,
    Key: 'index.html',
    VersionId: 'v2',
    ExpectedBucketOwner: '123456789012',
  });
});

test.each([
  ['true', undefined, true],
  ['true', 'null', true],
  ['false', undefined, false],
])('the tag says %s of version %s', async (value, version, ours) => {
  const aws = await mockedAws();
  tag(aws, 'index.html', value);
  expect(await isGreeting(aws.context, SITE, 'index.html', version)).toBe(ours);
  expect(aws.s3.commandCalls(GetObjectTaggingCommand)[0]?.args[0].input).not.toHaveProperty('VersionId');
});

test.each([
  ['NoSuchKey', 404, false],
  ['AccessDenied', 403, undefined],
])('an object whose tags end with %s', async (code, status, ours) => {
  const aws = await mockedAws();
  aws.s3.on(GetObjectTaggingCommand).rejects(awsError(code, status));
  const read = isGreeting(aws.context, SITE, 'index.html');
  if (ours === undefined) expect(await errorOf(read)).toMatchObject({ kind: 'denied' });
  else expect(await read).toBe(ours);
});

test.each(REFUSALS)('%s on the listing', async (code, status, kind, times) => {
  const aws = await mockedAws();
  aws.s3.on(ListObjectVersionsCommand).rejects(awsError(code, status));
  expect(await errorOf(siteContents(aws.context, SITE))).toMatchObject({ kind });
  expect(aws.s3.commandCalls(ListObjectVersionsCommand)).toHaveLength(times);
});
