import { Readable } from 'node:stream';
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import {
  ACCOUNT,
  type Keys,
  OTHER_ACCOUNT,
  type TestSandbox,
  refusalOf,
  startTestSandbox,
} from '../support/sandbox/start';

let world: TestSandbox;

beforeEach(async () => {
  world = await startTestSandbox();
  const s3 = world.s3();
  await s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
  for (const Key of ['docs/a.txt', 'other/b.txt'])
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body: 'x' }));
});
afterEach(() => world.stop());

const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const get = (keys: Keys, Key = 'docs/a.txt'): Promise<unknown> =>
  world
    .s3(keys)
    .send(new GetObjectCommand({ Bucket: 'photos', Key }))
    .then((answer) => answer.Body?.transformToString());
const put = (keys: Keys, Key = 'docs/c.txt'): Promise<unknown> =>
  world.s3(keys).send(new PutObjectCommand({ Bucket: 'photos', Key, Body: 'y' }));
const list = (keys: Keys, Prefix?: string): Promise<unknown> =>
  world.s3(keys).send(new ListObjectsV2Command({ Bucket: 'photos', Prefix }));
const DENIED = { code: 'AccessDenied', status: 403 };

async function newUser(UserName: string, policy?: string): Promise<Keys> {
  const iam = world.iam();
  await iam.send(new CreateUserCommand({ UserName }));
  if (policy !== undefined)
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: policy }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

