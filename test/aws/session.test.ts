import { createHash } from 'node:crypto';
import { CreateUserCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsCall } from '../../src/aws/wire/instrument';
import { createSessions } from '../../src/aws/session';
import type { Sessions } from '../../src/aws/types';
import { createTestClock } from '../support/clock';
import {
  accountOf,
  callerIdentity,
  emptyBucketList,
  errorOf,
  queryError,
  s3Error,
  signedWith,
  startServer,
  type TestServer,
  xml,
} from './fixtures';

let server: TestServer;
let sessions: Sessions;
const calls: AwsCall[] = [];

beforeEach(async () => {
  calls.length = 0;
  server = await startServer(emptyBucketList);
  sessions = createSessions({ clock: createTestClock(), org: 'acme', onCall: (call) => calls.push(call) });
});

afterEach(async () => {
  sessions.destroy();
  await server.close();
});

/** Runs with environment variables the SDK reads for itself, and puts the old ones back. */
async function withEnv(changes: Readonly<Record<string, string>>, work: () => Promise<void>): Promise<void> {
  const before = process.env;
  process.env = { ...before, ...changes };
  try {
    await work();
  } finally {
    process.env = before;
  }
}

describe('sessions are shared', () => {
  test('concurrent and later calls for one account get the same session', async () => {
    const account = accountOf({ endpoint: server.url, id: undefined });
    server.answer = callerIdentity('111122223333');
    const [one, two] = await Promise.all([sessions.open(account), sessions.open(account)]);
    expect(two).toBe(one);
    expect(await sessions.open(account)).toBe(one);
    expect(server.seen).toHaveLength(1);
  });

  test('an account without a role ignores the scope', async () => {
    const account = accountOf({ endpoint: server.url });
    const scoped = await sessions.open(account, { policy: '{}', fallbackPolicy: '{}' });
    expect(await sessions.open(account)).toBe(scoped);
  });

  test('two accounts have two sessions, and a reloaded configuration has a new one', async () => {
    const one = await sessions.open(accountOf({ name: 'one', endpoint: server.url }));
    const two = await sessions.open(accountOf({ name: 'two', endpoint: server.url }));
    expect(two).not.toBe(one);
    expect(two.account.name).toBe('two');
    expect(await sessions.open(accountOf({ name: 'one', endpoint: server.url }))).not.toBe(one);
  });

  test('a failure is not kept', async () => {
    const account = accountOf({ endpoint: server.url, id: undefined });
    server.answer = queryError(503, 'ServiceUnavailable');
    expect(await errorOf(sessions.open(account))).toMatchObject({ kind: 'unavailable' });
    server.answer = callerIdentity('111122223333');
    expect(await sessions.open(account)).toMatchObject({ accountId: '111122223333' });
  });
});

describe('the account id', () => {
  test('configured: STS is not asked', async () => {
    expect(await sessions.open(accountOf({ endpoint: server.url }))).toMatchObject({ accountId: '123456789012' });
    expect(server.seen).toHaveLength(0);
  });

  test('a store without IAM has none', async () => {
    expect(await sessions.open(accountOf({ endpoint: server.url, id: undefined, iam: false }))).toMatchObject({
      accountId: '',
    });
    expect(server.seen).toHaveLength(0);
  });

  test.each([
    ['refuses the call', queryError(404, 'InvalidAction')],
    [
      'answers without an account',
      xml(
        200,
        '<GetCallerIdentityResponse><GetCallerIdentityResult></GetCallerIdentityResult></GetCallerIdentityResponse>',
      ),
    ],
  ])('a server that %s: the id must be configured', async (_title, answer) => {
    server.answer = answer;
    expect(await errorOf(sessions.open(accountOf({ endpoint: server.url, id: undefined })))).toMatchObject({
      kind: 'misconfigured',
      setting: 'accounts.demo.id',
    });
  });

  test('keys that AWS does not know: the account is misconfigured', async () => {
    server.answer = queryError(403, 'InvalidClientTokenId');
    expect(await errorOf(sessions.open(accountOf({ endpoint: server.url, id: undefined })))).toMatchObject({
      kind: 'misconfigured',
      setting: 'accounts.demo',
    });
  });
});

