import {
  GetBucketTaggingCommand,
  GetBucketWebsiteCommand,
  HeadBucketCommand,
  ListBucketsCommand,
} from '@aws-sdk/client-s3';
import { toDomainError } from '../../../../src/base/errors';
import { bucketOfFolder, sitesBefore } from '../../../../src/domain/shared/aws/namesakes';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { sent } from '../../../support/mocks/mocked-run';
import { SITE, holdsNoSite, holdsSite, siteDistribution, siteDomains } from '../../../support/mocks/mocked-site';

const NAME = `${SITE}-img`;
const world = () => mockedAws({ domains: siteDomains() });
const before = ({ context }: MockedAws, name = NAME) =>
  sitesBefore(context, name).then((sites) => sites, toDomainError);

describe('websites that a bucket’s name begins with', () => {
  test('are asked for only when the name holds a domain of the account', async () => {
    const aws = await world();
    for (const name of ['photos-2024', 'docs.example.net-img', SITE]) expect(await before(aws, name)).toEqual([]);
    expect(sent(aws)).toEqual([]);
  });

  test('are those that are set up as one, or noted as one', async () => {
    const aws = await world();
    holdsSite(aws);
    expect(await before(aws)).toEqual([SITE]);
    holdsSite(aws, siteDistribution());
    aws.s3.on(GetBucketWebsiteCommand).rejects(awsError('NoSuchWebsiteConfiguration', 404));
    expect(await before(aws)).toEqual([SITE]);
  });

  test('are neither plain buckets nor absent ones', async () => {
    const aws = await world();
    holdsNoSite(aws);
    expect(await before(aws)).toEqual([]);
    aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet: [] });
    aws.s3.on(GetBucketWebsiteCommand).rejects(awsError('NoSuchWebsiteConfiguration', 404));
    expect(await before(aws)).toEqual([]);
  });

  test('are not another account’s; where it cannot be told, nothing is made', async () => {
    const aws = await world();
    aws.s3.on(GetBucketTaggingCommand).rejects(awsError('AccessDenied', 403));
    expect(await before(aws)).toMatchObject({ kind: 'denied' });
    aws.s3.on(HeadBucketCommand).rejects(awsError('Forbidden', 403));
    expect(await before(aws)).toEqual([]);
    aws.s3.on(GetBucketTaggingCommand).rejects(awsError('InternalError', 500));
    expect(await before(aws)).toMatchObject({ kind: 'unavailable' });
  });
});

test.each([
  ['docs', 'docs.example.org-docs'],
  ['DOCS', 'docs.example.org-docs'],
  ['docs/api', 'docs.example.org-docs_api'],
  ['doc', undefined],
  ['docs-2', undefined],
])('the bucket that has the names of the folder %s is %s', async (folder, bucket) => {
  const aws = await world();
  aws.s3.on(ListBucketsCommand).resolves({
    Buckets: ['docs.example.org-docs', 'docs.example.org-docs_api', 'docs.example.org', 'xdocs.example.org-doc'].map(
      (Name) => ({ Name }),
    ),
  });
  expect(await bucketOfFolder(aws.context, SITE, folder)).toBe(bucket);
});
