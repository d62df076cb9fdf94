import { AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand } from '@aws-sdk/client-iam';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { createSessions } from '../../src/aws/session';
import { loadConfig } from '../../src/config/load';
import { checkLive } from '../../src/main/check-live';
import { type AwsEnvironment, isolateAwsEnvironment } from '../support/aws-environment';
import { eagerClock } from '../support/e2e/clock';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { accounts } from '../support/e2e/target';
import { ORG, startWorld, type World } from '../support/e2e/world';
import {
  type Handed,
  type MetadataService,
  startContainerEndpoint,
  startInstanceMetadata,
} from '../support/metadata-services';
import { createIssuer, trustOf } from '../support/web-identity';

/**
 * Every way in which an account may come to its credentials, through the whole service: a bucket is made and deleted, and
 * `--check=live` says who we are and how. Only the metadata services are imitations; STS, IAM and S3 are the target's.
 */

type Overrides = Readonly<Record<string, unknown>>;

const issuer = createIssuer();
const EXTERNAL_ID = 'e2e-external-id';
const onSandbox = { more: SANDBOX_ONLY.policies };
const arnOf = (role: string): string => `arn:aws:iam::${accounts.demo.id}:role/${role}`;
const INSTANCE = arnOf('e2e-mode-instance');
const POD = arnOf('e2e-mode-pod');
const TARGET = arnOf('e2e-mode-target');

/** Neither keys nor a profile: the default chain. */
const NONE = { akid: undefined, secret: undefined };
const keysText = ({ accessKeyId, secretAccessKey }: typeof accounts.demo): string =>
  `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;

const options: { demo: Overrides; env: NodeJS.ProcessEnv; readonly sandbox: object } = {
  demo: {},
  env: {},
  sandbox: {
    accounts: [
      { ...accounts.demo, name: 'demo', identityProviders: [issuer.provider] },
      { ...accounts.other, name: 'other' },
    ],
  },
};

let world: World;
let environment: AwsEnvironment;
let metadata: MetadataService[] = [];

beforeAll(async () => {
  world = await startWorld(options);
  if (world.target.sandbox !== undefined) await makeRoles();
});
afterAll(() => world.stop());
beforeEach(async () => {
  environment = await isolateAwsEnvironment();
});
afterEach(async () => {
  await Promise.all(metadata.map((service) => service.close()));
  metadata = [];
  await environment.restore();
});

async function makeRoles(): Promise<void> {
  const { iam } = world.auditor;
  const account = (more: object = {}): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: accounts.demo.id },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        ...more,
      },
    });
  const all = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'e2e-mode-everything', PolicyDocument: JSON.stringify(all) }),
  );
  const trusts = [
    [INSTANCE, account()],
    [TARGET, account({ Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } } })],
    [POD, trustOf(issuer, accounts.demo.id)],
  ] as const;
  for (const [arn, AssumeRolePolicyDocument] of trusts) {
    const RoleName = arn.split('/')[1];
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
  }
}

/** A session of the instance's role, as a metadata service hands it out. */
async function instanceSession(): Promise<Handed> {
  const { Credentials: given } = await world.auditor.sts.send(
    new AssumeRoleCommand({ RoleArn: INSTANCE, RoleSessionName: 'i-0123456789' }),
  );
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
    expires: given?.Expiration ?? new Date(0),
  };
}

async function ec2(): Promise<MetadataService> {
  const handed = await instanceSession();
  const service = await startInstanceMetadata(() => handed);
  metadata.push(service);
  environment.set({ AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url });
  return service;
}

async function container(token: string, how: 'variable' | 'file'): Promise<MetadataService> {
  const handed = await instanceSession();
  const service = await startContainerEndpoint(
    () => handed,
    () => token,
  );
  metadata.push(service);
  environment.set({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${service.url}/v1/credentials`,
    ...(how === 'variable'
      ? { AWS_CONTAINER_AUTHORIZATION_TOKEN: token }
      : { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await environment.file('pod-token', token) }),
  });
  return service;
}

const envKeys = (): void =>
  environment.set({
    AWS_ACCESS_KEY_ID: accounts.demo.accessKeyId,
    AWS_SECRET_ACCESS_KEY: accounts.demo.secretAccessKey,
  });
const profile = async (config: string): Promise<Overrides> => {
  await environment.sharedFiles({ config, credentials: `[base]\n${keysText(accounts.demo)}` });
  return { ...NONE, profile: 'team' };
};