describe('regions and partitions', () => {
  test.each([
    ['eu-central-1', 'aws', 'us-east-1'],
    ['mx-central-1', 'aws', 'us-east-1'],
    ['cn-northwest-1', 'aws-cn', 'cn-north-1'],
    ['us-gov-east-1', 'aws-us-gov', 'us-gov-west-1'],
    ['us-iso-west-1', 'aws-iso', 'us-iso-east-1'],
    ['us-isob-east-1', 'aws-iso-b', 'us-isob-east-1'],
    ['eu-isoe-west-1', 'aws-iso-e', 'eu-isoe-west-1'],
    ['us-isof-east-1', 'aws-iso-f', 'us-isof-south-1'],
    ['eusc-de-east-1', 'aws-eusc', 'eusc-de-east-1'],
  ])('%s is in %s and signs IAM for %s, S3 and STS for itself', async (region, partition, iamRegion) => {
    const session = await sessions.open(accountOf({ endpoint: server.url, region }));
    expect(session).toMatchObject({ region, partition });
    expect(sessions.partitionOf(session.account)).toBe(partition);
    await session.s3(new ListBucketsCommand({}));
    server.answer = xml(200, '<ListUsersResponse><ListUsersResult><Users/></ListUsersResult></ListUsersResponse>');
    await session.iam(new ListUsersCommand({}));
    server.answer = callerIdentity('111122223333');
    await session.sts(new GetCallerIdentityCommand({}));
    expect(server.seen.map((seen) => signedWith(seen).region)).toEqual([region, iamRegion, region]);
  });
});

describe('path style', () => {
  const putTags = async (endpoint: string | undefined, pathStyle?: boolean): Promise<void> => {
    const session = await sessions.open(accountOf({ endpoint, pathStyle }));
    await session.s3(new PutBucketTaggingCommand({ Bucket: 'photos', Tagging: { TagSet: [] } })).catch(() => undefined);
  };

  test('an IP address takes the bucket in the path', async () => {
    await putTags(server.url);
    expect(server.seen).toMatchObject([
      { url: expect.stringMatching(/^\/photos\b/), host: `127.0.0.1:${server.port}` },
    ]);
  });

  test('localhost takes the bucket in the path', async () => {
    await putTags(`http://localhost:${server.port}`);
    expect(server.seen).toMatchObject([
      { url: expect.stringMatching(/^\/photos\b/), host: `localhost:${server.port}` },
    ]);
  });

  test.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'])('so does an address from %s', async (name) => {
    await withEnv({ [name]: `http://localhost:${server.port}` }, async () => {
      await putTags(undefined);
      expect(server.seen).toMatchObject([
        { url: expect.stringMatching(/^\/photos\b/), host: `localhost:${server.port}` },
      ]);
    });
  });

  test('a configured choice wins', async () => {
    await putTags(`http://localhost:${server.port}`, false);
    // Where photos.localhost does not resolve, the call fails; it never goes to localhost itself.
    expect(server.seen.filter((seen) => seen.host !== `photos.localhost:${server.port}`)).toEqual([]);
  });

  test.each(['the account', 'the environment'])('buckets with dots work on an IP address from %s', async (from) => {
    server.answer = xml(200, '');
    await withEnv(from === 'the account' ? {} : { AWS_ENDPOINT_URL: server.url }, async () => {
      const session = await sessions.open(accountOf({ endpoint: from === 'the account' ? server.url : undefined }));
      await session.s3(new HeadBucketCommand({ Bucket: 'www.example.org' }));
    });
    expect(server.seen).toMatchObject([{ url: expect.stringMatching(/^\/www\.example\.org\b/) }]);
  });
});

