import {
  CreateOriginAccessControlCommand,
  DeleteOriginAccessControlCommand,
  GetOriginAccessControlCommand,
  ListOriginAccessControlsCommand,
  UpdateOriginAccessControlCommand,
} from '@aws-sdk/client-cloudfront';
import { OTHER_ACCOUNT, refusalOf } from '../../support/sandbox/start';
import { type WebSandbox, makeDistribution, siteConfig, startWebSandbox, withoutAliases } from '../web';

const CONFIG = {
  Name: 'site',
  SigningProtocol: 'sigv4',
  SigningBehavior: 'always',
  OriginAccessControlOriginType: 's3',
} as const;

describe('origin access controls', () => {
  let web: WebSandbox;
  beforeEach(async () => {
    web = await startWebSandbox();
  });
  afterEach(() => web.stop());

  async function create(): Promise<{ id: string | undefined; etag: string | undefined }> {
    const { OriginAccessControl: made, ETag: etag } = await web
      .cloudfront()
      .send(new CreateOriginAccessControlCommand({ OriginAccessControlConfig: CONFIG }));
    return { id: made?.Id, etag };
  }

  test('made, told, changed, listed and deleted', async () => {
    const { id, etag } = await create();
    const { OriginAccessControl: shown } = await web.cloudfront().send(new GetOriginAccessControlCommand({ Id: id }));
    expect(shown?.OriginAccessControlConfig).toMatchObject(CONFIG);
    const changed = await web.cloudfront().send(
      new UpdateOriginAccessControlCommand({
        Id: id,
        IfMatch: etag,
        OriginAccessControlConfig: { ...CONFIG, Description: 'new' },
      }),
    );
    const { OriginAccessControlList: list } = await web.cloudfront().send(new ListOriginAccessControlsCommand({}));
    expect(list).toMatchObject({ Quantity: 1, Items: [{ Id: id, Description: 'new' }] });
    const remove = (match: string | undefined): Promise<unknown> =>
      web.cloudfront().send(new DeleteOriginAccessControlCommand({ Id: id, IfMatch: match }));
    expect(await refusalOf(remove(etag))).toMatchObject({ code: 'PreconditionFailed', status: 412 });
    await remove(changed.ETag);
    expect(await refusalOf(web.cloudfront().send(new GetOriginAccessControlCommand({ Id: id })))).toMatchObject({
      code: 'NoSuchOriginAccessControl',
      status: 404,
    });
  });

  test('a name is taken once in an account', async () => {
    await create();
    expect(await refusalOf(create())).toMatchObject({ code: 'OriginAccessControlAlreadyExists', status: 409 });
    const elsewhere = web
      .cloudfront(OTHER_ACCOUNT)
      .send(new CreateOriginAccessControlCommand({ OriginAccessControlConfig: CONFIG }));
    await expect(elsewhere).resolves.toBeDefined();
  });

  test('AWS-FACTS CloudFront: it fronts a REST endpoint, never a website endpoint; used, it cannot be deleted', async () => {
    const { id, etag } = await create();
    const custom = { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' } as const;
    const website = {
      Id: 'site',
      DomainName: 'site.s3-website-us-east-1.amazonaws.com',
      CustomOriginConfig: custom,
      OriginAccessControlId: id,
    };
    const rest = {
      Id: 'site',
      DomainName: 'site.s3.eu-west-1.amazonaws.com',
      S3OriginConfig: { OriginAccessIdentity: '' },
      OriginAccessControlId: id,
    };
    const make = (origin: typeof website | typeof rest): Promise<unknown> =>
      makeDistribution(
        web.cloudfront(),
        siteConfig('site', { ...withoutAliases, Origins: { Quantity: 1, Items: [origin] } }),
      );
    expect(await refusalOf(make(website))).toMatchObject({ code: 'InvalidOriginAccessControl', status: 400 });
    await make(rest);
    const remove = web.cloudfront().send(new DeleteOriginAccessControlCommand({ Id: id, IfMatch: etag }));
    expect(await refusalOf(remove)).toMatchObject({ code: 'OriginAccessControlInUse', status: 409 });
  });
});