const READ_ONLY = document(
  { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::photos' },
  { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' },
);

describe('policies of IAM in front of S3', () => {
  it('a read-only member of a group lists and reads, and cannot write or delete', async () => {
    const iam = world.iam();
    const reader = await newUser('reader');
    expect(await refusalOf(get(reader))).toMatchObject(DENIED);
    await iam.send(new CreateGroupCommand({ GroupName: 'photos-BktROGrp' }));
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'photos-BktROPlc', PolicyDocument: READ_ONLY }),
    );
    await iam.send(new AttachGroupPolicyCommand({ GroupName: 'photos-BktROGrp', PolicyArn: Policy?.Arn }));
    await iam.send(new AddUserToGroupCommand({ GroupName: 'photos-BktROGrp', UserName: 'reader' }));
    expect(await get(reader)).toBe('x');
    expect(await list(reader)).toMatchObject({ KeyCount: 2 });
    expect(await refusalOf(put(reader))).toMatchObject({ ...DENIED, message: expect.stringContaining('s3:PutObject') });
    expect(
      await refusalOf(world.s3(reader).send(new DeleteObjectCommand({ Bucket: 'photos', Key: 'docs/a.txt' }))),
    ).toMatchObject(DENIED);
    expect(await list(ACCOUNT)).toMatchObject({ KeyCount: 2 });
  });

  it('s3:prefix limits what may be listed', async () => {
    const scoped = await newUser(
      'scoped',
      document(
        {
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: 'arn:aws:s3:::photos',
          Condition: { StringLike: { 's3:prefix': 'docs/*' } },
        },
        { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::photos/docs/*' },
      ),
    );
    expect(await list(scoped, 'docs/')).toMatchObject({ KeyCount: 1 });
    expect(await refusalOf(list(scoped))).toMatchObject(DENIED);
    expect(await refusalOf(list(scoped, 'other/'))).toMatchObject(DENIED);
    await put(scoped);
    expect(await refusalOf(put(scoped, 'other/c.txt'))).toMatchObject(DENIED);
  });

  it('Deny of the bucket policy stands over Allow of the user', async () => {
    const full = await newUser('full', document({ Effect: 'Allow', Action: 's3:*', Resource: '*' }));
    await put(full);
    const Policy = document({
      Effect: 'Deny',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT.id}:user/full` },
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::photos/*',
    });
    await world.s3().send(new PutBucketPolicyCommand({ Bucket: 'photos', Policy }));
    expect(await refusalOf(put(full))).toMatchObject(DENIED);
    await world.s3().send(new DeleteBucketPolicyCommand({ Bucket: 'photos' }));
    await put(full);
  });

  it('another account needs both its own policy and the bucket’s', async () => {
    const Policy = document({
      Effect: 'Allow',
      Principal: { AWS: OTHER_ACCOUNT.id },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::photos/*',
    });
    expect(await refusalOf(get(OTHER_ACCOUNT))).toMatchObject(DENIED);
    await world.s3().send(new PutBucketPolicyCommand({ Bucket: 'photos', Policy }));
    expect(await get(OTHER_ACCOUNT)).toBe('x');
    const { AccessKey } = await world
      .iam(OTHER_ACCOUNT)
      .send(new CreateUserCommand({ UserName: 'guest' }))
      .then(() => world.iam(OTHER_ACCOUNT).send(new CreateAccessKeyCommand({ UserName: 'guest' })));
    expect(
      await refusalOf(
        get({ accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }),
      ),
    ).toMatchObject(DENIED);
  });

  it('anonymous readers need a public policy, and the public access block keeps it away', async () => {
    const Policy = document({
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::photos/*',
    });
    const read = async (): Promise<number> => (await fetch(`${world.sandbox.endpoint}/photos/docs/a.txt`)).status;
    const publish = (): Promise<unknown> => world.s3().send(new PutBucketPolicyCommand({ Bucket: 'photos', Policy }));
    expect(await read()).toBe(403);
    expect(await refusalOf(publish())).toMatchObject(DENIED);
    await world.s3().send(new DeletePublicAccessBlockCommand({ Bucket: 'photos' }));
    await publish();
    expect(await read()).toBe(200);
  });

  it('a key turned off stops working at once: InvalidAccessKeyId', async () => {
    const reader = await newUser('reader', READ_ONLY);
    expect(await get(reader)).toBe('x');
    await world
      .iam()
      .send(new UpdateAccessKeyCommand({ UserName: 'reader', AccessKeyId: reader.accessKeyId, Status: 'Inactive' }));
    expect(await refusalOf(get(reader))).toMatchObject({ code: 'InvalidAccessKeyId', status: 403 });
  });

  it('a session reads what role and session policy both allow', async () => {
    const iam = world.iam();
    const trust = document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ACCOUNT.id } });
    await iam.send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: trust }));
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: 'worker',
        PolicyName: 'p',
        PolicyDocument: document({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
      }),
    );
    const assume = { RoleArn: `arn:aws:iam::${ACCOUNT.id}:role/worker`, RoleSessionName: 's1', Policy: READ_ONLY };
    const { Credentials } = await world.sts().send(new AssumeRoleCommand(assume));
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    expect(await get(session)).toBe('x');
    expect(await refusalOf(put(session))).toMatchObject({
      ...DENIED,
      message: expect.stringContaining('no session policy allows'),
    });
    expect(await refusalOf(get({ ...session, sessionToken: 'x' }))).toMatchObject({
      code: 'InvalidToken',
      status: 400,
    });
  });
});

describe('uploads as the SDK sends them', () => {
  it('a stream arrives whole, its framing gone', async () => {
    const body = Buffer.alloc(300_000, 'stream ');
    await world.s3().send(
      new PutObjectCommand({
        Bucket: 'photos',
        Key: 's',
        Body: Readable.from([body.subarray(0, 70_001), body.subarray(70_001)]),
        ContentLength: body.length,
        ContentEncoding: 'identity',
      }),
    );
    const answer = await world.s3().send(new GetObjectCommand({ Bucket: 'photos', Key: 's' }));
    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    expect(answer.ContentEncoding).toBe('identity');
  });

  it('throttling of S3 is SlowDown 503, a concurrent change OperationAborted 409, an error InternalError 500', async () => {
    const { faults } = world.sandbox;
    for (const [kind, code, status] of [
      ['throttle', 'SlowDown', 503],
      ['operation-aborted', 'OperationAborted', 409],
      ['error', 'InternalError', 500],
    ] as const) {
      faults.add({ service: 's3', operation: 'PutObject', kind, count: 1 });
      expect(await refusalOf(put(ACCOUNT))).toMatchObject({ code, status });
    }
  });
});
