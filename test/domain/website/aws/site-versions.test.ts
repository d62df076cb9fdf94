import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
} from '@aws-sdk/client-s3';
import { putGreeting, removeGreeting } from '../../../../src/domain/website/aws/site';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { changes, stepAlone } from '../../../support/steps';

/** Our page in a bucket that keeps versions: it is taken away for good, as a delete marker would keep the bucket from being deleted. */

const SITE = 'docs.example.org';
const OF = { Bucket: SITE, ExpectedBucketOwner: '123456789012' };
const page = { ...OF, Key: 'index.html' };
const OURS = '"ours"';

/** The bucket’s versioning and what lies where our page was seen. */
async function world(
  Status: 'Enabled' | 'Suspended' | undefined,
  current: { readonly ETag: string; readonly VersionId?: string },
) {
  const aws = await mockedAws();
  aws.s3.on(GetBucketVersioningCommand, OF).resolves({ Status });
  aws.s3.on(HeadObjectCommand, page).resolves(current);
  aws.s3.on(GetObjectTaggingCommand).resolves({ TagSet: [{ Key: 'yale:spinup', Value: 'true' }] });
  return aws;
}

test.each([
  ['where versions were never kept, by its ETag', undefined, { ETag: OURS }, { ...page, IfMatch: OURS }],
  [
    'that is older than versioning, by the version it has since',
    'Enabled',
    { ETag: OURS, VersionId: 'null' },
    { ...page, VersionId: 'null' },
  ],
  [
    'that is older than versioning, where stores do not name its version',
    'Suspended',
    { ETag: OURS },
    { ...page, VersionId: 'null' },
  ],
  [
    'that was put back under a version of its own',
    'Enabled',
    { ETag: OURS, VersionId: 'v2' },
    { ...page, VersionId: 'v2' },
  ],
  ['that was replaced meanwhile, not at all', 'Enabled', { ETag: '"theirs"', VersionId: 'v2' }, undefined],
] as const)('a page %s', async (_title, status, current, sent) => {
  const { context, s3 } = await world(status, current);
  await stepAlone(context, removeGreeting(context, SITE, { key: 'index.html', etag: OURS })).run();
  expect(changes(s3)).toEqual(sent === undefined ? {} : { DeleteObject: [sent] });
});

test('a page that is gone is not deleted: that would leave a delete marker', async () => {
  const { context, s3 } = await world('Enabled', { ETag: OURS });
  s3.on(HeadObjectCommand).rejects(awsError('NotFound', 404));
  await stepAlone(context, removeGreeting(context, SITE, { key: 'index.html', etag: OURS })).run();
  expect(s3.commandCalls(DeleteObjectCommand)).toHaveLength(0);
});

test.each([
  [undefined, page],
  ['Enabled', { ...page, VersionId: 'v1' }],
] as const)('a page that is taken back is taken back whole; versioning: %s', async (status, sent) => {
  const { context, s3 } = await world(status, { ETag: OURS, VersionId: 'v1' });
  await stepAlone(context, putGreeting(context, SITE, 'index.html', [])).undo(true);
  expect(changes(s3)).toEqual({ DeleteObject: [sent] });
});
