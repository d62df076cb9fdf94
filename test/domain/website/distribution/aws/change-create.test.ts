import {
  CreateDistributionWithTagsCommand,
  GetDistributionCommand,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import { createDistribution } from '../../../../../src/domain/website/distribution/aws/change';
import {
  DISTRIBUTION_ARN,
  SITE,
  listed,
  siteConfig,
  siteDistribution,
  siteSummary,
} from '../../../../support/distributions';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { changes, stepAlone } from '../../../../support/steps';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/c';

const creation = ({ context }: MockedAws, certificates: readonly string[] = [CERTIFICATE], isConfigured = true) =>
  stepAlone(
    context,
    createDistribution(context, {
      site: SITE,
      domain: 'example.org',
      isConfigured,
      certificates,
      tags: [{ Key: 'Cost', Value: '$5' }],
      needs: {},
      config: (operationId, certificate) =>
        siteConfig({
          CallerReference: operationId,
          ViewerCertificate: { ...siteConfig().ViewerCertificate, ACMCertificateArn: certificate },
        }),
      after: [],
    }),
  );

const present = (aws: MockedAws, distribution = siteDistribution()) => {
  aws.cloudfront.on(ListDistributionsCommand).resolves(listed(siteSummary()));
  aws.cloudfront.on(GetDistributionCommand, { Id: 'E1' }).resolves({ ETag: 'v2', Distribution: distribution });
};

describe('a new distribution', () => {
  test('carries the operation as its reference, and tags in its own alphabet', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(CreateDistributionWithTagsCommand).resolves({ ETag: 'v1', Distribution: siteDistribution() });
    expect(await creation(aws).run()).toEqual({ id: 'E1', etag: 'v1', distribution: siteDistribution() });
    const Tags = { Items: [{ Key: 'Cost', Value: '_5' }] };
    expect(changes(aws.cloudfront)).toEqual({
      CreateDistributionWithTags: [{ DistributionConfigWithTags: { DistributionConfig: siteConfig(), Tags } }],
    });
  });

  test('is usable when the answer names no version: that is read before every change', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(CreateDistributionWithTagsCommand).resolves({ Distribution: siteDistribution() });
    expect(await creation(aws).run()).toMatchObject({ id: 'E1', etag: '' });
  });

  test.each([
    [
      'the reply is lost',
      (aws: MockedAws) => aws.cloudfront.on(CreateDistributionWithTagsCommand).rejects(awsError('InternalError', 500)),
    ],
    ['the answer is empty', (aws: MockedAws) => aws.cloudfront.on(CreateDistributionWithTagsCommand).resolves({})],
  ])('is found again and adopted, not made twice, when %s', async (_, answer) => {
    const aws = await mockedAws();
    answer(aws);
    present(aws);
    expect(await creation(aws).perform()).toEqual({
      state: 'done',
      result: { id: 'E1', etag: 'v2', distribution: siteDistribution() },
    });
    expect(aws.cloudfront.commandCalls(CreateDistributionWithTagsCommand)).toHaveLength(1);
  });

  test.each([
    ['there is none of the site', (aws: MockedAws) => aws.cloudfront.on(ListDistributionsCommand).resolves(listed())],
    [
      'it has gone since it was listed',
      (aws: MockedAws) => {
        present(aws);
        aws.cloudfront.on(GetDistributionCommand).rejects(awsError('NoSuchDistribution', 404));
      },
    ],
    [
      'it is of another operation',
      (aws: MockedAws) => {
        present(aws, siteDistribution({ DistributionConfig: siteConfig({ CallerReference: 'op-0' }) }));
      },
    ],
    [
      'nothing tells of which operation it is',
      (aws: MockedAws) => {
        present(aws, siteDistribution({ DistributionConfig: undefined }));
      },
    ],
  ])('is not believed to be made, nor taken back, when %s', async (_, world) => {
    const aws = await mockedAws();
    world(aws);
    expect(await creation(aws).alreadyDone()).toBeUndefined();
    await creation(aws).undo();
    expect(changes(aws.cloudfront)).toEqual({});
  });
});

