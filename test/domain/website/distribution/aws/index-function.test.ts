import {
  CreateFunctionCommand,
  DescribeFunctionCommand,
  type FunctionSummary,
  PublishFunctionCommand,
} from '@aws-sdk/client-cloudfront';
import { ensureIndexFunction } from '../../../../../src/domain/website/distribution/aws/index-function';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { answer, definePlan } from '../../../../../src/engine/plan';
import type { Outcome } from '../../../../../src/engine/recipe';
import { walk } from '../../../../../src/engine/walk';
import { changes, scopeOn } from '../../../../support/steps';

describe('the function that finds index documents', () => {
  /** Both steps, as a plan runs them: how they end together. */
  const ensuring = async ({ context }: MockedAws): Promise<Outcome<string>> => {
    const plan = definePlan('test', 'Test', (step) =>
      answer({ arn: ensureIndexFunction(context, step) }, (results) => results.arn),
    );
    return walk(plan, { scope: { operationId: 'op-1', clock: context.clock }, emit: () => undefined });
  };
  /** What each of both sees of its effect. */
  const seen = async ({ context }: MockedAws): Promise<readonly unknown[]> => {
    const plan = definePlan('test', 'Test', (step) =>
      answer({ arn: ensureIndexFunction(context, step) }, () => undefined),
    );
    return Promise.all(plan.steps.map(async ({ alreadyDone }) => alreadyDone?.({}, scopeOn(context.clock))));
  };
  const arn = 'arn:aws:cloudfront::123456789012:function/mallard-index-document-2';
  const summary: { FunctionSummary: FunctionSummary } = {
    FunctionSummary: {
      Name: 'mallard-index-document-2',
      FunctionConfig: { Comment: '', Runtime: 'cloudfront-js-2.0' },
      FunctionMetadata: { FunctionARN: arn, LastModifiedTime: new Date(0) },
    },
  };
  const absent = awsError('NoSuchFunctionExists', 404);
  const nothingYet = async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(DescribeFunctionCommand).rejects(absent);
    aws.cloudfront.on(CreateFunctionCommand).resolves({ ETag: 'f1' });
    aws.cloudfront.on(PublishFunctionCommand).resolves(summary);
    return aws;
  };

  test('is used when it is published', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(DescribeFunctionCommand, { Stage: 'LIVE' }).resolves(summary);
    expect(await ensuring(aws)).toEqual({ state: 'succeeded', value: arn });
    expect(await seen(aws)).toEqual([{ result: { arn } }, { result: arn }]);
    expect(changes(aws.cloudfront)).toEqual({});
  });

  test('is made and published where there is none', async () => {
    const aws = await nothingYet();
    expect(await seen(aws)).toEqual([undefined, undefined]);
    expect(await ensuring(aws)).toEqual({ state: 'succeeded', value: arn });
    expect(changes(aws.cloudfront)).toMatchObject({
      CreateFunction: [{ Name: 'mallard-index-document-2' }],
      PublishFunction: [{ IfMatch: 'f1' }],
    });
  });

  test('is only published where somebody stopped before that', async () => {
    const aws = await nothingYet();
    aws.cloudfront.on(DescribeFunctionCommand, { Stage: 'DEVELOPMENT' }).resolves({ ...summary, ETag: 'draft' });
    expect(await ensuring(aws)).toEqual({ state: 'succeeded', value: arn });
    expect(changes(aws.cloudfront)).toEqual({
      PublishFunction: [{ Name: 'mallard-index-document-2', IfMatch: 'draft' }],
    });
  });

  test.each([
    ['made', CreateFunctionCommand, awsError('FunctionAlreadyExists', 409)],
    ['published', PublishFunctionCommand, awsError('PreconditionFailed', 412)],
  ])('is the neighbour’s who has %s it first', async (_, command, refusal) => {
    const aws = await nothingYet();
    aws.cloudfront.on(DescribeFunctionCommand, { Stage: 'LIVE' }).rejectsOnce(absent).resolves(summary);
    aws.cloudfront.on(command as never).rejects(refusal);
    expect(await ensuring(aws)).toEqual({ state: 'succeeded', value: arn });
  });

  test.each([
    ['it exists and is never published', awsError('FunctionAlreadyExists', 409), { kind: 'exists' }],
    ['it may not be made', awsError('AccessDenied', 403), { kind: 'denied' }],
  ])('fails when %s', async (_, refusal, error) => {
    const aws = await nothingYet();
    aws.cloudfront.on(CreateFunctionCommand).rejects(refusal);
    expect(await ensuring(aws)).toMatchObject({ state: 'failed', error });
  });

  test('fails when the answer names none', async () => {
    const aws = await nothingYet();
    aws.cloudfront.on(PublishFunctionCommand).resolves({});
    expect(await ensuring(aws)).toMatchObject({ state: 'failed', error: { kind: 'unforeseen' } });
  });

  test('that goes with another origin access control has a name of its own', async () => {
    const aws = await nothingYet();
    const plan = definePlan('test', 'Test', (step) =>
      answer({ arn: ensureIndexFunction(aws.context, step, 3) }, (results) => results.arn),
    );
    await walk(plan, { scope: { operationId: 'op-1', clock: aws.context.clock }, emit: () => undefined });
    expect(changes(aws.cloudfront)).toMatchObject({
      CreateFunction: [{ Name: 'mallard-index-document-2-3' }],
      PublishFunction: [{ Name: 'mallard-index-document-2-3' }],
    });
  });
});
