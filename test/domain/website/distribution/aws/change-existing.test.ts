import {
  GetDistributionCommand,
  ListTagsForResourceCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import {
  claimForCleaner,
  disableDistribution,
  replaceDistributionTags,
} from '../../../../../src/domain/website/distribution/aws/change';
import type { StepFactory, StepSpec } from '../../../../../src/engine/plan';
import type { Tag } from '../../../../../src/domain/shared/shapes';
import { DISTRIBUTION_ARN, SITE, siteConfig, siteDistribution } from '../../../../support/distributions';
import { errors } from '../../../../support/errors';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { changes, handle, stepAlone } from '../../../../support/steps';

const off = { Enabled: false, Aliases: { Quantity: 0, Items: [] } };

describe('turning a distribution off', () => {
  const disabling = ({ context }: MockedAws, distribution = siteDistribution()) =>
    stepAlone(
      context,
      disableDistribution(
        context,
        SITE,
        { id: 'E1', etag: 'seen', distribution, document: '<DistributionConfig/>' },
        [],
      ),
    );

  test('changes the version the look has seen, without reading it again', async () => {
    const aws = await mockedAws();
    await disabling(aws).run();
    expect(changes(aws.cloudfront)).toEqual({
      UpdateDistribution: [{ Id: 'E1', IfMatch: 'seen', DistributionConfig: siteConfig(off) }],
    });
    expect(aws.cloudfront.commandCalls(GetDistributionCommand)).toEqual([]);
  });

  test.each(['PreconditionFailed', 'InvalidIfMatchVersion'])(
    'begins again with what others have made of it: %s',
    async (code) => {
      const aws = await mockedAws();
      const theirs = siteConfig({ DefaultRootObject: 'start.html' });
      aws.cloudfront
        .on(GetDistributionCommand)
        .resolves({ ETag: 'newer', Distribution: siteDistribution({ DistributionConfig: theirs }) });
      aws.cloudfront.on(UpdateDistributionCommand).rejectsOnce(awsError(code, 412)).resolves({});
      expect(await disabling(aws).perform()).toEqual({ state: 'done', result: undefined });
      expect(changes(aws.cloudfront)['UpdateDistribution']).toEqual([
        { Id: 'E1', IfMatch: 'seen', DistributionConfig: siteConfig(off) },
        { Id: 'E1', IfMatch: 'newer', DistributionConfig: { ...theirs, ...off } },
      ]);
    },
  );

  test('is done when the distribution is gone by the next attempt', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(UpdateDistributionCommand).rejects(awsError('PreconditionFailed', 412));
    aws.cloudfront.on(GetDistributionCommand).rejects(awsError('NoSuchDistribution', 404));
    expect(await disabling(aws).perform()).toEqual({ state: 'done', result: undefined });
    expect(aws.cloudfront.commandCalls(UpdateDistributionCommand)).toHaveLength(1);
  });

  test('is tried again after a stale version or a passing trouble, and after nothing else', async () => {
    const step = disabling(await mockedAws());
    const conflict = (code: string) => ({ kind: 'conflict', detail: 'no', origin: { code } }) as const;
    expect(
      [conflict('PreconditionFailed'), conflict('InvalidIfMatchVersion'), errors.throttled, errors.contended].map(
        step.retries,
      ),
    ).toEqual([true, true, true, true]);
    const others = [
      conflict('ResourceInUse'),
      { kind: 'conflict', detail: 'no' } as const,
      errors.denied,
      errors.notFound,
    ];
    expect(others.map(step.retries)).toEqual([false, false, false, false]);
  });

  test('is undone on top of what others have changed meanwhile', async () => {
    const aws = await mockedAws();
    const now = siteConfig({
      ...off,
      ViewerCertificate: { CloudFrontDefaultCertificate: true },
      PriceClass: 'PriceClass_All',
    });
    aws.cloudfront
      .on(GetDistributionCommand)
      .resolves({ ETag: 'newer', Distribution: siteDistribution({ DistributionConfig: now }) });
    await disabling(aws).undo();
    expect(changes(aws.cloudfront)).toEqual({
      UpdateDistribution: [
        { Id: 'E1', IfMatch: 'newer', DistributionConfig: siteConfig({ PriceClass: 'PriceClass_All' }) },
      ],
    });
  });

  test.each([
    [
      'somebody has deleted it',
      siteDistribution(),
      (aws: MockedAws) => aws.cloudfront.on(GetDistributionCommand).rejects(awsError('NoSuchDistribution', 404)),
    ],
    [
      'nobody knows what it was',
      siteDistribution({ DistributionConfig: undefined }),
      (aws: MockedAws) =>
        aws.cloudfront.on(GetDistributionCommand).resolves({ ETag: 'v', Distribution: siteDistribution() }),
    ],
  ])('is not undone when %s', async (_, seen, world) => {
    const aws = await mockedAws();
    world(aws);
    await disabling(aws, seen).undo();
    expect(changes(aws.cloudfront)).toEqual({});
  });
});

