import { resolve } from '../../src/http/contract/document';
import { clientFiles } from '../../src/domain/client/rules/tools';
import { startHttp, type HttpHarness, type Seen, type Sent } from '../support/http';

const BUCKET = '/v1/s3/demo/buckets/foobarbucketname';
const SITE = '/v1/s3/demo/websites/foobar.bulldogs.cloud';

let http: HttpHarness;
beforeEach(async () => {
  http = await startHttp();
  await http.send('/v1/s3/demo/buckets', { method: 'POST', body: { BucketInput: { Bucket: 'foobarbucketname' } } });
  await http.send('/v1/s3/demo/websites', {
    method: 'POST',
    body: { BucketInput: { Bucket: 'foobar.bulldogs.cloud' } },
  });
});
afterEach(() => http.close());

const ask = (path: string, sent: Sent = {}): Promise<Seen> =>
  http.ask(path.startsWith(SITE) ? 'configureWebsiteClient' : 'configureBucketClient', path, sent);

test('the document lists the tools that are known', () => {
  expect(resolve('/components/parameters/ClientTool/schema').value['enum']).toEqual(Object.keys(clientFiles));
});

test.each([BUCKET, SITE])(
  '%s: a file by its name, text or JSON, that no browser takes for something else',
  async (path) => {
    const text = await ask(`${path}/clients/rclone?path=a%2Fb`);
    expect(text).toMatchObject({ status: 200, text: expect.stringContaining('/a/b\n') });
    expect(text.header('content-type')).toBe('text/plain; charset=utf-8');
    expect(text.header('content-disposition')).toBe('attachment; filename="rclone.conf"');
    expect(text.header('x-content-type-options')).toBe('nosniff');
    const json = await ask(`${path}/clients/mc`);
    expect(json.header('content-type')).toBe('application/json; charset=utf-8');
    expect(json.header('content-disposition')).toContain('.json"');
  },
);

test('an unknown tool is told the known ones', async () => {
  const { status, body } = await ask(`${BUCKET}/clients/rclon`);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    detail: expect.stringContaining(
      'must be one of rclone, aws, s3cmd, mc, winscp, env, authentik; did you mean "rclone"?',
    ),
  });
});

test.each(['', 'RCLONE', 'rclone%2F..', '%00', '__proto__', 'constructor'])('the tool %j is 4xx', async (tool) => {
  const { status } = await http.send(`${BUCKET}/clients/${tool}`);
  expect([400, 404]).toContain(status);
});

test.each(['path=%00', 'path=a&path=b', 'user=a%20b', 'secret=x', 'path=%0a'])('%s is 400', async (query) => {
  expect((await ask(`${BUCKET}/clients/env?${query}`)).status).toBe(400);
});

test('needs a token, GET, and a bucket', async () => {
  expect((await ask(`${BUCKET}/clients/env`, { token: null })).status).toBe(403);
  expect((await ask(`${BUCKET}/clients/env`, { method: 'POST', body: {} })).status).toBe(405);
  expect((await ask('/v1/s3/demo/buckets/nothing-here/clients/env')).status).toBe(404);
  expect((await http.send(`${BUCKET}/clients/env`, { method: 'HEAD' })).status).toBe(200);
});
