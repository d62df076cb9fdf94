import { ListCertificatesCommand } from '@aws-sdk/client-acm';
import { ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { ListHostedZonesCommand } from '@aws-sdk/client-route-53';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type RunningOperation, withOperation } from '../../../src/base/running-operation';
import { createSessions } from '../../../src/aws/session';
import type { ServiceName } from '../../../src/aws/services';
import type { AwsSession, Sessions } from '../../../src/aws/types';
import { systemClock } from '../../../src/base/clock';
import { createTestClock } from '../../support/clock';
import { secret } from '../../../src/base/secret';
import { ACCOUNT, startTestSandbox } from '../../support/sandbox/start';
import { accountOf, startServer, type TestServer, xml } from '../fixtures';

const ID = '0b7c1c52-8f0e-4f0a-9a3e-7c1f5e2d9b64';
const operation = (operationId = ID): RunningOperation => ({ operationId, mayCall: () => undefined });

const CALLS: Readonly<Record<ServiceName, (session: AwsSession) => Promise<unknown>>> = {
  s3: ({ s3 }) => s3(new ListBucketsCommand({})),
  // The account has none, and its answer says so.
  s3control: ({ s3control }) =>
    expect(
      s3control({ operation: 'GetPublicAccessBlock', input: { AccountId: '123456789012' } }),
    ).rejects.toMatchObject({ error: { kind: 'not-found' } }),
  iam: ({ iam }) => iam(new ListUsersCommand({})),
  sts: ({ sts }) => sts(new GetCallerIdentityCommand({})),
  cloudfront: ({ cloudfront }) => cloudfront(new ListDistributionsCommand({})),
  route53: ({ route53 }) => route53(new ListHostedZonesCommand({})),
  acm: ({ acm }) => acm(new ListCertificatesCommand({})),
};
const SERVICES = Object.keys(CALLS) as readonly ServiceName[];

describe('the agent of a call', () => {
  let server: TestServer;
  let sessions: Sessions;
  beforeEach(async () => {
    server = await startServer(xml(200, '<Result/>'));
    sessions = createSessions({ clock: createTestClock(), org: 'acme' });
  });
  afterEach(async () => {
    sessions.destroy();
    await server.close();
  });

  /** What the calls of `work` named, in both headers; how a call ends does not matter here. */
  async function agentsOf(work: (session: AwsSession) => Promise<unknown>): Promise<readonly (readonly string[])[]> {
    const session = await sessions.open(accountOf({ endpoint: server.url }));
    await work(session).catch(() => undefined);
    return server.seen.map(({ headers }) => [headers['user-agent'] ?? '', String(headers['x-amz-user-agent'])]);
  }

  test.each(SERVICES)('of an operation to %s names it second, in both headers', async (service) => {
    const [agents] = await agentsOf((session) => withOperation(operation(), () => CALLS[service](session)));
    expect(agents).toEqual([
      expect.stringMatching(`^aws-sdk-js/[\\d.]+ op/${ID} ua/`),
      expect.stringMatching(`^aws-sdk-js/[\\d.]+ op/${ID} mallard$`),
    ]);
  });

  test.each(SERVICES)('outside of an operation to %s names none', async (service) => {
    const [agents] = await agentsOf(CALLS[service]);
    expect(agents).toEqual([expect.stringMatching(/^aws-sdk-js\/[\d.]+ ua\//), expect.stringMatching(/ mallard$/)]);
    expect(agents?.join(' ')).not.toContain(' op/');
  });

  test('of two operations that share a client and run at once names each its own', async () => {
    const agents = await agentsOf((session) =>
      Promise.all(['one', 'two'].map((id) => withOperation(operation(id), () => CALLS.iam(session)))),
    );
    expect(agents.map(([agent]) => / op\/(\S+)/.exec(agent ?? '')?.[1]).sort()).toEqual(['one', 'two']);
  });

  test('of an operation whose id is no word keeps to the characters of an agent', async () => {
    const [agents] = await agentsOf((session) =>
      withOperation(operation('a b\r\nx-evil: 1/2'), () => CALLS.s3(session)),
    );
    expect(agents?.[0]).toMatch(/^aws-sdk-js\/[\d.]+ op\/a-b--x-evil--1-2 ua\//);
  });
});

test('calls of an operation to every service are signed as AWS verifies it', async () => {
  const { sandbox, stop } = await startTestSandbox();
  const sessions = createSessions({ clock: systemClock, org: 'acme' });
  const { accessKeyId: akid, secretAccessKey } = ACCOUNT;
  const credentials = { kind: 'static', akid, secret: secret(secretAccessKey), sessionToken: undefined } as const;
  try {
    const session = await sessions.open(accountOf({ endpoint: sandbox.endpoint, credentials }));
    await withOperation(operation(), () => Promise.all(SERVICES.map((service) => CALLS[service](session))));
    expect(sandbox.calls.all().map(({ service, status }) => [service, status])).toHaveLength(SERVICES.length);
  } finally {
    sessions.destroy();
    await stop();
  }
});
