import {
  CreateOriginAccessControlCommand,
  DeleteDistributionCommand,
  DeleteOriginAccessControlCommand,
  GetOriginAccessControlCommand,
  ListOriginAccessControlsCommand,
  UpdateDistributionCommand,
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

// CloudFront Developer Guide, "Quotas"; AWS-FACTS: an origin access control serves 100 distributions by default.
describe('quotas of what distributions share', () => {
  let web: WebSandbox;
  afterEach(() => web.stop());

  const control = async (name: string): Promise<string | undefined> => {
    const made = await web
      .cloudfront()
      .send(new CreateOriginAccessControlCommand({ OriginAccessControlConfig: { ...CONFIG, Name: name } }));
    return made.OriginAccessControl?.Id;
  };
  const behind = (name: string, id: string | undefined) => {
    const origin = {
      Id: name,
      DomainName: `${name}.s3.eu-west-1.amazonaws.com`,
      S3OriginConfig: { OriginAccessIdentity: '' },
      OriginAccessControlId: id,
    };
    return siteConfig(name, { ...withoutAliases, Origins: { Quantity: 1, Items: [origin] } });
  };

  test('an origin access control that serves as many as it may takes no other, by creation or update', async () => {
    web = await startWebSandbox({ cloudfront: { deploySeconds: 0, distributionsPerAccessControl: 1 } });
    const [one, two] = [await control('one'), await control('two')];
    const first = behind('first', one);
    const { id, etag } = await makeDistribution(web.cloudfront(), first);
    expect(await refusalOf(makeDistribution(web.cloudfront(), behind('second', one)))).toMatchObject({
      code: 'TooManyDistributionsAssociatedToOriginAccessControl',
      status: 400,
    });
    const second = behind('second', two);
    const other = await makeDistribution(web.cloudfront(), second);
    const moved = { ...second, Origins: behind('second', one).Origins };
    const update = (Id: string, IfMatch: string, DistributionConfig: typeof first) =>
      web.cloudfront().send(new UpdateDistributionCommand({ Id, IfMatch, DistributionConfig }));
    expect(await refusalOf(update(other.id, other.etag, moved))).toMatchObject({
      code: 'TooManyDistributionsAssociatedToOriginAccessControl',
    });
    // Its own place is no other's; and it is free when the distribution is deleted, not when it is off.
    const off = await update(id, etag, { ...first, Enabled: false });
    expect(await refusalOf(makeDistribution(web.cloudfront(), behind('third', one)))).toMatchObject({ status: 400 });
    await web.cloudfront().send(new DeleteDistributionCommand({ Id: id, IfMatch: off.ETag }));
    await expect(makeDistribution(web.cloudfront(), behind('third', one))).resolves.toBeDefined();
  });

  test('an account has only so many, whose names are its own', async () => {
    web = await startWebSandbox({ cloudfront: { accessControlsPerAccount: 1 } });
    await control('one');
    expect(await refusalOf(control('two'))).toMatchObject({ code: 'TooManyOriginAccessControls', status: 400 });
    expect(await refusalOf(control('one'))).toMatchObject({ code: 'OriginAccessControlAlreadyExists' });
  });
});
