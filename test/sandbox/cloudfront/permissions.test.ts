import {
  CreateInvalidationCommand,
  GetDistributionCommand,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { ListHostedZonesCommand } from '@aws-sdk/client-route-53';
import { ListCertificatesCommand } from '@aws-sdk/client-acm';
import { type Keys, OTHER_ACCOUNT, refusalOf } from '../../support/sandbox/start';
import { type Made, type WebSandbox, makeDistribution, siteConfig, startWebSandbox, withoutAliases } from '../web';

describe('what a website user may do with distributions', () => {
  let web: WebSandbox;
  let own: Made;
  let other: Made;
  beforeEach(async () => {
    web = await startWebSandbox();
    own = await makeDistribution(web.cloudfront(), siteConfig('own', withoutAliases));
    other = await makeDistribution(web.cloudfront(), siteConfig('other', withoutAliases));
  });
  afterEach(() => web.stop());

  async function user(statement: object): Promise<Keys> {
    await web.iam().send(new CreateUserCommand({ UserName: 'anna' }));
    await web.iam().send(
      new PutUserPolicyCommand({
        UserName: 'anna',
        PolicyName: 'p',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      }),
    );
    const { AccessKey: key } = await web.iam().send(new CreateAccessKeyCommand({ UserName: 'anna' }));
    return { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' };
  }

  const invalidate = (keys: Keys, id: string): Promise<unknown> =>
    web.cloudfront(keys).send(
      new CreateInvalidationCommand({
        DistributionId: id,
        InvalidationBatch: { CallerReference: 'a', Paths: { Quantity: 1, Items: ['/*'] } },
      }),
    );

  test('invalidations of the one distribution its policy names', async () => {
    const keys = await user({
      Effect: 'Allow',
      Action: ['cloudfront:CreateInvalidation', 'cloudfront:GetInvalidation'],
      Resource: own.arn,
    });
    await expect(invalidate(keys, own.id)).resolves.toBeDefined();
    const refused = await refusalOf(invalidate(keys, other.id));
    expect(refused).toMatchObject({ code: 'AccessDenied', status: 403 });
    expect(refused.message).toContain(`cloudfront:CreateInvalidation on resource: ${other.arn}`);
    expect(await refusalOf(web.cloudfront(keys).send(new GetDistributionCommand({ Id: own.id })))).toMatchObject({
      code: 'AccessDenied',
    });
    expect(await refusalOf(web.cloudfront(keys).send(new ListDistributionsCommand({})))).toMatchObject({
      code: 'AccessDenied',
    });
    expect(await refusalOf(web.route53(keys).send(new ListHostedZonesCommand({})))).toMatchObject({
      code: 'AccessDenied',
      status: 403,
    });
    expect(await refusalOf(web.acm(keys).send(new ListCertificatesCommand({})))).toMatchObject({
      code: 'AccessDeniedException',
      status: 400,
    });
  });

  test('distributions of another account do not exist for it', async () => {
    expect(await refusalOf(invalidate(OTHER_ACCOUNT, own.id))).toMatchObject({
      code: 'NoSuchDistribution',
      status: 404,
    });
  });
});
