import { GetBucketTaggingCommand } from '@aws-sdk/client-s3';
import { createSessions } from '../../src/aws/session';
import type { AwsSession, Sessions } from '../../src/aws/types';
import type { ClientSettings } from '../../src/aws/client-settings';
import { s3ControlClient } from '../../src/aws/s3-control';
import { createTestClock } from '../support/clock';
import { type AwsEnvironment, isolateAwsEnvironment } from '../support/aws-environment';
import { accountOf, errorOf, s3Error, startServer, type TestServer, xml } from './fixtures';

/** Requests as `@aws-sdk/client-s3-control` 3.1112 sends them; it was asked. */

const AccountId = '123456789012';
const OF = { AccountId, Bucket: 'team', ResourceArn: 'arn:aws:s3:::team' };

describe('a call', () => {
  let server: TestServer;
  let sessions: Sessions;
  let session: AwsSession;
  beforeEach(async () => {
    server = await startServer(xml(204, ''));
    sessions = createSessions({ clock: createTestClock(), org: 'acme' });
    session = await sessions.open(accountOf({ endpoint: server.url }));
  });
  afterEach(async () => {
    sessions.destroy();
    await server.close();
  });

  test('of TagResource sends the tags in S3 Control’s namespace', async () => {
    await session.s3control({ operation: 'TagResource', input: { ...OF, Tags: [{ Key: 'a&b', Value: '' }] } });
    expect(server.seen).toMatchObject([
      {
        method: 'POST',
        url: '/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Ateam',
        headers: { 'x-amz-account-id': AccountId },
        body: '<?xml version="1.0" encoding="UTF-8"?><TagResourceRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Tags><Tag><Key>a&amp;b</Key><Value></Value></Tag></Tags></TagResourceRequest>',
      },
    ]);
  });

  test('of UntagResource names the keys in the query', async () => {
    await session.s3control({ operation: 'UntagResource', input: { ...OF, TagKeys: ['a b', 'c/+d'] } });
    expect(server.seen).toMatchObject([
      { method: 'DELETE', url: '/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Ateam?tagKeys=a%20b&tagKeys=c%2F%2Bd' },
    ]);
  });

  test('of GetPublicAccessBlock reads what is in effect', async () => {
    server.answer = xml(
      200,
      '<PublicAccessBlockConfiguration xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>false</RestrictPublicBuckets></PublicAccessBlockConfiguration>',
    );
    const answer = await session.s3control({ operation: 'GetPublicAccessBlock', input: { AccountId } });
    expect(answer.PublicAccessBlockConfiguration).toEqual({ BlockPublicPolicy: true, RestrictPublicBuckets: false });
    expect(server.seen).toMatchObject([
      {
        method: 'GET',
        url: '/v20180820/configuration/publicAccessBlock',
        headers: { 'x-amz-account-id': AccountId },
      },
    ]);
  });

  test.each([
    ['wrapped', '<ErrorResponse><Error><Code>InvalidTag</Code><Message>as it is</Message></Error></ErrorResponse>'],
    ['bare', '<Error><Code>InvalidTag</Code><Message>as it is</Message></Error>'],
  ])('that is refused says so, by an error that is %s', async (_, document) => {
    server.answer = xml(400, document);
    const call = session.s3control({ operation: 'UntagResource', input: { ...OF, TagKeys: ['a'] } });
    expect(await errorOf(call)).toMatchObject({
      kind: 'invalid',
      detail: 'S3 Control answered UntagResource with InvalidTag: as it is',
      origin: { service: 's3control', call: 'UntagResource', code: 'InvalidTag' },
    });
  });

  test('about a bucket goes to the region where S3 has found it', async () => {
    server.answer = (seen, ...rest) => {
      const isHome = seen.headers.authorization?.includes('/us-east-1/s3/') === true;
      const answer = isHome
        ? s3Error(301, 'PermanentRedirect', 'away', { 'x-amz-bucket-region': 'eu-west-1' })
        : xml(204, '');
      answer(seen, ...rest);
    };
    await session.s3(new GetBucketTaggingCommand({ Bucket: 'team' })).catch(() => undefined);
    await session.s3control({ operation: 'UntagResource', input: { ...OF, TagKeys: ['a'] } });
    expect(server.seen.at(-1)?.headers.authorization).toContain('/eu-west-1/s3/');
    expect(server.seen).toHaveLength(3);
  });
});

describe('the host', () => {
  let environment: AwsEnvironment;
  beforeEach(async () => {
    environment = await isolateAwsEnvironment();
  });
  afterEach(() => environment.restore());

  /** Where a call would go. */
  async function hostIn(region: string): Promise<string> {
    let host = '';
    const requestHandler: ClientSettings['requestHandler'] = {
      metadata: { handlerProtocol: 'http/1.1' },
      handle: ({ hostname }) => {
        host = hostname;
        return Promise.reject(new Error('nothing is sent'));
      },
      destroy: () => undefined,
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    };
    const client = s3ControlClient({
      region,
      credentials: () => Promise.resolve({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-real-secret' }),
      requestHandler,
      maxAttempts: 1,
      retryMode: 'standard',
      customUserAgent: 'mallard',
    });
    await client.send({ operation: 'GetPublicAccessBlock', input: { AccountId } }).catch(() => undefined);
    return host;
  }

  test.each([
    ['us-east-1', {}, 's3-control.us-east-1.amazonaws.com'],
    ['cn-north-1', {}, 's3-control.cn-north-1.amazonaws.com.cn'],
    ['eusc-de-east-1', {}, 's3-control.eusc-de-east-1.amazonaws.eu'],
    ['us-gov-west-1', { AWS_USE_FIPS_ENDPOINT: 'true' }, 's3-control-fips.us-gov-west-1.amazonaws.com'],
    ['us-east-2', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 's3-control.dualstack.us-east-2.amazonaws.com'],
    [
      'us-gov-east-1',
      { AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true' },
      's3-control-fips.dualstack.us-gov-east-1.amazonaws.com',
    ],
  ])('in %s with %j is the account’s id before %s', async (region, variables, host) => {
    environment.set(variables);
    expect(await hostIn(region)).toBe(`${AccountId}.${host}`);
  });

  test('that the environment names for S3 Control is taken as it is, and that for S3 is not', async () => {
    environment.set({ AWS_ENDPOINT_URL_S3: 'http://s3.example' });
    expect(await hostIn('us-east-1')).toBe(`${AccountId}.s3-control.us-east-1.amazonaws.com`);
    environment.set({ AWS_ENDPOINT_URL_S3_CONTROL: 'http://control.example' });
    expect(await hostIn('us-east-1')).toBe('control.example');
  });
});
