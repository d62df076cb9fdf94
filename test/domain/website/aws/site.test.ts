import {
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { greetingPage } from '../../../../src/domain/website/rules/greeting';
import {
  hostWebsite,
  noteDistribution,
  putGreeting,
  putSitePolicy,
  removeGreeting,
} from '../../../../src/domain/website/aws/site';
import { SITE, siteDistribution } from '../../../support/distributions';
import { errors } from '../../../support/errors';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { changes, handle, stepAlone } from '../../../support/steps';

const of = { Bucket: SITE, ExpectedBucketOwner: '123456789012' };
const page = { ...of, Key: 'index.html' };
const tagOfPage = (aws: MockedAws, Value: string) =>
  aws.s3.on(GetObjectTaggingCommand).resolves({ TagSet: [{ Key: 'yale:spinup', Value }] });
const ours = (aws: MockedAws) => tagOfPage(aws, 'true');
const theirs = (aws: MockedAws) => aws.s3.on(GetObjectTaggingCommand).resolves({});
const absent = (aws: MockedAws) => aws.s3.on(GetObjectTaggingCommand).rejects(awsError('NoSuchKey', 404));

test('a bucket is hosted as the caller says', async () => {
  const { context, s3 } = await mockedAws();
  const configuration = { IndexDocument: { Suffix: 'start.html' } };
  await stepAlone(context, hostWebsite(context, SITE, configuration, [])).run();
  expect(changes(s3)).toEqual({ PutBucketWebsite: [{ ...of, WebsiteConfiguration: configuration }] });
});

test('a site’s bucket names its distribution beside the tags it has', async () => {
  const { context, s3 } = await mockedAws();
  const needs = {
    distribution: handle<{ id: string; etag: string; distribution: ReturnType<typeof siteDistribution> }>(),
  };
  const tags = [
    { Key: 'mallard:distribution', Value: 'E0' },
    { Key: 'a', Value: '1' },
  ];
  const distribution = { id: 'E1', etag: 'v1', distribution: siteDistribution() };
  await stepAlone(
    context,
    noteDistribution(context, SITE, tags, needs, (results) => results.distribution, []),
    { distribution },
  ).run();
  expect(changes(s3)).toEqual({
    PutBucketTagging: [
      {
        ...of,
        Tagging: {
          TagSet: [
            { Key: 'a', Value: '1' },
            { Key: 'mallard:distribution', Value: 'E1' },
            { Key: 'mallard:distribution-domain', Value: 'd1.cloudfront.net' },
          ],
        },
      },
    ],
  });
});

describe('the policy of a site', () => {
  const putting = ({ context }: MockedAws, isPublic: boolean) =>
    stepAlone(context, putSitePolicy(context, SITE, { needs: {}, make: () => '{}', isPublic }, []));

  test.each([true, false])('is put (public: %s)', async (isPublic) => {
    const aws = await mockedAws();
    await putting(aws, isPublic).run();
    expect(changes(aws.s3)).toEqual({ PutBucketPolicy: [{ ...of, Policy: '{}' }] });
  });

  test.each([
    [true, 'AccessDenied', 403, 'denied', 'whole AWS account'],
    [false, 'AccessDenied', 403, 'denied', ''],
    [true, 'MalformedPolicy', 400, 'invalid', ''],
  ])('(public: %s) that is refused with %s says what may be in the way', async (isPublic, code, status, kind, hint) => {
    const aws = await mockedAws();
    aws.s3.on(PutBucketPolicyCommand).rejects(awsError(code, status));
    const detail = (
      hint === '' ? expect.not.stringContaining('whole AWS account') : expect.stringContaining(hint)
    ) as unknown;
    await expect(putting(aws, isPublic).run()).rejects.toMatchObject({ error: { kind, detail, origin: { code } } });
  });

  test('is tried again after AccessDenied only where the loosened block may be on its way', async () => {
    const aws = await mockedAws();
    const verdicts = (isPublic: boolean) =>
      [errors.denied, errors.contended, errors.quota].map(putting(aws, isPublic).retries);
    expect([verdicts(true), verdicts(false)]).toEqual([
      [true, true, false],
      [false, true, false],
    ]);
  });
});

describe('our page', () => {
  const greeting = ({ context }: MockedAws) => stepAlone(context, putGreeting(context, SITE, 'index.html', []));

  test('is written where there is none, marked as ours', async () => {
    const aws = await mockedAws();
    expect(await greeting(aws).run()).toBe(true);
    expect(changes(aws.s3)).toMatchObject({
      PutObject: [{ ...page, Body: greetingPage(SITE), IfNoneMatch: '*', Tagging: 'yale%3Aspinup=true' }],
    });
  });

  test.each([
    ['makes way for the caller’s', 'PreconditionFailed', 412, false],
    ['is in doubt while another is being written', 'ConditionalRequestConflict', 409, { kind: 'contended' }],
    ['needs a permission', 'AccessDenied', 403, { kind: 'denied' }],
  ])('%s', async (_, code, status, expected) => {
    const aws = await mockedAws();
    aws.s3.on(PutObjectCommand).rejects(awsError(code, status));
    const run = greeting(aws).run();
    await (expected === false
      ? expect(run).resolves.toBe(false)
      : expect(run).rejects.toMatchObject({ error: expected }));
  });

  test.each([
    ['ours', ours, { state: 'done', result: true }, 1],
    ['the caller’s', theirs, { state: 'done', result: false }, 2],
  ])('after a lost reply: what lies there is %s', async (_, world, end, times) => {
    const aws = await mockedAws();
    world(aws);
    aws.s3
      .on(PutObjectCommand)
      .rejectsOnce(awsError('InternalError', 500))
      .rejects(awsError('PreconditionFailed', 412));
    expect(await greeting(aws).perform()).toEqual(end);
    expect(aws.s3.commandCalls(PutObjectCommand)).toHaveLength(times);
  });

  test.each([
    ['it is ours', ours, true, { DeleteObject: [page] }],
    ['it is ours and the reply was lost', ours, undefined, { DeleteObject: [page] }],
    ['the caller has replaced it', theirs, true, {}],
    ['the caller has marked another value', (aws: MockedAws) => tagOfPage(aws, 'false'), true, {}],
    ['somebody has deleted it', absent, true, {}],
    ['it was never written, even should it be marked like ours', ours, false, {}],
  ])('is taken back as far as it is ours: %s', async (_, world, result, sent) => {
    const aws = await mockedAws();
    world(aws);
    await greeting(aws).undo(result);
    expect(changes(aws.s3)).toEqual(sent);
  });
});

describe('the removal of our page', () => {
  const removing = ({ context }: MockedAws, versionId?: string) =>
    stepAlone(
      context,
      removeGreeting(context, SITE, { key: 'index.html', etag: '"e"', ...(versionId !== undefined && { versionId }) }),
    );

  test.each([
    ['by its ETag', undefined, { ...page, IfMatch: '"e"' }],
    [
      'by its version where the bucket keeps versions: a delete marker would be content',
      'v7',
      { ...page, VersionId: 'v7' },
    ],
  ])('names it %s', async (_, versionId, sent) => {
    const aws = await mockedAws();
    await removing(aws, versionId).run();
    expect(changes(aws.s3)).toEqual({ DeleteObject: [sent] });
  });

  test.each([
    ['the caller’s by now', 'PreconditionFailed', 412],
    ['gone already', 'NoSuchKey', 404],
  ])('leaves alone what is %s', async (_, code, status) => {
    const aws = await mockedAws();
    aws.s3.on(DeleteObjectCommand).rejects(awsError(code, status));
    await expect(removing(aws).run()).resolves.toBeUndefined();
  });

  test('fails where it may not', async () => {
    const aws = await mockedAws();
    aws.s3.on(DeleteObjectCommand).rejects(awsError('AccessDenied', 403));
    await expect(removing(aws).run()).rejects.toMatchObject({ error: { kind: 'denied' } });
  });

  test.each([
    ['there is none', undefined],
    ['the caller has one there by now', awsError('PreconditionFailed', 412)],
  ])('is undone by writing it again where %s', async (_, refusal) => {
    const aws = await mockedAws();
    if (refusal) aws.s3.on(PutObjectCommand).rejects(refusal);
    await expect(removing(aws).undo()).resolves.toBeUndefined();
    expect(changes(aws.s3)).toMatchObject({ PutObject: [{ ...page, IfNoneMatch: '*' }] });
  });
});