describe('a refusal to make one', () => {
  const subject = siteSummary({ Id: 'E7', Comment: 'theirs' });
  test.each([
    [
      'this account',
      (aws: MockedAws) =>
        aws.cloudfront
          .on(ListDistributionsCommand)
          .resolves(listed(siteSummary({ Id: 'E0', Aliases: undefined }), subject)),
      `another CloudFront distribution (E7) has the alias ${SITE} already`,
    ],
    [
      'another account',
      (aws: MockedAws) =>
        aws.cloudfront.on(ListDistributionsCommand).resolves(listed(siteSummary({ Aliases: { Quantity: 0 } }))),
      `another CloudFront distribution has the alias ${SITE} already`,
    ],
    [
      'nobody can tell which',
      (aws: MockedAws) => aws.cloudfront.on(ListDistributionsCommand).rejects(awsError('AccessDenied', 403)),
      `another CloudFront distribution has the alias ${SITE} already`,
    ],
  ])('for an alias that is taken names its subject in %s where it can', async (_, world, detail) => {
    const aws = await mockedAws();
    aws.cloudfront.on(CreateDistributionWithTagsCommand).rejects(awsError('CNAMEAlreadyExists', 409));
    world(aws);
    await expect(creation(aws).run()).rejects.toMatchObject({
      error: { kind: 'exists', detail, origin: { code: 'CNAMEAlreadyExists' } },
    });
  });

  test('for the certificate of the configuration is the operator’s to mend', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(CreateDistributionWithTagsCommand).rejects(awsError('InvalidViewerCertificate', 400));
    await expect(creation(aws).run()).rejects.toMatchObject({
      error: { kind: 'misconfigured', setting: 'domains.example.org.certArn' },
    });
  });

  test('for a certificate that was found is answered with the next one', async () => {
    const aws = await mockedAws();
    aws.cloudfront
      .on(CreateDistributionWithTagsCommand)
      .rejectsOnce(awsError('InvalidViewerCertificate', 400))
      .rejectsOnce(awsError('ServiceUnavailable', 503))
      .resolves({ ETag: 'v1', Distribution: siteDistribution() });
    aws.cloudfront.on(ListDistributionsCommand).resolves(listed());
    expect(await creation(aws, ['untrusted', CERTIFICATE], false).perform()).toMatchObject({ state: 'done' });
    const sent = aws.cloudfront
      .commandCalls(CreateDistributionWithTagsCommand)
      .map(({ args: [{ input }] }) => input.DistributionConfigWithTags?.DistributionConfig?.ViewerCertificate);
    expect(sent.map((certificate) => certificate?.ACMCertificateArn)).toEqual(['untrusted', CERTIFICATE, CERTIFICATE]);
  });

  test('for all certificates that were found names them, the region and the domain, and no setting that is not there', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(CreateDistributionWithTagsCommand).rejects(awsError('InvalidViewerCertificate', 400));
    expect(await creation(aws, ['one', 'two'], false).perform()).toMatchObject({
      error: {
        kind: 'misconfigured',
        setting: 'domains.example.org',
        detail: expect.stringMatching(/ACM in us-east-1 has for example\.org \(one, two\)/),
      },
    });
    expect(aws.cloudfront.commandCalls(CreateDistributionWithTagsCommand)).toHaveLength(2);
  });

  test('for any other reason is told as it is', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(CreateDistributionWithTagsCommand).rejects(awsError('TooManyDistributions', 400));
    await expect(creation(aws).run()).rejects.toMatchObject({
      error: { kind: 'quota', origin: { code: 'TooManyDistributions', effect: 'none' } },
    });
  });
});

describe('a distribution that is taken back', () => {
  const off = { Enabled: false, Aliases: { Quantity: 0, Items: [] } };
  const retired = (aws: MockedAws) => ({
    Resource: DISTRIBUTION_ARN,
    Tags: { Items: [{ Key: 'mallard:retired', Value: new Date(aws.clock.now()).toISOString() }] },
  });

  test.each([
    ['as it is by now, when its reply was lost', undefined],
    ['as it is by now, when its reply came', { id: 'E1', etag: 'v1', distribution: siteDistribution() }],
  ])('is turned off %s, and left to the cleaner', async (_, result) => {
    const aws = await mockedAws();
    present(aws);
    await creation(aws).undo(result);
    expect(changes(aws.cloudfront)).toEqual({
      UpdateDistribution: [{ Id: 'E1', IfMatch: 'v2', DistributionConfig: siteConfig(off) }],
      TagResource: [retired(aws)],
    });
  });

  test('is marked by a second try, beside one that a former creation left', async () => {
    const aws = await mockedAws();
    const turnedOff = { Enabled: false, Aliases: { Quantity: 0 } };
    aws.cloudfront
      .on(ListDistributionsCommand)
      .resolves(listed(siteSummary({ Id: 'E0', ...turnedOff }), siteSummary(turnedOff)));
    aws.cloudfront.on(GetDistributionCommand, { Id: 'E0' }).resolves({
      ETag: 'v0',
      Distribution: siteDistribution({
        Id: 'E0',
        DistributionConfig: siteConfig({ CallerReference: 'op-0', ...off }),
      }),
    });
    aws.cloudfront
      .on(GetDistributionCommand, { Id: 'E1' })
      .resolves({ ETag: 'v2', Distribution: siteDistribution({ DistributionConfig: siteConfig(off) }) });
    await creation(aws).undo();
    expect(changes(aws.cloudfront)).toMatchObject({ TagResource: [retired(aws)] });
  });

  test('is turned off as it was made while CloudFront does not show it yet', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(GetDistributionCommand).rejects(awsError('NoSuchDistribution', 404));
    await creation(aws).undo({ id: 'E1', etag: 'v1', distribution: siteDistribution() });
    expect(changes(aws.cloudfront)).toEqual({
      UpdateDistribution: [{ Id: 'E1', IfMatch: 'v1', DistributionConfig: siteConfig(off) }],
      TagResource: [retired(aws)],
    });
  });

  test('is only marked when its configuration is not told: an empty one must not be written over it', async () => {
    const aws = await mockedAws();
    present(aws, siteDistribution({ DistributionConfig: undefined }));
    await creation(aws).undo({ id: 'E1', etag: 'v1', distribution: siteDistribution() });
    expect(changes(aws.cloudfront)).toEqual({ TagResource: [retired(aws)] });
  });
});
