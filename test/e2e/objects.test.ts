import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { inPath, roundTrip, sendForm, signed, signingService, use } from '../support/e2e/objects';
import { DOMAIN, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { targetName } from '../support/e2e/target';
import { LOG_BUCKET, READ_TOKEN, type Service, startWorld, TOKEN, type World } from '../support/e2e/world';

/** Object URLs through the whole service, used as their bearers use them. */

let world: World;
let service: Service;
let bucket: string;
let site: string;

beforeAll(async () => {
  const sites = targetName === 'plain' ? undefined : await startSiteWorld();
  world = sites ?? (await startWorld());
  service = await signingService(world);
  bucket = world.name('objects');
  await world.auditor.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  site = siteName('objects');
  if (sites !== undefined) expect((await sites.create(site)).status).toBe(202);
});
afterAll(() => world.stop());

const siteName = (stem: string): string => `${world.name(stem)}.${DOMAIN}`;
const underBuckets = () => `/demo/buckets/${bucket}/objects`;
const underStorage = () => `/aws/storage/demo/${bucket}`;
const underWebsites = () => `/demo/websites/${site}/objects`;
const families: readonly (readonly [string, () => string])[] = [
  ['a bucket', underBuckets],
  ['the storage path', underStorage],
];

describe('upload, download, deletion', () => {
  for (const [where, base] of [...families, ['a website', underWebsites] as const]) {
    skippable(`work by URLs of ${where}`, async () => {
      const { statuses, read } = await roundTrip(service, base(), 'documents/2024/january/report.pdf', 'content');
      expect(statuses).toEqual([200, 200, 204, 404]);
      expect(String(read)).toBe('content');
    });
  }

  /** Keys that a URL, a path or a form could mistake for something else. */
  const nasty = [
    'a b+c.txt',
    '100%.txt',
    '%2e%2e/x',
    'a%2Fb',
    'q?x=1&y=2#z',
    "it's (1)*!~.txt",
    'x;y=z,@:&$',
    'ü/日本/😀.txt',
    'e\u0301',
    '...',
    '..a/b..',
    '.hidden',
    'a\\b',
    '"<&>\'',
    '${filename}',
    'soap',
    'k'.repeat(1_024),
  ];
  for (const key of nasty) {
    skippable(`work for the key ${JSON.stringify(key.length > 40 ? `${key.slice(0, 10)}…` : key)}`, async () => {
      const content = Buffer.from(key);
      const { statuses, read } = await roundTrip(service, underBuckets(), key, content);
      expect(statuses).toEqual([200, 200, 204, 404]);
      expect(read.equals(content)).toBe(true);
    });
  }

  for (const key of ['a//b', 'folder/']) {
    skippable(`work for the key ${JSON.stringify(key)}, whose segments may be empty`, async () => {
      const { statuses } = await roundTrip(service, underBuckets(), key, 'content');
      expect(statuses).toEqual([200, 200, 204, 404]);
    });
  }

  skippable('work for an object that is there with a slash in front', async () => {
    await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key: '/old', Body: 'old' }));
    const { url } = await signed(service.api('GET', `${underBuckets()}/%2Fold`));
    expect(String((await use('GET', url)).body)).toBe('old');
    expect((await service.api('POST', underBuckets(), { filename: '/new' })).status).toBe(400);
  });

  skippable('the object is exactly where it should be', async () => {
    const key = 'a b/ü+%.txt';
    await use('PUT', (await signed(service.api('POST', underStorage(), { filename: key }))).url, 'x');
    const { Contents } = await world.auditor.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'a b/' }));
    expect((Contents ?? []).map(({ Key }) => Key)).toEqual([key]);
  });

  skippable('work with the seed’s YAML and with what curl -d sends', async () => {
    for (const type of ['text/yaml', 'application/x-www-form-urlencoded']) {
      const { url } = await signed(
        service.api('POST', `${underStorage()}?expiration=3600`, 'filename: data.txt', { 'Content-Type': type }),
      );
      expect((await use('PUT', url, type)).status).toBe(200);
      const down = await signed(service.api('GET', `${underStorage()}/data.txt`));
      expect(String((await use('GET', down.url)).body)).toBe(type);
    }
  });
});

