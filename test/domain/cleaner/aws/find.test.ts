import {
  type DistributionSummary,
  ListDistributionsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudfront';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { bucketNames, cleanableDistributions } from '../../../../src/domain/cleaner/aws/find';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { REFUSALS, errorOf } from '../../../support/mocks/mocked-reads';

/** Which distributions the cleaner may delete: the edges of what is ours. */

const LIVE = 'live.example.org';
const buckets: ReadonlySet<string> = new Set([LIVE]);
const RETIRED = ['mallard:retired', '2030-01-01T00:00:00.000Z'] as const;
const OURS = ['spinup:org', 'acme'] as const;

/** CloudFront tells these distributions, each turned off unless said otherwise, and these tags of each. */
function have(
  { cloudfront }: MockedAws,
  ...found: readonly (readonly [DistributionSummary, ...(readonly (readonly [string, string])[])])[]
): void {
  cloudfront.on(ListDistributionsCommand).resolves({ DistributionList: { Items: found.map(([one]) => one) } as never });
  for (const [{ ARN }, ...tags] of found) {
    cloudfront
      .on(ListTagsForResourceCommand, { Resource: ARN })
      .resolves({ Tags: { Items: tags.map(([Key, Value]) => ({ Key, Value })) } });
  }
}

const distribution = (Id: string, Comment: string, members: Partial<DistributionSummary> = {}): DistributionSummary =>
  ({ Id, ARN: `arn:${Id}`, Comment, Enabled: false, Status: 'Deployed', ...members }) as DistributionSummary;

test.each([
  [
    'its bucket is gone',
    distribution('E1', 'gone.example.org'),
    [OURS],
    { id: 'E1', site: 'gone.example.org', state: 'deletable', reason: 'bucket-gone' },
  ],
  [
    'it is not turned off everywhere yet',
    distribution('E1', 'gone.example.org', { Status: 'InProgress' }),
    [OURS],
    { id: 'E1', site: 'gone.example.org', state: 'deploying', reason: 'bucket-gone' },
  ],
  [
    'its state is not told',
    distribution('E1', 'gone.example.org', { Status: undefined }),
    [OURS],
    { id: 'E1', site: 'gone.example.org', state: 'deploying', reason: 'bucket-gone' },
  ],
  [
    'it waits for the end of a plan, which a run has noted',
    distribution('E1', 'gone.example.org'),
    [OURS, ['mallard:on-plan', '2030-01-01T00:00:00.000Z']] as const,
    {
      id: 'E1',
      site: 'gone.example.org',
      state: 'waiting',
      reason: 'bucket-gone',
      because: expect.stringContaining('flat-rate plan'),
    },
  ],
  [
    'it waits for the end of a plan and is not turned off everywhere yet',
    distribution('E1', 'gone.example.org', { Status: 'InProgress' }),
    [OURS, RETIRED, ['mallard:on-plan', '2030-01-01T00:00:00.000Z']] as const,
    { id: 'E1', site: 'gone.example.org', state: 'deploying', reason: 'retired' },
  ],
  [
    'it is retired, though there is a bucket',
    distribution('E1', LIVE),
    [OURS, RETIRED],
    { id: 'E1', site: LIVE, state: 'deletable', reason: 'retired' },
  ],
  [
    'it is retired, whatever its comment says',
    distribution('E1', 'Marketing site (do not touch)'),
    [OURS, RETIRED],
    { id: 'E1', site: 'Marketing site (do not touch)', state: 'deletable', reason: 'retired' },
  ],
])('the cleaner’s, as %s', async (_title, one, tags, cleanable) => {
  const aws = await mockedAws();
  have(aws, [one, ...tags]);
  expect(await cleanableDistributions(aws.context, buckets)).toEqual([cleanable]);
});

test.each([
  ['turned on', distribution('E1', 'gone.example.org', { Enabled: true }), [OURS, RETIRED]],
  ['that serves a bucket', distribution('E1', LIVE), [OURS]],
  ['whose comment is no bucket’s name', distribution('E1', 'Marketing site'), [OURS]],
  ['without a comment', distribution('E1', 'x', { Comment: undefined }), [OURS]],
  [
    'of another org, even when retired',
    distribution('E1', 'gone.example.org'),
    [['spinup:org', 'other'], RETIRED] as const,
  ],
  ['of no org, even when retired', distribution('E1', 'gone.example.org'), [RETIRED]],
  ['without tags', distribution('E1', 'gone.example.org'), []],
  ['of which nothing is told', {} as DistributionSummary, []],
])('never one %s', async (_title, one, tags) => {
  const aws = await mockedAws();
  have(aws, [one, ...tags]);
  expect(await cleanableDistributions(aws.context, buckets)).toEqual([]);
});

test('one that goes while its tags are read is passed over; the others are found, more than are asked for at once', async () => {
  const aws = await mockedAws();
  const all = Array.from({ length: 20 }, (_, n) => distribution(`E${String(n)}`, `s${String(n)}.example.org`));
  have(aws, ...all.map((one) => [one, OURS] as const));
  aws.cloudfront.on(ListTagsForResourceCommand, { Resource: 'arn:E9' }).rejects(awsError('NoSuchResource', 404));
  const found = (await cleanableDistributions(aws.context, buckets)).map(({ id }) => id);
  expect(found).toEqual(all.map(({ Id }) => Id).filter((id) => id !== 'E9'));
});

test.each(REFUSALS)('%s on tags is no reason to delete', async (code, status, kind, times) => {
  const aws = await mockedAws();
  have(aws, [distribution('E1', 'gone.example.org'), OURS]);
  aws.cloudfront.on(ListTagsForResourceCommand).rejects(awsError(code, status));
  expect(await errorOf(cleanableDistributions(aws.context, buckets))).toMatchObject({ kind });
  expect(aws.cloudfront.commandCalls(ListTagsForResourceCommand)).toHaveLength(times);
});

test('the names of all buckets, as a set', async () => {
  const { context, s3 } = await mockedAws();
  s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'b' }, { Name: 'a' }] });
  expect(await bucketNames(context)).toEqual(new Set(['a', 'b']));
});
