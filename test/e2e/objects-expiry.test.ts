import { AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { objectPolicies } from '../../src/domain/shared/session-policies';
import { isolateAwsEnvironment } from '../support/aws-environment';
import { keysOfNewUser, roundTrip, sendForm, signed, type SignedReply, use } from '../support/e2e/objects';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { accounts, awsClients, targetName } from '../support/e2e/target';
import { ORG, type Service, startWorld, type World } from '../support/e2e/world';
import { HOME } from '../support/config';

/** When object URLs die: what the service says of it, and what the sandbox does at that time. */

const onSandbox = { more: SANDBOX_ONLY.clock };
const withIam = { more: { ...SANDBOX_ONLY.clock, plain: 'has neither IAM nor STS' } };
let ahead = 0;
let world: World;
let bucket: string;

beforeAll(async () => {
  world = await startWorld({ sandbox: { clock: { now: () => Date.now() + ahead } } });
  bucket = world.name('expiry');
  await world.auditor.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'x' }));
});
afterAll(() => world.stop());
// After, not before: what a group prepares comes before the first of its tests.
afterEach(() => {
  ahead = 0;
});

const path = (expiration: number): string => `/aws/storage/demo/${bucket}/a?expiration=${expiration}`;
const askedSeconds = ({ url }: SignedReply): number => Number(new URL(url).searchParams.get('X-Amz-Expires'));
/** Seconds from now to the end the answer tells; a URL is signed in whole seconds, and so may have begun before now. */
const lives = ({ expiresAt }: SignedReply): number => (Date.parse(expiresAt) - Date.now()) / 1_000;

function expectLife(answer: SignedReply, seconds: number, limitedBy: SignedReply['limitedBy']): void {
  expect(answer.limitedBy).toBe(limitedBy);
  // How long the answer itself took is no matter of the service; a quarter of an hour more or less would be.
  expect(lives(answer)).toBeLessThanOrEqual(seconds);
  expect(lives(answer)).toBeGreaterThan(seconds - 120);
  expect(askedSeconds(answer)).toBeLessThanOrEqual(seconds);
}

/** The URL works to the end that was told, and not after it. */
async function expectTruth(answer: SignedReply): Promise<void> {
  const end = Date.parse(answer.expiresAt);
  ahead = end - Date.now() - 2_000;
  expect((await use('GET', answer.url)).status).toBe(200);
  ahead = end - Date.now() + 1_000;
  const dead = await use('GET', answer.url);
  expect(dead.status).toBeGreaterThanOrEqual(400);
  expect(String(dead.body)).toContain('xpired');
  ahead = 0;
}

const roleOf = (name: string): string => `arn:aws:iam::${accounts.demo.id}:role/${name}`;