/** The lines of `--check=live` for the account `demo` as the service has it. */
async function liveCheck(): Promise<readonly string[]> {
  const { id, accessKeyId: akid, secretAccessKey: secret } = accounts.demo;
  const account = { id, region: 'us-east-1', akid, secret, endpoint: world.target.endpoint, ...options.demo };
  const config = loadConfig({
    text: JSON.stringify({ org: ORG, token: 'e2e-token-of-the-live-check-0123456789', accounts: { demo: account } }),
    env: {},
  });
  const sessions = createSessions({ clock: eagerClock, org: ORG, env: process.env });
  try {
    return (await checkLive(config, sessions)).lines;
  } finally {
    sessions.destroy();
  }
}

async function service(demo: Overrides) {
  options.demo = demo;
  options.env = process.env;
  return world.another();
}

/** Makes and deletes a bucket by the service whose account is configured with `demo`. */
async function useService(demo: Overrides): Promise<void> {
  const { api } = await service(demo);
  const bucket = world.name('mode');
  const created = await api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
  expect({ status: created.status, text: created.status === 202 ? '' : created.text }).toEqual({
    status: 202,
    text: '',
  });
  await world.auditor.s3.send(new HeadBucketCommand({ Bucket: bucket }));
  const removed = await api('DELETE', `/demo/buckets/${bucket}`);
  expect({ status: removed.status, text: removed.text }).toEqual({ status: 200, text: '{}' });
  expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
}

interface Mode {
  readonly title: string;
  readonly arrange: () => Overrides | Promise<Overrides>;
  /** Of the identity, in ARNs. */
  readonly who: RegExp;
  readonly by: string;
  /** Emulators let everyone in; these modes need a target that judges. */
  readonly judged?: true;
}

/** The target's own key; moto calls everybody so. */
const ROOT = /:iam::\d{12}:root$|:user\/moto$/;
const session = (role: string): RegExp => new RegExp(`:assumed-role/${role.split('/')[1] ?? ''}/`);

const MODES: readonly Mode[] = [
  { title: 'access keys', arrange: () => ({}), who: ROOT, by: 'access keys of the configuration' },
  {
    title: 'keys of a session',
    arrange: async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = await instanceSession();
      return { akid: accessKeyId, secret: secretAccessKey, sessionToken };
    },
    who: session(INSTANCE),
    by: 'session keys of the configuration',
    judged: true,
  },
  {
    title: 'a role, from keys, with an external id',
    arrange: () => ({ role: TARGET, externalId: EXTERNAL_ID }),
    who: session(TARGET),
    by: `access keys of the configuration, then the role ${TARGET}`,
    judged: true,
  },
  {
    title: 'a profile with keys',
    arrange: () => profile(`[profile team]\n${keysText(accounts.demo)}`),
    who: ROOT,
    by: 'shared files, profile "team", keys',
  },
  {
    title: 'a profile with a role and a source profile',
    arrange: () =>
      profile(`[profile team]\nrole_arn = ${TARGET}\nsource_profile = base\nexternal_id = ${EXTERNAL_ID}\n`),
    who: session(TARGET),
    by: 'shared files, profile "team", role',
    judged: true,
  },
  {
    title: 'a profile with a program',
    arrange: async () => {
      const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = accounts.demo;
      const path = await environment.file(
        'give.js',
        `console.log(${JSON.stringify(JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey }))})`,
      );
      return profile(`[profile team]\ncredential_process = "${process.execPath}" "${path}"\n`);
    },
    who: ROOT,
    by: 'shared files, profile "team", credential_process',
  },
  {
    title: 'a profile with web identity',
    arrange: async () =>
      profile(
        `[profile team]\nrole_arn = ${POD}\nweb_identity_token_file = ${await environment.file('jwt', issuer.token())}\n`,
      ),
    who: session(POD),
    by: 'shared files, profile "team", web identity',
    judged: true,
  },
  {
    title: 'a role, from a profile',
    arrange: async () => ({
      ...(await profile(`[profile team]\n${keysText(accounts.demo)}`)),
      role: TARGET,
      externalId: EXTERNAL_ID,
    }),
    who: session(TARGET),
    by: `shared files, profile "team", keys, then the role ${TARGET}`,
    judged: true,
  },
  {
    title: 'the default chain: environment variables',
    arrange: () => {
      envKeys();
      return NONE;
    },
    who: ROOT,
    by: 'environment variables',
  },
  {
    title: 'the default chain: the default profile',
    arrange: async () => {
      await environment.sharedFiles({ credentials: `[default]\n${keysText(accounts.demo)}` });
      return NONE;
    },
    who: ROOT,
    by: 'shared files, profile "default", keys',
  },
  {
    title: 'the default chain: AWS_PROFILE wins over keys in the environment',
    arrange: async () => {
      environment.set({ AWS_ACCESS_KEY_ID: 'AKIANOBODY', AWS_SECRET_ACCESS_KEY: 'x', AWS_PROFILE: 'base' });
      await profile('');
      return NONE;
    },
    who: ROOT,
    by: 'shared files, profile "base", keys',
  },
  {
    title: 'the default chain: web identity (IRSA), all addresses from the environment',
    arrange: async () => {
      environment.set({
        AWS_WEB_IDENTITY_TOKEN_FILE: await environment.file('jwt', issuer.token()),
        AWS_ROLE_ARN: POD,
        AWS_ENDPOINT_URL: world.target.endpoint,
        AWS_ENDPOINT_URL_STS: world.target.endpoint,
      });
      return { ...NONE, endpoint: undefined, pathStyle: undefined };
    },
    who: session(POD),
    by: 'web identity',
    judged: true,
  },
  {
    title: 'the default chain: a container endpoint with a token (ECS, App Runner)',
    arrange: async () => {
      await container('task-token', 'variable');
      return NONE;
    },
    who: session(INSTANCE),
    by: 'container endpoint URL/v1/credentials',
    judged: true,
  },
  {
    title: 'the default chain: a container endpoint with a token file (EKS Pod Identity)',
    arrange: async () => {
      await container('pod-token', 'file');
      return NONE;
    },
    who: session(INSTANCE),
    by: 'container endpoint URL/v1/credentials',
    judged: true,
  },
  {
    title: 'the default chain: the EC2 metadata service, version 2',
    arrange: async () => {
      await ec2();
      return NONE;
    },
    who: session(INSTANCE),
    by: 'EC2 metadata service URL',
    judged: true,
  },
  {
    title: 'a role, from the default chain',
    arrange: async () => {
      await ec2();
      return { ...NONE, role: TARGET, externalId: EXTERNAL_ID };
    },
    who: session(TARGET),
    by: `EC2 metadata service URL, then the role ${TARGET}`,
    judged: true,
  },
];

