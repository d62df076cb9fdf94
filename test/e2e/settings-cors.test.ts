import { type IncomingHttpHeaders, request } from 'node:http';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { AUTHENTIK, UPLOADS } from '../support/e2e/settings';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { startWorld, type World } from '../support/e2e/world';

/** What a browser meets after CORS was set: preflights and the requests that follow them. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const PAGE = 'https://app.example.org';
const onSandbox = { more: SANDBOX_ONLY.preflights };

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function send(method: string, url: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const preflight = (
  url: string,
  origin: string,
  method: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> => send('OPTIONS', url, { Origin: origin, 'Access-Control-Request-Method': method, ...more });

async function bucketWith(CORS: unknown): Promise<string> {
  const bucket = world.name('cors');
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
  expect((await world.api('PUT', `/demo/buckets/${bucket}`, { CORS })).status).toBe(200);
  return bucket;
}

/** The two ways to address a bucket. */
const addresses = (bucket: string, key: string) => {
  const { host, port } = new URL(world.target.endpoint);
  return [
    { style: 'path', url: `${world.target.endpoint}/${bucket}/${key}`, headers: { Host: host } },
    {
      style: 'virtual host',
      url: `${world.target.endpoint}/${key}`,
      headers: { Host: `${bucket}.s3.localhost:${port}` },
    },
  ] as const;
};

skippable(
  'the rules of the self-hosted application let its page read images, and nobody else’s',
  async () => {
    const bucket = await bucketWith(AUTHENTIK);
    for (const { style, url, headers } of addresses(bucket, 'application-icons/application.png')) {
      const asked = { ...headers, 'Access-Control-Request-Headers': 'authorization' };
      const allowed = await preflight(url, 'https://authentik.company', 'GET', asked);
      expect({ style, status: allowed.status, headers: allowed.headers }).toMatchObject({
        style,
        status: 200,
        headers: {
          'access-control-allow-origin': 'https://authentik.company',
          'access-control-allow-methods': 'GET',
          'access-control-allow-headers': 'authorization',
          'access-control-max-age': '3000',
          vary: expect.stringContaining('Origin'),
        },
      });
      for (const refused of [
        preflight(url, 'https://other.company', 'GET', asked),
        preflight(url, 'https://authentik.company', 'PUT', asked),
        preflight(url, 'https://authentik.company', 'GET', { ...headers, 'Access-Control-Request-Headers': 'x-other' }),
      ]) {
        const { status, body, headers: answered } = await refused;
        expect({ status, body, allow: answered['access-control-allow-origin'] }).toEqual({
          status: 403,
          body: expect.stringMatching(/<Code>AccessForbidden<\/Code><Message>CORSResponse: /),
          allow: undefined,
        });
      }
    }
  },
  onSandbox,
);

skippable(
  'a page uploads and reads by presigned URLs',
  async () => {
    const bucket = await bucketWith(UPLOADS);
    const of = { Bucket: bucket, Key: 'pages/a b.txt' };
    const upload = await getSignedUrl(world.auditor.s3, new PutObjectCommand(of), { expiresIn: 60 });
    const asked = await preflight(upload, PAGE, 'PUT', { 'Access-Control-Request-Headers': 'content-type' });
    expect(asked).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': PAGE, 'access-control-allow-headers': 'content-type' },
    });

    const put = await send(
      'PUT',
      upload,
      { Origin: PAGE, 'Content-Type': 'text/plain', 'Content-Length': '5' },
      'hello',
    );
    expect(put).toMatchObject({
      status: 200,
      headers: {
        'access-control-allow-origin': PAGE,
        'access-control-expose-headers': 'ETag',
        vary: expect.stringContaining('Origin'),
      },
    });
    const download = await getSignedUrl(world.auditor.s3, new GetObjectCommand(of), { expiresIn: 60 });
    expect(await send('GET', download, { Origin: PAGE })).toMatchObject({
      status: 200,
      body: 'hello',
      headers: { 'access-control-allow-origin': PAGE },
    });
    // The same request of no page, or of one that the rules do not know, is answered without leave to read.
    for (const headers of [{}, { Origin: 'https://example.com' }]) {
      const { status, headers: answered } = await send('GET', download, headers);
      expect({ status, allow: answered['access-control-allow-origin'] }).toEqual({ status: 200, allow: undefined });
    }
  },
  onSandbox,
);

skippable(
  'without rules, and after their removal, no preflight is let through',
  async () => {
    const bucket = await bucketWith(UPLOADS);
    const [{ url }] = addresses(bucket, 'k');
    expect((await preflight(url, PAGE, 'PUT')).status).toBe(200);
    expect((await world.api('PUT', `/demo/buckets/${bucket}`, { Remove: ['CORS'] })).status).toBe(200);
    const { status, body } = await preflight(url, PAGE, 'PUT');
    expect({ status, body }).toEqual({
      status: 403,
      body: expect.stringContaining('CORS is not enabled for this bucket'),
    });
  },
  onSandbox,
);