async function makeRole(RoleName: string, MaxSessionDuration: number, trusted = accounts.other.id): Promise<void> {
  const { iam } = world.auditor;
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${trusted}:root` },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
      },
    ],
  };
  const all = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust), MaxSessionDuration }),
  );
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: RoleName, PolicyDocument: JSON.stringify(all) }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
}

/** The account `demo` through a role, with the key of `other`. */
const throughRole = (role: string, more: object = {}): Promise<Service> =>
  world.another({ demo: { akid: accounts.other.accessKeyId, secret: accounts.other.secretAccessKey, role, ...more } });

async function session(role: string, DurationSeconds: number) {
  const { Credentials: given } = await world.rival.sts.send(
    new AssumeRoleCommand({ RoleArn: roleOf(role), RoleSessionName: 'e2e', DurationSeconds }),
  );
  return {
    akid: given?.AccessKeyId ?? '',
    secret: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
    expires: given?.Expiration ?? new Date(0),
  };
}

describe('keys that last', () => {
  skippable(
    'a URL lives as long as was asked, a day unless it was, and dies on time',
    async () => {
      const answer = await signed(world.api('GET', path(600)));
      expectLife(answer, 600, undefined);
      await expectTruth(answer);
      expectLife(await signed(world.api('GET', `/aws/storage/demo/${bucket}/a`)), 86_400, undefined);
      expectLife(await signed(world.api('GET', path(604_800))), 604_800, undefined);
    },
    onSandbox,
  );

  skippable(
    'a form lives as long as was asked, and dies on time',
    async () => {
      const form = await signed(
        world.api('POST', `/aws/storage/demo/${bucket}?expiration=600`, { filename: 'form', form: true }),
      );
      ahead = 595_000;
      expect((await sendForm(form, 'x')).status).toBe(204);
      ahead = 601_000;
      expect(String((await sendForm(form, 'x')).body)).toContain('Policy expired');
    },
    onSandbox,
  );
});

describe('a session of 900 s', () => {
  beforeAll(async () => {
    if (targetName === 'sandbox') await makeRole('e2e-short', 3_600);
  });

  skippable(
    'that the default chain found with its end: the URL ends with it, and the answer says so',
    async () => {
      const { akid, secret, sessionToken, expires } = await session('e2e-short', 900);
      const environment = await isolateAwsEnvironment();
      try {
        environment.set({
          AWS_ACCESS_KEY_ID: akid,
          AWS_SECRET_ACCESS_KEY: secret,
          AWS_SESSION_TOKEN: sessionToken,
          AWS_CREDENTIAL_EXPIRATION: expires.toISOString(),
        });
        const service = await world.another({ demo: { akid: undefined, secret: undefined }, env: process.env });
        const answer = await signed(service.api('GET', path(86_400)));
        expectLife(answer, 900, 'credentials');
        expect(Date.parse(answer.expiresAt)).toBeLessThanOrEqual(expires.getTime());
        await expectTruth(answer);
        expectLife(await signed(service.api('GET', path(300))), 300, undefined);
      } finally {
        await environment.restore();
      }
    },
    withIam,
  );

  skippable(
    'in the configuration, whose end nobody knows: the answer says that',
    async () => {
      const { akid, secret, sessionToken } = await session('e2e-short', 900);
      const service = await world.another({ demo: { akid, secret, sessionToken } });
      const answer = await signed(service.api('GET', path(86_400)));
      expectLife(answer, 86_400, 'unknown');
      ahead = 901_000;
      expect(String((await use('GET', answer.url)).body)).toContain('ExpiredToken');
    },
    withIam,
  );
});

describe('an account with a role', () => {
  beforeAll(async () => {
    if (targetName !== 'sandbox') return;
    await makeRole('e2e-hour', 3_600);
    await makeRole('e2e-half-day', 43_200);
  });

  skippable(
    'that allows half a day: the session lives as long as the URL, at most that',
    async () => {
      const service = await throughRole('e2e-half-day');
      expectLife(await signed(service.api('GET', path(10_000))), 10_000, undefined);
      const longest = await signed(service.api('GET', path(86_400)));
      expectLife(longest, 43_200, 'credentials');
      await expectTruth(longest);
    },
    withIam,
  );

  skippable(
    'that allows an hour, STS refusing more: an hour',
    async () => {
      const service = await throughRole('e2e-hour');
      const answer = await signed(service.api('GET', path(86_400)));
      expectLife(answer, 3_600, 'credentials');
      await expectTruth(answer);
      // STS tells the end in whole seconds: a session may live a second less than it was asked for.
      expectLife(await signed(service.api('GET', path(3_599))), 3_599, undefined);
    },
    withIam,
  );

  skippable(
    'reached by a session, which is chaining: an hour, whatever the role allows',
    async () => {
      await makeRole('e2e-chained', 43_200, accounts.demo.id);
      const { akid, secret, sessionToken } = await session('e2e-half-day', 3_600);
      const service = await world.another({ demo: { akid, secret, sessionToken, role: 'e2e-chained' } });
      expectLife(await signed(service.api('GET', path(86_400))), 3_600, 'credentials');
    },
    withIam,
  );

  skippable(
    'upload, download and deletion work under the session policy, by PUT and by form',
    async () => {
      const service = await throughRole('e2e-half-day');
      for (const base of [`/demo/buckets/${bucket}/objects`, `/aws/storage/demo/${bucket}`]) {
        expect((await roundTrip(service, base, 'a b/ü', 'content')).statuses.slice(0, 3)).toEqual([200, 200, 204]);
      }
      expect(
        (
          await sendForm(
            await signed(service.api('POST', `/aws/storage/demo/${bucket}`, { filename: 'f', form: true })),
            'x',
          )
        ).status,
      ).toBe(204);
    },
    withIam,
  );

  skippable(
    'a session is not asked for again while it serves, and always when it does not',
    async () => {
      const service = await throughRole('e2e-half-day');
      await signed(service.api('GET', path(600)));
      world.target.sandbox?.calls.clear();
      for (const seconds of [600, 60, 599]) await signed(service.api('GET', path(seconds)));
      expect(world.target.sandbox?.calls.all()).toEqual([]);
      for (let n = 0; n < 2; n += 1) await signed(service.api('GET', path(86_400)));
      expect(world.target.sandbox?.calls.all().map(({ operation }) => operation)).toEqual(['AssumeRole', 'AssumeRole']);
    },
    withIam,
  );
});

skippable(
  'the session that signs may touch the objects of one bucket, and nothing else',
  async () => {
    await makeRole('e2e-everything', 3_600);
    const other = world.name('other');
    await world.auditor.s3.send(new CreateBucketCommand({ Bucket: other }));
    const { Credentials: given } = await world.rival.sts.send(
      new AssumeRoleCommand({
        RoleArn: roleOf('e2e-everything'),
        RoleSessionName: 'e2e',
        Policy: objectPolicies(bucket, HOME).policy,
        Tags: [{ Key: 'spinup:org', Value: ORG }],
      }),
    );
    const { s3, destroy } = awsClients(world.target.endpoint, {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    });
    try {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'mine', Body: 'x' }));
      await expect(s3.send(new PutObjectCommand({ Bucket: other, Key: 'theirs', Body: 'x' }))).rejects.toMatchObject({
        name: 'AccessDenied',
      });
      await expect(
        s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'mine', Body: 'x', Tagging: 'a=b' })),
      ).rejects.toMatchObject({ name: 'AccessDenied' });
      await expect(s3.send(new CreateBucketCommand({ Bucket: world.name('new') }))).rejects.toMatchObject({
        name: 'AccessDenied',
      });
    } finally {
      destroy();
    }
  },
  withIam,
);

skippable(
  'keys that are allowed objects alone sign nothing, unless their account signs unseen: then on both families of paths',
  async () => {
    const Statement = {
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
      Resource: `arn:aws:s3:::${bucket}/*`,
    };
    const keys = await keysOfNewUser(world, Statement);
    const [seeing, unseeing] = [
      await world.another({ demo: keys }),
      await world.another({ demo: { ...keys, presignUnseen: true } }),
    ];
    for (const base of [`/aws/storage/demo/${bucket}`, `/demo/buckets/${bucket}/objects`]) {
      const { statuses } = await roundTrip(unseeing, base, 'documents/report.pdf', 'x');
      // Who may not list does not hear that an object is not there.
      expect(statuses).toEqual([200, 200, 204, 403]);
      expect((await seeing.api('GET', `${base}/a`)).status).toBe(403);
      expect((await seeing.api('POST', base, { filename: 'a' })).status).toBe(403);
    }
  },
  withIam,
);