describe('a bucket is made and deleted, and the live check says who did it', () => {
  for (const { title, arrange, who, by, judged } of MODES) {
    skippable(
      title,
      async () => {
        const demo = await arrange();
        await useService(demo);
        const [line = ''] = await liveCheck();
        const [, arn = '', how = ''] = /^demo: ok, ([^,]+), by (.*)$/.exec(line) ?? [];
        expect({ line, arn, how }).toEqual({
          line,
          arn: expect.stringMatching(who),
          how: by.replace('URL', metadata[0]?.url ?? ''),
        });
      },
      judged ? onSandbox : {},
    );
  }

  skippable(
    'a store without IAM: its keys, and nobody else is asked',
    async () => {
      const [instance, task] = [await ec2(), await container('task-token', 'variable')];
      world.target.sandbox?.calls.clear();
      const { api } = await service({ iam: false, id: undefined, accessLog: undefined });
      const bucket = world.name('store');
      expect((await api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
      expect((await api('DELETE', `/demo/buckets/${bucket}`)).status).toBe(200);
      expect({ instance: instance.asked, task: task.asked }).toEqual({ instance: [], task: [] });
      expect(new Set(world.target.sandbox?.calls.all().map((call) => call.service))).toEqual(new Set(['s3']));
      expect(await liveCheck()).toEqual(['demo: ok, the store answers, by access keys of the configuration']);
    },
    onSandbox,
  );
});

describe('an account without credentials', () => {
  test('is the operator’s to mend: 500 with all that was tried, and well again without a restart', async () => {
    const { api } = await service(NONE);
    const reply = await api('GET', '/demo/buckets');
    expect(reply).toMatchObject({
      status: 500,
      body: { type: 'urn:mallard:problem:misconfigured', setting: 'accounts.demo' },
    });
    expect(reply.body['detail']).toMatch(
      /Tried in this order: environment variables \(.*\); shared files, .*; web identity \(.*\); container endpoint \(.*\); EC2 metadata service \(.*\)\.$/,
    );
    expect(await liveCheck()).toEqual([`demo: misconfigured, ${String(reply.body['detail'])}`]);
    envKeys();
    expect((await api('GET', '/demo/buckets')).status).toBe(200);
  });

  // The metadata service has 1.5 s; the rest is for a busy computer.
  skippable(
    'a metadata service that never answers',
    async () => {
      const service2 = await ec2();
      service2.fail({ at: 'token', status: 'dribble' });
      const { api } = await service(NONE);
      const replies = await Promise.all(
        ['/demo/buckets', '/demo/buckets', '/demo/buckets'].map((path) => api('GET', path)),
      );
      for (const reply of replies)
        expect(reply).toMatchObject({
          status: 500,
          body: { detail: expect.stringContaining(`EC2 metadata service ${service2.url} (did not answer).`) },
        });
      expect(service2.asked).toEqual(['PUT /latest/api/token']);
    },
    { ...onSandbox, timeoutMs: 8_000 },
  );
});
