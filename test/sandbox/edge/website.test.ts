import {
  DeleteBucketPolicyCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { type WebSandbox, makeSite, putPages, siteHost, startWebSandbox } from '../web';

const NAME = 'docs.example.org';
const HOST = siteHost(NAME);

describe('the S3 website endpoint', () => {
  let web: WebSandbox;
  beforeEach(async () => {
    web = await startWebSandbox();
    await makeSite(web.s3(), NAME, { 'index.html': 'hello', 'docs/index.html': 'the docs', 'a b.html': 'spaced' });
  });
  afterEach(() => web.stop());

  test('the root shows the index document', async () => {
    const page = await web.get(HOST, '/');
    expect(page).toMatchObject({
      status: 200,
      body: 'hello',
      headers: { 'content-type': 'text/html', server: 'AmazonS3' },
    });
  });

  test('the dotted form of the endpoint and a port in the host serve the same', async () => {
    expect((await web.get(`${NAME}.s3-website.us-east-1.amazonaws.com:8080`, '/index.html')).body).toBe('hello');
  });

  test('a sub-folder shows its own index document, without its slash a redirect to it', async () => {
    expect((await web.get(HOST, '/docs/')).body).toBe('the docs');
    expect(await web.get(HOST, '/docs')).toMatchObject({ status: 302, headers: { location: '/docs/' } });
  });

  test('encoded characters of the path are those of the key', async () => {
    expect((await web.get(HOST, '/a%20b.html')).body).toBe('spaced');
  });

  test('HEAD tells length and type without a body', async () => {
    expect(await web.get(HOST, '/', { method: 'HEAD' })).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': '5' },
    });
  });

  test('a condition that holds gives 304', async () => {
    const { headers } = await web.get(HOST, '/');
    expect((await web.get(HOST, '/', { headers: { 'if-none-match': headers.etag ?? '' } })).status).toBe(304);
  });

  test('other methods are 405', async () => {
    expect(await web.get(HOST, '/', { method: 'DELETE' })).toMatchObject({
      status: 405,
      headers: { 'x-amz-error-code': 'MethodNotAllowed' },
    });
  });

  test('a missing page is 404 with a page that names the key', async () => {
    const page = await web.get(HOST, '/nowhere');
    expect(page).toMatchObject({
      status: 404,
      headers: { 'content-type': 'text/html; charset=utf-8', 'x-amz-error-code': 'NoSuchKey' },
    });
    expect(page.body).toContain('<li>Key: nowhere</li>');
  });

  test('the page shows no markup of the request', async () => {
    expect((await web.get(HOST, '/%3Cscript%3E')).body).toContain('&lt;script&gt;');
  });

  test('the error document answers with the status of the error', async () => {
    await web.s3().send(
      new PutBucketWebsiteCommand({
        Bucket: NAME,
        WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: 'error.html' } },
      }),
    );
    expect((await web.get(HOST, '/nowhere')).body).toContain(
      'An Error Occurred While Attempting to Retrieve a Custom Error Document',
    );
    await putPages(web.s3(), NAME, { 'error.html': 'sorry' });
    expect(await web.get(HOST, '/nowhere')).toMatchObject({ status: 404, body: 'sorry' });
  });

  test('without a public policy every page is 403, present or not', async () => {
    await web.s3().send(new DeleteBucketPolicyCommand({ Bucket: NAME }));
    expect((await web.get(HOST, '/')).status).toBe(403);
    expect((await web.get(HOST, '/nowhere')).status).toBe(403);
  });

  test('RestrictPublicBuckets shuts the site (AWS-FACTS S3: public access block)', async () => {
    await web.s3().send(
      new PutPublicAccessBlockCommand({
        Bucket: NAME,
        PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
      }),
    );
    expect((await web.get(HOST, '/')).status).toBe(403);
  });

  test('a bucket that does not exist, has no website, or is in another region says so', async () => {
    expect(await web.get(siteHost('nobody.example.org'), '/')).toMatchObject({
      status: 404,
      headers: { 'x-amz-error-code': 'NoSuchBucket' },
    });
    expect(await web.get(`${NAME}.s3-website-eu-west-1.amazonaws.com`, '/')).toMatchObject({
      status: 400,
      headers: { 'x-amz-error-code': 'IncorrectEndpoint' },
    });
  });

  test('an object with a redirect location sends the browser there', async () => {
    await web
      .s3()
      .send(new PutObjectCommand({ Bucket: NAME, Key: 'old', Body: 'x', WebsiteRedirectLocation: '/docs/' }));
    expect(await web.get(HOST, '/old')).toMatchObject({ status: 301, headers: { location: '/docs/' } });
  });

  test('RedirectAllRequestsTo keeps path and query', async () => {
    await web.s3().send(
      new PutBucketWebsiteCommand({
        Bucket: NAME,
        WebsiteConfiguration: { RedirectAllRequestsTo: { HostName: 'example.org', Protocol: 'https' } },
      }),
    );
    expect(await web.get(HOST, '/a/b?c=1')).toMatchObject({
      status: 301,
      headers: { location: 'https://example.org/a/b?c=1' },
    });
  });

  test('routing rules by prefix and by error code', async () => {
    const rules = [
      { Condition: { KeyPrefixEquals: 'old/' }, Redirect: { ReplaceKeyPrefixWith: 'docs/', HttpRedirectCode: '302' } },
      { Condition: { HttpErrorCodeReturnedEquals: '404' }, Redirect: { ReplaceKeyWith: 'index.html' } },
    ];
    await web.s3().send(
      new PutBucketWebsiteCommand({
        Bucket: NAME,
        WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' }, RoutingRules: rules },
      }),
    );
    expect(await web.get(HOST, '/old/x')).toMatchObject({
      status: 302,
      headers: { location: `http://${HOST}/docs/x` },
    });
    expect(await web.get(HOST, '/gone')).toMatchObject({
      status: 301,
      headers: { location: `http://${HOST}/index.html` },
    });
    expect((await web.get(HOST, '/docs/')).status).toBe(200);
  });

  test('every other host is the API', async () => {
    expect((await web.get('unknown.example.org', '/')).body).toContain('<Error>');
  });
});