describe('the org tag by which the cleaner knows its own', () => {
  test.each([
    [
      'is given where there is none',
      undefined,
      { TagResource: [{ Resource: DISTRIBUTION_ARN, Tags: { Items: [{ Key: 'spinup:org', Value: 'acme' }] } }] },
    ],
    ['stays as it is', 'acme', {}],
    ['of another deployment stays', 'other', {}],
  ])('%s', async (_, org, expected) => {
    const aws = await mockedAws();
    aws.cloudfront
      .on(ListTagsForResourceCommand)
      .resolves({ Tags: { Items: org === undefined ? [] : [{ Key: 'spinup:org', Value: org }] } });
    await stepAlone(aws.context, claimForCleaner(aws.context, SITE, DISTRIBUTION_ARN)).run();
    expect(changes(aws.cloudfront)).toEqual(expected);
  });
});

describe('the caller’s tags of a distribution', () => {
  const replacing = ({ context }: MockedAws, before: readonly Tag[], after: readonly Tag[]) => {
    const steps: ReturnType<typeof stepAlone<Record<never, never>, void>>[] = [];
    const collect = (spec: StepSpec<Record<never, never>, void>) => {
      steps.push(stepAlone(context, spec));
      return handle();
    };
    // The function plans steps without needs and results only.
    replaceDistributionTags(
      context,
      { site: SITE, arn: DISTRIBUTION_ARN, before, after },
      collect as unknown as StepFactory,
    );
    return steps;
  };
  const tags = (text: string): Tag[] => [...text].map((Key) => ({ Key, Value: `${text}$` }));
  const copy = (keys: string, text: string) => ({
    Resource: DISTRIBUTION_ARN,
    Tags: { Items: [...keys].map((Key) => ({ Key, Value: `${text}_` })) },
  });
  const without = (keys: string) => ({ Resource: DISTRIBUTION_ARN, TagKeys: { Items: [...keys] } });

  test.each([
    ['some go, some change, some come', 'ab', 'bc', { UntagResource: [without('a')], TagResource: [copy('bc', 'bc')] }],
    ['all go', 'ab', '', { UntagResource: [without('ab')] }],
    ['all come', '', 'bc', { TagResource: [copy('bc', 'bc')] }],
  ])('%s', async (_, before, after, expected) => {
    const aws = await mockedAws();
    for (const step of replacing(aws, tags(before), tags(after))) await step.run();
    expect(changes(aws.cloudfront)).toEqual(expected);
  });

  test('are back after the undo, the new ones gone', async () => {
    const aws = await mockedAws();
    for (const step of replacing(aws, tags('ab'), tags('bc')).reverse()) await step.undo();
    expect(changes(aws.cloudfront)).toEqual({
      UntagResource: [without('c')],
      TagResource: [copy('ab', 'ab')],
    });
  });
});