describe('the type of a file', () => {
  skippable('is guessed, signed, and what browsers get', async () => {
    const up = await signed(
      service.api('POST', underBuckets(), { filename: 'icons/application.png', contentType: true }),
    );
    expect(up.headers).toEqual({ 'Content-Type': 'image/png' });
    expect((await use('PUT', up.url, 'png', up.headers)).status).toBe(200);
    const got = await use('GET', (await signed(service.api('GET', `${underBuckets()}/icons/application.png`))).url);
    expect(got.headers.get('content-type')).toBe('image/png');
  });

  skippable('that is none anybody knows is an octet stream; one that is said is taken as it is', async () => {
    const unknown = await signed(service.api('POST', underBuckets(), { filename: 'no-ending', contentType: true }));
    expect(unknown.headers).toEqual({ 'Content-Type': 'application/octet-stream' });
    const said = await signed(
      service.api('POST', underBuckets(), { filename: 'a.txt', contentType: 'text/plain; charset=utf-8' }),
    );
    expect(said.headers).toEqual({ 'Content-Type': 'text/plain; charset=utf-8' });
    expect((await use('PUT', said.url, 'x', said.headers)).status).toBe(200);
    const head = await world.auditor.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'a.txt' }));
    expect(head.ContentType).toBe('text/plain; charset=utf-8');
  });

  skippable('cannot be another one than was signed', async () => {
    const up = await signed(service.api('POST', underBuckets(), { filename: 'page.png', contentType: true }));
    expect((await use('PUT', up.url, '<script>', { 'Content-Type': 'text/html' })).status).toBe(403);
    expect((await use('PUT', up.url, '<script>')).status).toBe(403);
  });
});

skippable('downloadAs is the name under which a browser saves the download', async () => {
  await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'named', Body: 'x' }));
  const { url } = await signed(
    service.api('GET', `${underBuckets()}/named?downloadAs=${encodeURIComponent('Bericht für "Ada".txt')}`),
  );
  const { headers } = await use('GET', url);
  expect(headers.get('content-disposition')).toBe(
    `attachment; filename="Bericht_f_r__Ada_.txt"; filename*=UTF-8''Bericht%20f%C3%BCr%20%22Ada%22.txt`,
  );
});

describe('a form', () => {
  const asked = { filename: 'inbox/scan 1.pdf', form: true, contentType: true, contentLength: 10 };

  for (const [where, base] of families) {
    skippable(`of ${where} stores one file of the right size and type`, async () => {
      const form = await signed(service.api('POST', base(), asked));
      expect(form.fields).toMatchObject({ key: 'inbox/scan 1.pdf', 'Content-Type': 'application/pdf' });
      expect(form.headers).toBeUndefined();
      expect((await sendForm(form, '0123456789')).status).toBe(204);
      const got = await use('GET', (await signed(service.api('GET', `${base()}/${inPath('inbox/scan 1.pdf')}`))).url);
      expect([String(got.body), got.headers.get('content-type')]).toEqual(['0123456789', 'application/pdf']);
    });
  }

  skippable('of a website stores a file', async () => {
    const form = await signed(
      service.api('POST', underWebsites(), { filename: 'news.html', form: true, contentType: true }),
    );
    expect((await sendForm(form, '<h1>News</h1>')).status).toBe(204);
    const got = await use('GET', (await signed(service.api('GET', `${underWebsites()}/news.html`))).url);
    expect(got.headers.get('content-type')).toBe('text/html');
  });

  skippable('takes no file that is too large', async () => {
    const form = await signed(service.api('POST', underBuckets(), asked));
    const refused = await sendForm(form, '01234567890');
    expect({ status: refused.status, text: String(refused.body) }).toMatchObject({
      status: 400,
      text: expect.stringContaining('EntityTooLarge'),
    });
  });

  skippable('takes no other key, type, or field', async () => {
    const form = await signed(service.api('POST', underBuckets(), asked));
    for (const more of [{ key: 'other' }, { 'Content-Type': 'text/html' }, { acl: 'public-read' }]) {
      expect((await sendForm(form, 'x', more)).status).toBe(403);
    }
  });

  skippable('is what contentLength wants', async () => {
    const reply = await service.api('POST', underBuckets(), { filename: 'a', contentLength: 10 });
    expect(reply).toMatchObject({
      status: 400,
      body: { pointer: '/contentLength', detail: expect.stringContaining('"form": true') },
    });
  });

  skippable('cannot leave the key to whoever uploads', async () => {
    expect((await service.api('POST', underBuckets(), { filename: 'inbox/${filename}', form: true })).status).toBe(400);
  });
});

