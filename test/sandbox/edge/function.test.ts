import { CreateFunctionCommand, PublishFunctionCommand } from '@aws-sdk/client-cloudfront';
import { type FunctionEvent, runFunction } from '../../../src/sandbox/edge/function-run';
import { type WebSandbox, makeDistribution, makeSite, siteConfig, startWebSandbox } from '../web';

const EVENT: FunctionEvent = {
  version: '1.0',
  context: {
    eventType: 'viewer-request',
    distributionDomainName: 'd.cloudfront.net',
    distributionId: 'E1',
    requestId: 'R',
  },
  viewer: { ip: '127.0.0.1' },
  request: { method: 'GET', uri: '/docs/', querystring: {}, headers: {}, cookies: {} },
};

describe('a function by itself', () => {
  test('changes the request it is given', () => {
    const outcome = runFunction(
      'function handler(event) { event.request.uri += "index.html"; return event.request; }',
      EVENT,
    );
    expect(outcome).toMatchObject({ kind: 'request', request: { uri: '/docs/index.html' } });
  });

  test('may be async and may answer itself', () => {
    const outcome = runFunction(
      'async function handler(event) { await null; return { statusCode: 302, headers: { location: { value: "/x" } } }; }',
      EVENT,
    );
    expect(outcome).toMatchObject({
      kind: 'response',
      response: { statusCode: 302, headers: { location: { value: '/x' } } },
    });
  });

  test.each([
    ['an endless loop', 'function handler() { for (;;) {} }'],
    ['a promise without end', 'function handler() { return new Promise(function () {}); }'],
    ['an exception', 'function handler() { throw new Error("no"); }'],
    ['no handler', 'var x = 1;'],
    ['a syntax error', 'function handler( {'],
    ['nothing returned', 'function handler() {}'],
    [
      'a reach for the process',
      'function handler(event) { event.request.uri = "/" + process.pid; return event.request; }',
    ],
    ['a reach for it by a constructor', 'function handler(event) { return handler.constructor("return process")(); }'],
  ])('%s fails', (_title, code) => {
    expect(runFunction(code, EVENT).kind).toBe('failed');
  });
});

describe('functions of a distribution', () => {
  const NAME = 'docs.example.org';
  let web: WebSandbox;
  beforeEach(async () => {
    web = await startWebSandbox();
    await makeSite(web.s3(), NAME, { 'index.html': 'home' });
  });
  afterEach(() => web.stop());

  async function siteWith(code: string, event: 'viewer-request' | 'viewer-response'): Promise<void> {
    const config = { Comment: '', Runtime: 'cloudfront-js-2.0' } as const;
    const { ETag, FunctionSummary } = await web
      .cloudfront()
      .send(new CreateFunctionCommand({ Name: 'f', FunctionConfig: config, FunctionCode: Buffer.from(code) }));
    await web.cloudfront().send(new PublishFunctionCommand({ Name: 'f', IfMatch: ETag }));
    const base = siteConfig(NAME);
    const association = { FunctionARN: FunctionSummary?.FunctionMetadata?.FunctionARN, EventType: event };
    const behavior = { ...base.DefaultCacheBehavior, FunctionAssociations: { Quantity: 1, Items: [association] } };
    await makeDistribution(web.cloudfront(), { ...base, DefaultCacheBehavior: behavior } as typeof base);
  }

  test('a viewer request is rewritten before cache and origin', async () => {
    await siteWith(
      'function handler(event) { event.request.uri = "/index.html"; return event.request; }',
      'viewer-request',
    );
    expect((await web.get(NAME, '/any/route')).body).toBe('home');
    expect((await web.get(NAME, '/other/route')).headers['x-cache']).toBe('Hit from cloudfront');
  });

  test('an answer of the function goes out as it is', async () => {
    await siteWith(
      'function handler() { return { statusCode: 200, body: { encoding: "text", data: "made" } }; }',
      'viewer-request',
    );
    expect(await web.get(NAME, '/')).toMatchObject({
      status: 200,
      body: 'made',
      headers: { 'x-cache': 'FunctionGeneratedResponse from cloudfront' },
    });
  });

  test('a function that fails is 503', async () => {
    await siteWith('function handler() { throw new Error("no"); }', 'viewer-request');
    expect((await web.get(NAME, '/')).status).toBe(503);
  });

  test('a viewer response takes headers along and keeps the page', async () => {
    await siteWith(
      'function handler(event) { event.response.headers["x-added"] = { value: "yes" }; return event.response; }',
      'viewer-response',
    );
    expect(await web.get(NAME, '/')).toMatchObject({ status: 200, body: 'home', headers: { 'x-added': 'yes' } });
  });
});
