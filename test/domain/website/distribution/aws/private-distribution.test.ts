import {
  CreateDistributionWithTagsCommand,
  CreateFunctionCommand,
  CreateOriginAccessControlCommand,
  DescribeFunctionCommand,
  GetDistributionCommand,
  ListDistributionsCommand,
  PublishFunctionCommand,
} from '@aws-sdk/client-cloudfront';
import { createPrivateDistribution } from '../../../../../src/domain/website/distribution/aws/private-distribution';
import type { AccessControl } from '../../../../../src/domain/website/distribution/rules/private-origins';
import { answer, definePlan } from '../../../../../src/engine/plan';
import { walk } from '../../../../../src/engine/walk';
import { listed, SITE, siteConfig, siteDistribution, siteSummary } from '../../../../support/distributions';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { changes, OPERATION } from '../../../../support/steps';

const FULL = awsError('TooManyDistributionsAssociatedToOriginAccessControl', 400);

/** What an account without anything answers; every distribution is refused as many times as `refusals` says. */
async function account(refusals: number): Promise<MockedAws> {
  const aws = await mockedAws();
  const { cloudfront } = aws;
  let controls = 0;
  cloudfront
    .on(CreateOriginAccessControlCommand)
    .callsFake(() => ({ OriginAccessControl: { Id: `OAC${(controls += 1)}` } }));
  cloudfront.on(DescribeFunctionCommand).rejects(awsError('NoSuchFunctionExists', 404));
  cloudfront.on(CreateFunctionCommand).resolves({ ETag: 'f1' });
  cloudfront.on(PublishFunctionCommand).callsFake(({ Name }: { readonly Name: string }) => ({
    FunctionSummary: { FunctionMetadata: { FunctionARN: `arn:${Name}` } },
  }));
  let refused = 0;
  cloudfront.on(CreateDistributionWithTagsCommand).callsFake(() => {
    if (refused < refusals) {
      refused += 1;
      throw FULL;
    }
    return { ETag: 'v1', Distribution: siteDistribution() };
  });
  cloudfront.on(ListDistributionsCommand).resolves(listed(siteSummary()));
  cloudfront.on(GetDistributionCommand, { Id: 'E1' }).resolves({ ETag: 'v1', Distribution: siteDistribution() });
  return aws;
}

function creating({ context }: MockedAws, newest: AccessControl | null = { number: 1 }, failing = false) {
  const plan = definePlan('test', 'Test', (step) => {
    const distribution = createPrivateDistribution(
      context,
      {
        site: SITE,
        domain: 'example.org',
        isConfigured: true,
        certificates: ['arn:certificate'],
        tags: [],
        after: [],
        config: (operationId, _, { originAccessControlId, functionArn }) =>
          siteConfig({ CallerReference: operationId, Comment: `${originAccessControlId} ${functionArn}` }),
        keeps: (spec) => spec,
      },
      newest ?? undefined,
      step,
    );
    if (failing)
      step({ title: 'Fail', after: [distribution], run: () => Promise.reject(awsError('AccessDenied', 403)) });
    return answer({ distribution }, (results) => results.distribution.id);
  });
  return walk(plan, { scope: { operationId: OPERATION, clock: context.clock }, emit: () => undefined });
}

/** What the distributions that were asked for would have been reached through. */
const tried = (aws: MockedAws) =>
  aws.cloudfront
    .commandCalls(CreateDistributionWithTagsCommand)
    .map(({ args }) => args[0].input.DistributionConfigWithTags?.DistributionConfig?.Comment);

test('a distribution has the access control that the look has seen, and nothing is read for it', async () => {
  const aws = await account(0);
  expect(await creating(aws, { number: 2, id: 'seen' })).toEqual({ state: 'succeeded', value: 'E1' });
  expect(tried(aws)).toEqual(['seen arn:mallard-index-document-2-2']);
  expect(aws.cloudfront.commandCalls(ListDistributionsCommand)).toHaveLength(0);
  expect(changes(aws.cloudfront)['CreateOriginAccessControl']).toBeUndefined();
});

test('when one is full the earlier ones are tried, then a new one, and the distribution is found by its operation', async () => {
  const aws = await account(2);
  expect(await creating(aws, { number: 2, id: 'seen' })).toEqual({ state: 'succeeded', value: 'E1' });
  expect(tried(aws)).toEqual([
    'seen arn:mallard-index-document-2-2',
    'OAC1 arn:mallard-index-document-2',
    'OAC2 arn:mallard-index-document-2-3',
  ]);
});

test('after three new ones the refusal is believed to be about something else', async () => {
  const aws = await account(99);
  expect(await creating(aws)).toMatchObject({ state: 'rolled-back', error: { kind: 'quota' } });
  expect(tried(aws)).toHaveLength(4);
  expect(changes(aws.cloudfront)['UpdateDistribution']).toBeUndefined();
});

test('another refusal is no reason for a further access control', async () => {
  const aws = await account(0);
  aws.cloudfront.on(CreateDistributionWithTagsCommand).rejects(awsError('TooManyDistributions', 400));
  expect(await creating(aws)).toMatchObject({ state: 'failed', error: { origin: { code: 'TooManyDistributions' } } });
  expect(tried(aws)).toHaveLength(1);
});

test('a distribution that CloudFront does not list is an error, and no success without one', async () => {
  const aws = await account(1);
  aws.cloudfront.on(ListDistributionsCommand).resolves(listed());
  expect(await creating(aws)).toMatchObject({
    error: { kind: 'not-found', detail: `CloudFront does not list the new distribution of ${SITE}` },
  });
});

test('what is taken back is the one distribution, once, by the step that has made it', async () => {
  const aws = await account(1);
  expect(await creating(aws, { number: 1 }, true)).toMatchObject({ state: 'rolled-back' });
  expect(changes(aws.cloudfront)).toMatchObject({ UpdateDistribution: [{ Id: 'E1' }], TagResource: [{}] });
});

test('a journal of the days when there was one for all has the first, and no other', async () => {
  const aws = await account(1);
  expect(await creating(aws, null)).toMatchObject({ state: 'failed', error: { kind: 'quota' } });
  const room = await account(0);
  expect(await creating(room, null)).toEqual({ state: 'succeeded', value: 'E1' });
  expect(tried(room)).toEqual(['OAC1 arn:mallard-index-document-2']);
});