/** Of a path as it stands: `fetch` would resolve it. */
async function statusOf(method: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(service.url);
  const sent = request({ hostname, port, method, path, headers: { 'X-Auth-Token': TOKEN } }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe('what is refused', () => {
  skippable('keys with folders named . and .., and control characters: 400, without a call', async () => {
    const calls = world.target.sandbox?.calls.all().length;
    for (const key of ['..', '../other/key', 'a/../../b', './a', 'a/.', 'a\u0000b', 'a\nb']) {
      expect((await service.api('POST', underBuckets(), { filename: key })).status).toBe(400);
      expect((await service.api('POST', underStorage(), { filename: key })).status).toBe(400);
    }
    for (const path of [
      '..',
      '../x',
      'a/../b',
      '%2e%2e/x',
      'a/%2E%2E/b',
      'a%2F..%2Fb',
      '%2e',
      'a%00b',
      '%0A',
      'a%7Fb',
    ]) {
      for (const base of [`/v1/s3${underBuckets()}`, underStorage()]) {
        for (const method of ['GET', 'DELETE', 'HEAD'])
          expect([path, await statusOf(method, `${base}/${path}`)]).toEqual([path, 400]);
      }
    }
    expect(world.target.sandbox?.calls.all().length).toBe(calls);
  });

  skippable('a bucket that is not there: 404', async () => {
    const missing = world.name('missing');
    for (const base of [`/demo/buckets/${missing}/objects`, `/aws/storage/demo/${missing}`]) {
      expect((await service.api('GET', `${base}/a`)).status).toBe(404);
      expect((await service.api('POST', base, { filename: 'a' })).status).toBe(404);
    }
  });

  skippable('a website that is not there, or is a plain bucket: 404', async () => {
    const plain = siteName('plain');
    await world.auditor.s3.send(new CreateBucketCommand({ Bucket: plain }));
    for (const name of [plain, siteName('missing'), bucket]) {
      expect((await service.api('GET', `/demo/websites/${name}/objects/a`)).status).toBe(404);
    }
    expect((await service.api('GET', `/demo/buckets/${plain}/objects/a`)).status).toBe(200);
    expect((await service.api('GET', `/demo/websites/${plain}/objects/a`)).status).toBe(404);
  });

  skippable('the service’s own stores: 404', async () => {
    for (const base of [`/demo/buckets/${LOG_BUCKET}/objects`, `/aws/storage/demo/${LOG_BUCKET}`]) {
      expect((await service.api('GET', `${base}/s3/log`)).status).toBe(404);
    }
  });

  skippable('a bucket of somebody else: 403 on both families of paths, also when its policy lets us read', async () => {
    const theirs = world.name('theirs');
    await world.rival.s3.send(new CreateBucketCommand({ Bucket: theirs }));
    const Statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${world.accountId}:root` },
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${theirs}`, `arn:aws:s3:::${theirs}/*`],
    };
    await world.rival.s3.send(
      new PutBucketPolicyCommand({ Bucket: theirs, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
    );
    for (const base of [`/demo/buckets/${theirs}/objects`, `/aws/storage/demo/${theirs}`]) {
      for (const method of ['GET', 'DELETE'])
        expect([base, method, (await service.api(method, `${base}/a`)).status]).toEqual([base, method, 403]);
      expect((await service.api('POST', base, { filename: 'a' })).status).toBe(403);
    }
  });

  skippable(
    'a bucket of somebody else, in an account that signs unseen: a URL on both families of paths, which AWS judges',
    async () => {
      const theirs = world.name('theirs');
      await world.rival.s3.send(new CreateBucketCommand({ Bucket: theirs }));
      const unseeing = await world.another({ demo: { presignUnseen: true } });
      for (const base of [`/demo/buckets/${theirs}/objects`, `/aws/storage/demo/${theirs}`]) {
        const { url } = await signed(unseeing.api('GET', `${base}/a`));
        expect((await use('GET', url)).status).toBe(403);
      }
      // What URLs are signed for opens nothing elsewhere.
      expect((await unseeing.api('GET', `/demo/buckets/${theirs}/duck`)).status).toBe(403);
    },
  );

  skippable('a token that may only read: GET, and neither POST nor DELETE', async () => {
    const headers = { 'X-Auth-Token': READ_TOKEN };
    expect((await service.api('GET', `${underStorage()}/a`, undefined, headers)).status).toBe(200);
    expect((await service.api('POST', underStorage(), { filename: 'a' }, headers)).status).toBe(403);
    expect((await service.api('DELETE', `${underStorage()}/a`, undefined, headers)).status).toBe(403);
  });
});

describe('a bucket’s existence', () => {
  skippable(
    'is asked for once; signing itself makes no call',
    async () => {
      const name = world.name('asked');
      await world.auditor.s3.send(new CreateBucketCommand({ Bucket: name }));
      world.target.sandbox?.calls.clear();
      for (const key of ['a', 'b', 'c']) await signed(service.api('GET', `/demo/buckets/${name}/objects/${key}`));
      await signed(service.api('POST', `/aws/storage/demo/${name}`, { filename: 'a' }));
      expect(world.target.sandbox?.calls.all().map(({ operation }) => operation)).toEqual([
        'HeadBucket',
        'GetBucketTagging',
      ]);
    },
    { more: SANDBOX_ONLY.calls },
  );

  skippable('is forgotten when the service deletes it', async () => {
    const name = world.name('deleted');
    expect((await service.api('POST', '/demo/buckets', { BucketInput: { Bucket: name } })).status).toBe(202);
    await signed(service.api('GET', `/demo/buckets/${name}/objects/a`));
    expect((await service.api('DELETE', `/demo/buckets/${name}`)).status).toBe(200);
    expect((await service.api('GET', `/demo/buckets/${name}/objects/a`)).status).toBe(404);
  });
});

skippable(
  'a bucket in another region is signed for there',
  async () => {
    const far = world.name('far');
    await world.auditor.s3.send(
      new CreateBucketCommand({ Bucket: far, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    const { statuses } = await roundTrip(service, `/aws/storage/demo/${far}`, 'a b', 'x');
    expect(statuses).toEqual([200, 200, 204, 404]);
    const { url } = await signed(service.api('GET', `/demo/buckets/${far}/objects/a`));
    expect(new URL(url).searchParams.get('X-Amz-Credential')).toContain('/eu-west-1/s3/');
  },
  { more: { plain: 'tells no region' } },
);

skippable('URLs reach no log line and no metric', async () => {
  const noisy = await startWorld({ logLevel: 'trace' });
  try {
    const name = noisy.name('quiet');
    await noisy.auditor.s3.send(new CreateBucketCommand({ Bucket: name }));
    const base = `/demo/buckets/${name}/objects`;
    for (const key of ['secret-name.txt', '../secret-name.txt']) await noisy.api('POST', base, { filename: key });
    for (const method of ['GET', 'DELETE']) await signed(noisy.api(method, `${base}/secret-name.txt?expiration=77`));
    await signed(noisy.api('POST', `/aws/storage/demo/${name}`, { filename: 'secret-name.txt', form: true }));
    const metrics = await (await fetch(`${noisy.url}/metrics`)).text();
    expect(noisy.lines.length).toBeGreaterThan(5);
    for (const text of [noisy.lines.join(''), metrics])
      expect(text).not.toMatch(/X-Amz-|Signature=|Policy"|secret-name/);
  } finally {
    await noisy.stop();
  }
});