describe('one request a call', () => {
  test.each([
    [500, 'InternalError'],
    [503, 'SlowDown'],
    [400, 'RequestTimeout'],
    [400, 'Throttling'],
  ])('%i %s is not repeated', async (status, code) => {
    const { s3, iam } = await sessions.open(accountOf({ endpoint: server.url }));
    server.answer = s3Error(status, code);
    await errorOf(s3(new ListBucketsCommand({})));
    server.answer = queryError(status, code);
    await errorOf(iam(new CreateUserCommand({ UserName: 'bird' })));
    expect(server.seen).toHaveLength(2);
    expect(calls).toHaveLength(2);
  });

  test('AWS_MAX_ATTEMPTS and AWS_RETRY_MODE change nothing', async () => {
    await withEnv({ AWS_MAX_ATTEMPTS: '5', AWS_RETRY_MODE: 'adaptive' }, async () => {
      const { s3 } = await sessions.open(accountOf({ endpoint: server.url }));
      server.answer = s3Error(503, 'SlowDown');
      await errorOf(s3(new ListBucketsCommand({})));
      expect(server.seen).toHaveLength(1);
    });
  });

  test('objects are sent without checksums that a store may not know', async () => {
    const { s3 } = await sessions.open(accountOf({ endpoint: server.url, iam: false }));
    server.answer = xml(200, '');
    await s3(new PutObjectCommand({ Bucket: 'photos', Key: 'a', Body: 'text' }));
    expect(Object.keys(server.seen[0]?.headers ?? {}).filter((name) => name.includes('checksum'))).toEqual([]);
    expect(server.seen[0]?.body).toBe('text');
  });
});

describe('stores without IAM', () => {
  test('get Content-MD5 where AWS asks for a checksum', async () => {
    const tags = new PutBucketTaggingCommand({ Bucket: 'photos', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } });
    server.answer = xml(200, '');
    const store = await sessions.open(accountOf({ endpoint: server.url, iam: false }));
    await store.s3(tags);
    const { headers, body } = server.seen[0] ?? {};
    expect(headers?.['content-md5']).toBe(
      createHash('md5')
        .update(body ?? '')
        .digest('base64'),
    );
    expect(headers?.authorization).toContain('content-md5');
    const aws = await sessions.open(accountOf({ endpoint: server.url }));
    await aws.s3(tags);
    expect(server.seen[1]?.headers).not.toHaveProperty('content-md5');
  });
});

describe('a wrong clock', () => {
  test('is corrected by the refusal, so that the next attempt passes', async () => {
    const { s3 } = await sessions.open(accountOf({ endpoint: server.url }));
    const ahead = new Date(Date.now() + 3_600_000);
    server.answer = s3Error(403, 'RequestTimeTooSkewed', 'too far', { date: ahead.toUTCString() });
    expect(await errorOf(s3(new ListBucketsCommand({})))).toMatchObject({
      kind: 'unavailable',
      origin: { effect: 'none' },
    });
    server.answer = emptyBucketList;
    await s3(new ListBucketsCommand({}));
    const [, day, time] = /^(\d{8})T(\d{4})/.exec(String(server.seen[1]?.headers['x-amz-date'])) ?? [];
    const near = [0, 60_000].map((ms) =>
      new Date(ahead.getTime() + ms).toISOString().replace(/[-:]/g, '').slice(0, 13),
    );
    expect(near).toContain(`${day}T${time}`);
  });
});

