import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { baseCredentials } from '../../../src/aws/credentials/base-credentials';
import { createHttpHandler, type HttpHandler } from '../../../src/aws/wire/http-handler';
import { type AwsEnvironment, isolateAwsEnvironment } from '../../support/aws-environment';
import { createTestClock } from '../../support/clock';
import { type MetadataService, startContainerEndpoint, startInstanceMetadata } from '../../support/metadata-services';
import { LOGIN_SESSION, signedInByLogin, signedInBySso } from '../../support/sign-ins';
import { accountOf, assumed, startServer, type TestServer } from '../fixtures';

/**
 * Every source of the SDK's default chain, put beside the chain of the SDK that is pinned here: both must take the same
 * credentials, so that another order or a new source shows when the SDK is renewed.
 */

const inAnHour = (): Date => new Date(Date.now() + 3_600_000);
const issue = (accessKeyId: string) => () => ({
  accessKeyId,
  secretAccessKey: 's',
  sessionToken: 't',
  expires: inAnHour(),
});

let environment: AwsEnvironment;
let aws: TestServer;
let services: MetadataService[];
let requestHandler: HttpHandler;

beforeEach(async () => {
  environment = await isolateAwsEnvironment();
  services = [];
  // STS, IAM Identity Center.
  aws = await startServer((seen, response, request) => {
    const action = seen.form.get('Action');
    if (action !== null) return assumed(action === 'AssumeRole' ? 1 : 2, action)(seen, response, request);
    const roleCredentials = {
      accessKeyId: 'ASIASSO',
      secretAccessKey: 's',
      sessionToken: 't',
      expiration: inAnHour().getTime(),
    };
    return response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(seen.url.startsWith('/federation') ? { roleCredentials } : {}));
  });
  environment.set({
    HOME: environment.folder,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_STS: aws.url,
    AWS_ENDPOINT_URL_SSO: aws.url,
  });
  requestHandler = createHttpHandler({ env: process.env });
});

afterEach(async () => {
  requestHandler.destroy();
  await Promise.all([aws.close(), ...services.map((service) => service.close())]);
  await environment.restore();
});

const CONFIG = `[profile keys]
aws_access_key_id = AKIDPROFILE
aws_secret_access_key = s
[profile role]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = keys
[profile role-of-environment]
role_arn = arn:aws:iam::123456789012:role/r
credential_source = Environment
[profile role-of-instance]
role_arn = arn:aws:iam::123456789012:role/r
credential_source = Ec2InstanceMetadata
[profile role-of-container]
role_arn = arn:aws:iam::123456789012:role/r
credential_source = EcsContainer
[profile role-of-sso]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = sso
[profile process]
credential_process = echo '{"Version":1,"AccessKeyId":"AKIDPROCESS","SecretAccessKey":"s"}'
[profile failing]
credential_process = false
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Provisioner
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = us-east-1
[profile console]
login_session = ${LOGIN_SESSION}
region = us-east-1
`;

const SOURCES = {
  keys: async () => environment.set({ AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 's' }),
  'the default profile': () =>
    environment.sharedFiles({ credentials: '[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = s\n' }),
  'a web identity': async () =>
    environment.set({
      AWS_WEB_IDENTITY_TOKEN_FILE: await environment.file('jwt', 'a.b.c'),
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/pod',
    }),
  'a container': async () => {
    const service = await startContainerEndpoint(issue('ASIATASK'), () => 'pod-token');
    services.push(service);
    environment.set({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${service.url}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await environment.file('pod-token', 'pod-token'),
    });
  },
  'an instance': async () => {
    const service = await startInstanceMetadata(issue('ASIAIMDS'));
    services.push(service);
    environment.set({ AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url });
  },
  'a sign-in by SSO': () => signedInBySso(environment, { until: inAnHour() }),
  'a sign-in by aws login': () => signedInByLogin(environment, { until: inAnHour() }),
} as const;

type Source = keyof typeof SOURCES;

const ours = async (): Promise<string> =>
  baseCredentials(accountOf({ credentials: { kind: 'default' } }), {
    clock: createTestClock({ start: Date.now() }),
    requestHandler,
    env: process.env,
  })
    .get()
    .then(
      ({ accessKeyId }) => accessKeyId,
      () => 'none',
    );

const nothing = (): void => undefined;
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

const theSdks = async (): Promise<string> =>
  fromNodeProviderChain({ ignoreCache: true, logger: SILENT, timeout: 1_000, maxRetries: 0 })().then(
    ({ accessKeyId }) => accessKeyId,
    () => 'none',
  );

test.each<readonly [readonly Source[], string | undefined, string]>([
  [[], undefined, 'none'],
  [['keys'], undefined, 'AKIDENV'],
  [['the default profile'], undefined, 'AKIDDEFAULT'],
  [['a web identity'], undefined, 'ASIASESSION2'],
  [['a container'], undefined, 'ASIATASK'],
  [['an instance'], undefined, 'ASIAIMDS'],
  [['keys', 'the default profile', 'a web identity', 'a container', 'an instance'], undefined, 'AKIDENV'],
  [['the default profile', 'a web identity', 'a container', 'an instance'], undefined, 'AKIDDEFAULT'],
  [['a web identity', 'a container', 'an instance'], undefined, 'ASIASESSION2'],
  [['a container', 'an instance'], undefined, 'ASIATASK'],
  [['keys'], 'keys', 'AKIDPROFILE'],
  [['a web identity'], 'role', 'ASIASESSION1'],
  [['keys'], 'role-of-environment', 'ASIASESSION1'],
  [['an instance'], 'role-of-instance', 'ASIASESSION1'],
  [['a container'], 'role-of-container', 'ASIASESSION1'],
  [[], 'process', 'AKIDPROCESS'],
  [['a sign-in by SSO'], 'sso', 'ASIASSO'],
  [['a sign-in by SSO'], 'role-of-sso', 'ASIASESSION1'],
  [[], 'sso', 'none'],
  // Whoever has not signed in is nobody else.
  [['a container'], 'sso', 'none'],
  [['a sign-in by aws login'], 'console', 'ASIALOGIN1'],
  [['an instance'], 'console', 'none'],
  [['keys', 'an instance'], 'failing', 'ASIAIMDS'],
  [['keys', 'an instance'], 'absent', 'ASIAIMDS'],
])('of %j, with AWS_PROFILE %s, the credentials are %s', async (sources, profile, expected) => {
  await environment.sharedFiles({ config: CONFIG });
  environment.set({
    ...(profile !== undefined && { AWS_PROFILE: profile }),
    AWS_LOGIN_CACHE_DIRECTORY: environment.folder,
  });
  for (const source of sources) await SOURCES[source]();
  expect({ ours: await ours(), theSdks: await theSdks() }).toEqual({ ours: expected, theSdks: expected });
});
