import { DeleteDistributionCommand, GetDistributionCommand, TagResourceCommand } from '@aws-sdk/client-cloudfront';
import { deleteDistribution } from '../../../../src/domain/cleaner/aws/delete-distribution';
import { SITE, siteConfig, siteDistribution } from '../../../support/distributions';
import { errors } from '../../../support/errors';
import { answer, definePlan } from '../../../../src/engine/plan';
import { walk } from '../../../../src/engine/walk';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { changes, scopeOn, stepAlone } from '../../../support/steps';

const DOOMED = { id: 'E1', site: SITE, isNoted: false };

describe('a retired distribution', () => {
  const config = siteConfig({ Enabled: false });
  test.each([
    [
      'that is off and deployed is deleted',
      siteDistribution({ DistributionConfig: config }),
      'E1',
      { DeleteDistribution: [{ Id: 'E1', IfMatch: 'v1' }] },
    ],
    [
      'that tells no configuration is deleted: CloudFront refuses should it be on',
      siteDistribution({ DistributionConfig: undefined }),
      'E1',
      { DeleteDistribution: [{ Id: 'E1', IfMatch: 'v1' }] },
    ],
    [
      'that is still being turned off waits for the next run',
      siteDistribution({ DistributionConfig: config, Status: 'InProgress' }),
      undefined,
      {},
    ],
    ['that somebody has turned on again is left alone', siteDistribution(), undefined, {}],
  ])('%s', async (_, Distribution, result, expected) => {
    const aws = await mockedAws();
    aws.cloudfront.on(GetDistributionCommand).resolves({ ETag: 'v1', Distribution });
    expect(await stepAlone(aws.context, deleteDistribution(aws.context, DOOMED)).run()).toBe(result);
    expect(changes(aws.cloudfront)).toEqual(expected);
  });

  test('that is gone already counts as deleted', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(GetDistributionCommand).rejects(awsError('NoSuchDistribution', 404));
    expect(await stepAlone(aws.context, deleteDistribution(aws.context, DOOMED)).run()).toBe('E1');
    expect(changes(aws.cloudfront)).toEqual({});
  });

  // https://github.com/ekristen/aws-nuke/issues/1024
  test('that is on a flat-rate plan waits, and says for what; it is asked for once', async () => {
    const aws = await mockedAws();
    aws.cloudfront
      .on(GetDistributionCommand)
      .resolves({ ETag: 'v1', Distribution: siteDistribution({ DistributionConfig: config }) });
    const words = "You can't delete this distribution while it's subscribed to a pricing plan.";
    aws.cloudfront.on(DeleteDistributionCommand).rejects(awsError('PreconditionFailed', 412, words));
    expect(await stepAlone(aws.context, deleteDistribution(aws.context, DOOMED)).perform()).toEqual({
      state: 'done',
      result: { waits: { Resource: 'distribution E1', because: expect.stringContaining('flat-rate plan') } },
    });
    expect(aws.cloudfront.commandCalls(DeleteDistributionCommand)).toHaveLength(1);
  });

  describe('that is on a flat-rate plan', () => {
    const onPlan = async () => {
      const aws = await mockedAws();
      const Distribution = siteDistribution({ DistributionConfig: config });
      aws.cloudfront.on(GetDistributionCommand).resolves({ ETag: 'v1', Distribution });
      const words = "You can't delete this distribution while it's subscribed to a pricing plan.";
      aws.cloudfront.on(DeleteDistributionCommand).rejects(awsError('PreconditionFailed', 412, words));
      return aws;
    };
    /** The deletion with what it adds, as a plan runs them. */
    const deleting = ({ context }: MockedAws, isNoted = false) => {
      const plan = definePlan('test', 'Test', (step) =>
        answer({ end: step(deleteDistribution(context, { ...DOOMED, isNoted })) }, ({ end }) => end),
      );
      return walk(plan, { scope: scopeOn(context.clock), emit: () => undefined });
    };
    const waits = { state: 'succeeded', value: { waits: { Resource: 'distribution E1' } } };

    test('is noted as one that waits, once', async () => {
      const aws = await onPlan();
      expect(await deleting(aws)).toMatchObject(waits);
      expect(changes(aws.cloudfront)['TagResource']).toEqual([
        {
          Resource: 'arn:aws:cloudfront::123456789012:distribution/E1',
          Tags: { Items: [{ Key: 'mallard:on-plan', Value: new Date(aws.context.clock.now()).toISOString() }] },
        },
      ]);
      const noted = await onPlan();
      expect(await deleting(noted, true)).toMatchObject(waits);
      expect(changes(noted.cloudfront)['TagResource']).toBeUndefined();
    });

    test.each([
      ['AccessDenied', 403],
      ['InvalidTagging', 400],
      ['NoSuchResource', 404],
    ])('makes no run fail that may not note it: %s', async (code, status) => {
      const aws = await onPlan();
      aws.cloudfront.on(TagResourceCommand).rejects(awsError(code, status));
      expect(await deleting(aws)).toMatchObject(waits);
    });
  });

  test.each(['PreconditionFailed', 'DistributionNotDisabled'])(
    'is read again when CloudFront answers %s',
    async (code) => {
      const aws = await mockedAws();
      const seen = (ETag: string) => ({ ETag, Distribution: siteDistribution({ DistributionConfig: config }) });
      aws.cloudfront.on(GetDistributionCommand).resolvesOnce(seen('v1')).resolves(seen('v2'));
      aws.cloudfront.on(DeleteDistributionCommand).rejectsOnce(awsError(code, 409)).resolves({});
      const step = stepAlone(aws.context, deleteDistribution(aws.context, DOOMED));
      expect(await step.perform()).toEqual({ state: 'done', result: 'E1' });
      expect(changes(aws.cloudfront)['DeleteDistribution']).toContainEqual({ Id: 'E1', IfMatch: 'v2' });
      expect([errors.throttled, errors.denied].map(step.retries)).toEqual([true, false]);
    },
  );
});