describe('buckets in another region', () => {
  const elsewhere = 'ap-southeast-2';
  const onlyThere =
    (status: number, body = ''): TestServer['answer'] =>
    (seen, response) => {
      const right = signedWith(seen).region === elsewhere;
      response.writeHead(right ? 200 : status, { 'x-amz-bucket-region': elsewhere });
      response.end(right || seen.method === 'HEAD' ? '' : body);
    };

  test.each([301, 400])(
    'a HEAD answered with %i and a region goes there, and the region is remembered',
    async (status) => {
      const { s3 } = await sessions.open(accountOf({ endpoint: server.url }));
      server.answer = onlyThere(status);
      await s3(new HeadBucketCommand({ Bucket: 'photos' }));
      await s3(new HeadBucketCommand({ Bucket: 'photos' }));
      expect(server.seen.map((seen) => signedWith(seen).region)).toEqual(['us-east-1', elsewhere, elsewhere]);
      expect(calls).toHaveLength(3);
    },
  );

  test('a region that is named in the error document counts as well', async () => {
    const { s3 } = await sessions.open(accountOf({ endpoint: server.url }));
    server.answer = (seen, response, request) => {
      if (signedWith(seen).region === elsewhere)
        return xml(200, '<Tagging><TagSet/></Tagging>')(seen, response, request);
      return xml(
        400,
        `<Error><Code>AuthorizationHeaderMalformed</Code><Message>wrong region</Message><Region>${elsewhere}</Region></Error>`,
      )(seen, response, request);
    };
    await s3(new GetBucketTaggingCommand({ Bucket: 'photos' }));
    expect(server.seen).toHaveLength(2);
  });

  test('many calls at once to buckets of several regions keep their own', async () => {
    const { s3 } = await sessions.open(accountOf({ endpoint: server.url }));
    const regionOf = (url: string): string =>
      url.includes('/a') ? 'eu-west-1' : url.includes('/b') ? elsewhere : 'us-east-1';
    server.answer = (seen, response) => {
      const home = regionOf(seen.url);
      response.writeHead(signedWith(seen).region === home ? 200 : 301, { 'x-amz-bucket-region': home });
      response.end();
    };
    const names = Array.from({ length: 30 }, (_, n) => `${'abc'[n % 3]}-bucket-${n}`);
    await Promise.all(names.map((Bucket) => s3(new HeadBucketCommand({ Bucket }))));
    server.seen.length = 0;
    await Promise.all(names.map((Bucket) => s3(new HeadBucketCommand({ Bucket }))));
    expect(server.seen).toHaveLength(names.length);
  });

  test('a bucket that moved home is found again', async () => {
    const { s3 } = await sessions.open(accountOf({ endpoint: server.url }));
    server.answer = onlyThere(301);
    await s3(new HeadBucketCommand({ Bucket: 'photos' }));
    server.answer = (seen, response) => {
      response.writeHead(signedWith(seen).region === 'us-east-1' ? 200 : 301, { 'x-amz-bucket-region': 'us-east-1' });
      response.end();
    };
    await expect(s3(new HeadBucketCommand({ Bucket: 'photos' }))).resolves.toBeDefined();
  });

  test('what the right region says is the answer', async () => {
    const { s3 } = await sessions.open(accountOf({ endpoint: server.url }));
    server.answer = (seen, response) => {
      response.writeHead(signedWith(seen).region === elsewhere ? 403 : 301, { 'x-amz-bucket-region': elsewhere });
      response.end();
    };
    expect(await errorOf(s3(new HeadBucketCommand({ Bucket: 'photos' })))).toMatchObject({ kind: 'denied' });
  });

  test('two regions that point at each other end the call', async () => {
    const { s3 } = await sessions.open(accountOf({ endpoint: server.url }));
    server.answer = (seen, response) => {
      response.writeHead(301, {
        'x-amz-bucket-region': signedWith(seen).region === 'us-east-1' ? elsewhere : 'us-east-1',
      });
      response.end();
    };
    expect(await errorOf(s3(new HeadBucketCommand({ Bucket: 'photos' })))).toMatchObject({ kind: 'denied' });
    expect(server.seen).toHaveLength(2);
  });

  test('a region that is no region is not followed', async () => {
    const { s3 } = await sessions.open(accountOf({ endpoint: server.url }));
    server.answer = (_seen, response) => {
      response.writeHead(301, { 'x-amz-bucket-region': 'evil.example.org/' });
      response.end();
    };
    expect(await errorOf(s3(new HeadBucketCommand({ Bucket: 'photos' })))).toMatchObject({ kind: 'denied' });
    expect(server.seen).toHaveLength(1);
  });

  test('CreateBucket never goes elsewhere', async () => {
    const { s3 } = await sessions.open(accountOf({ endpoint: server.url }));
    server.answer = onlyThere(301, '<Error><Code>PermanentRedirect</Code></Error>');
    await errorOf(s3(new CreateBucketCommand({ Bucket: 'photos' })));
    expect(server.seen).toHaveLength(1);
  });
});
