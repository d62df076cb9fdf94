import { CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { startInvalidation } from '../../../../src/domain/website/aws/invalidate';
import { SITE } from '../../../support/distributions';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { OPERATION, changes, stepAlone } from '../../../support/steps';

const batch = { CallerReference: OPERATION, Paths: { Quantity: 2, Items: ['/a', '/b/*'] } };
const invalidation = { Id: 'I1', Status: 'InProgress', CreateTime: new Date(0), InvalidationBatch: batch };
const starting = async () => {
  const aws = await mockedAws();
  return { aws, step: stepAlone(aws.context, startInvalidation(aws.context, SITE, 'E1', ['/a', '/b/*'])) };
};

test('an invalidation carries the operation as its reference, so that it is the same one after a lost reply', async () => {
  const { aws, step } = await starting();
  aws.cloudfront
    .on(CreateInvalidationCommand)
    .rejectsOnce(awsError('ServiceUnavailable', 503))
    .resolves({ Invalidation: invalidation, Location: 'https://cloudfront/I1' });
  expect(await step.perform()).toEqual({ state: 'done', result: { invalidation, location: 'https://cloudfront/I1' } });
  const sent = { DistributionId: 'E1', InvalidationBatch: batch };
  expect(changes(aws.cloudfront)).toEqual({ CreateInvalidation: [sent, sent] });
});

test.each([
  [['/'], `Invalidate 1 path of ${SITE}`],
  [['/a', '/b'], `Invalidate 2 paths of ${SITE}`],
  [['#a'], `Invalidate 1 cache tag of ${SITE}`],
  [['/a', '#a', '#b'], `Invalidate 1 path and 2 cache tags of ${SITE}`],
])('the step that drops %j is called so', async (paths, title) => {
  const { context } = await mockedAws();
  expect(startInvalidation(context, SITE, 'E1', paths).title).toBe(title);
});

test('an address is not invented where CloudFront gives none', async () => {
  const { aws, step } = await starting();
  aws.cloudfront.on(CreateInvalidationCommand).resolves({ Invalidation: invalidation });
  expect(await step.run()).toEqual({ invalidation, location: undefined });
});

test('an answer without an invalidation is nobody’s idea of success', async () => {
  const { step } = await starting();
  await expect(step.run()).rejects.toMatchObject({ error: { kind: 'unforeseen' } });
});

test('too many under way is told at once, with a time to come back: they end by themselves, in minutes', async () => {
  const { aws, step } = await starting();
  aws.cloudfront.on(CreateInvalidationCommand).rejects(awsError('TooManyInvalidationsInProgress', 400));
  expect(await step.perform()).toMatchObject({ state: 'refused', error: { kind: 'throttled', retryAfterSeconds: 60 } });
  expect(aws.cloudfront.commandCalls(CreateInvalidationCommand)).toHaveLength(1);
});
