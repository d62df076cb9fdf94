import { DeleteDistributionCommand, GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import { deleteDistribution } from '../../../../src/domain/cleaner/aws/delete-distribution';
import { SITE, siteConfig, siteDistribution } from '../../../support/distributions';
import { errors } from '../../../support/errors';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { changes, stepAlone } from '../../../support/steps';

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
    expect(await stepAlone(aws.context, deleteDistribution(aws.context, 'E1', SITE)).run()).toBe(result);
    expect(changes(aws.cloudfront)).toEqual(expected);
  });

  test('that is gone already counts as deleted', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(GetDistributionCommand).rejects(awsError('NoSuchDistribution', 404));
    expect(await stepAlone(aws.context, deleteDistribution(aws.context, 'E1', SITE)).run()).toBe('E1');
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
    expect(await stepAlone(aws.context, deleteDistribution(aws.context, 'E1', SITE)).perform()).toEqual({
      state: 'done',
      result: { waits: { Resource: 'distribution E1', because: expect.stringContaining('flat-rate plan') } },
    });
    expect(aws.cloudfront.commandCalls(DeleteDistributionCommand)).toHaveLength(1);
  });

  test.each(['PreconditionFailed', 'DistributionNotDisabled'])(
    'is read again when CloudFront answers %s',
    async (code) => {
      const aws = await mockedAws();
      const seen = (ETag: string) => ({ ETag, Distribution: siteDistribution({ DistributionConfig: config }) });
      aws.cloudfront.on(GetDistributionCommand).resolvesOnce(seen('v1')).resolves(seen('v2'));
      aws.cloudfront.on(DeleteDistributionCommand).rejectsOnce(awsError(code, 409)).resolves({});
      const step = stepAlone(aws.context, deleteDistribution(aws.context, 'E1', SITE));
      expect(await step.perform()).toEqual({ state: 'done', result: 'E1' });
      expect(changes(aws.cloudfront)['DeleteDistribution']).toContainEqual({ Id: 'E1', IfMatch: 'v2' });
      expect([errors.throttled, errors.denied].map(step.retries)).toEqual([true, false]);
    },
  );
});
