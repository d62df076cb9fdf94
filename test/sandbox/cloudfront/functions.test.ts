import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DescribeFunctionCommand,
  GetFunctionCommand,
  ListFunctionsCommand,
  PublishFunctionCommand,
  UpdateFunctionCommand,
} from '@aws-sdk/client-cloudfront';
import { refusalOf } from '../../support/sandbox/start';
import { type WebSandbox, makeDistribution, siteConfig, startWebSandbox, withoutAliases } from '../web';

const CONFIG = { Comment: 'folders', Runtime: 'cloudfront-js-2.0' } as const;
const CODE = Buffer.from('function handler(event) { return event.request; }');

describe('CloudFront functions', () => {
  let web: WebSandbox;
  beforeEach(async () => {
    web = await startWebSandbox();
  });
  afterEach(() => web.stop());

  const create = (code: Buffer = CODE) =>
    web.cloudfront().send(new CreateFunctionCommand({ Name: 'folders', FunctionConfig: CONFIG, FunctionCode: code }));
  const publish = (etag: string | undefined) =>
    web.cloudfront().send(new PublishFunctionCommand({ Name: 'folders', IfMatch: etag }));

  test('it is written, published, and told by stage', async () => {
    const made = await create();
    expect(made.FunctionSummary).toMatchObject({
      Name: 'folders',
      Status: 'UNPUBLISHED',
      FunctionConfig: CONFIG,
      FunctionMetadata: { Stage: 'DEVELOPMENT' },
    });
    const live = { Name: 'folders', Stage: 'LIVE' } as const;
    expect(await refusalOf(web.cloudfront().send(new DescribeFunctionCommand(live)))).toMatchObject({
      code: 'NoSuchFunctionExists',
      status: 404,
    });
    await publish(made.ETag);
    const { FunctionSummary: summary } = await web.cloudfront().send(new DescribeFunctionCommand(live));
    expect(summary).toMatchObject({ Status: 'DEPLOYED', FunctionMetadata: { Stage: 'LIVE' } });
    const { FunctionCode: code } = await web.cloudfront().send(new GetFunctionCommand(live));
    expect(Buffer.from(code ?? []).toString()).toBe(CODE.toString());
    const { FunctionList: list } = await web.cloudfront().send(new ListFunctionsCommand({ Stage: 'LIVE' }));
    expect(list).toMatchObject({ Quantity: 1, Items: [{ Name: 'folders' }] });
  });

  test('an update changes DEVELOPMENT only, and needs the present ETag', async () => {
    const { ETag: first } = await create();
    await publish(first);
    const update = (etag: string | undefined) =>
      web.cloudfront().send(
        new UpdateFunctionCommand({
          Name: 'folders',
          IfMatch: etag,
          FunctionConfig: CONFIG,
          FunctionCode: Buffer.from('changed'),
        }),
      );
    const { ETag: second } = await update(first);
    expect(second).not.toBe(first);
    expect(await refusalOf(update(first))).toMatchObject({ code: 'PreconditionFailed', status: 412 });
    expect(await refusalOf(update(undefined))).toMatchObject({ code: 'InvalidIfMatchVersion', status: 400 });
    const { FunctionCode: live } = await web
      .cloudfront()
      .send(new GetFunctionCommand({ Name: 'folders', Stage: 'LIVE' }));
    expect(Buffer.from(live ?? []).toString()).toBe(CODE.toString());
  });

  test('a name is taken once, code has 10 KB', async () => {
    expect(await refusalOf(create(Buffer.alloc(10_241, 'x')))).toMatchObject({
      code: 'FunctionSizeLimitExceeded',
      status: 413,
    });
    await create();
    expect(await refusalOf(create())).toMatchObject({ code: 'FunctionAlreadyExists', status: 409 });
  });

  test('one that a distribution runs cannot be deleted', async () => {
    const made = await create();
    await publish(made.ETag);
    const base = siteConfig('site', withoutAliases);
    const association = {
      FunctionARN: made.FunctionSummary?.FunctionMetadata?.FunctionARN,
      EventType: 'viewer-request',
    } as const;
    const behavior = {
      ...base.DefaultCacheBehavior,
      FunctionAssociations: { Quantity: 1, Items: [association] },
    } as typeof base.DefaultCacheBehavior;
    await makeDistribution(web.cloudfront(), { ...base, DefaultCacheBehavior: behavior });
    const remove = web.cloudfront().send(new DeleteFunctionCommand({ Name: 'folders', IfMatch: made.ETag }));
    expect(await refusalOf(remove)).toMatchObject({ code: 'FunctionInUse', status: 409 });
  });

  test('one that nobody runs can', async () => {
    const { ETag } = await create();
    await web.cloudfront().send(new DeleteFunctionCommand({ Name: 'folders', IfMatch: ETag }));
    expect(await refusalOf(web.cloudfront().send(new DescribeFunctionCommand({ Name: 'folders' })))).toMatchObject({
      code: 'NoSuchFunctionExists',
    });
  });
});

// CloudFront Developer Guide, "Quotas on CloudFront Functions".
test('AWS-FACTS: an account has so many functions, each of which serves so many distributions', async () => {
  const web = await startWebSandbox({ cloudfront: { functionsPerAccount: 1, distributionsPerFunction: 1 } });
  const create = (Name: string) =>
    web.cloudfront().send(new CreateFunctionCommand({ Name, FunctionConfig: CONFIG, FunctionCode: CODE }));
  const { ETag, FunctionSummary } = await create('one');
  await web.cloudfront().send(new PublishFunctionCommand({ Name: 'one', IfMatch: ETag }));
  expect(await refusalOf(create('two'))).toMatchObject({ code: 'TooManyFunctions', status: 400 });
  const running = (name: string) => {
    const base = siteConfig(name, withoutAliases);
    const association = {
      FunctionARN: FunctionSummary?.FunctionMetadata?.FunctionARN,
      EventType: 'viewer-request',
    } as const;
    const FunctionAssociations = { Quantity: 1, Items: [association] };
    return { ...base, DefaultCacheBehavior: { ...base.DefaultCacheBehavior, FunctionAssociations } } as typeof base;
  };
  await makeDistribution(web.cloudfront(), running('first'));
  expect(await refusalOf(makeDistribution(web.cloudfront(), running('second')))).toMatchObject({
    code: 'TooManyDistributionsWithFunctionAssociations',
    status: 400,
  });
  await web.stop();
});
