import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { ACCOUNT, type Keys, type TestSandbox, refusalOf, startTestSandbox } from '../../support/sandbox/start';

let world: TestSandbox;
let iam: IAMClient;

beforeEach(async () => {
  world = await startTestSandbox();
  iam = world.iam();
  await iam.send(new CreateUserCommand({ UserName: 'anna' }));
});
afterEach(() => world.stop());

async function newKey(): Promise<Keys> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'anna' }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

describe('access keys', () => {
  it('IAM: two keys per user, inactive ones included; a third is LimitExceeded', async () => {
    const first = await newKey();
    await newKey();
    await iam.send(
      new UpdateAccessKeyCommand({ UserName: 'anna', AccessKeyId: first.accessKeyId, Status: 'Inactive' }),
    );
    expect(await refusalOf(newKey())).toMatchObject({ code: 'LimitExceeded', status: 409 });
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'anna', AccessKeyId: first.accessKeyId }));
    expect((await newKey()).accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  });

  it('IAM: the secret is returned once, at creation', async () => {
    const key = await newKey();
    expect(key.secretAccessKey).toHaveLength(40);
    const listed = await iam.send(new ListAccessKeysCommand({ UserName: 'anna' }));
    expect(listed.AccessKeyMetadata).toMatchObject([
      { AccessKeyId: key.accessKeyId, Status: 'Active', UserName: 'anna' },
    ]);
    expect(JSON.stringify(listed)).not.toContain(key.secretAccessKey);
  });

  it('identify their user', async () => {
    const identity = await world.sts(await newKey()).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: ACCOUNT.id,
      Arn: `arn:aws:iam::${ACCOUNT.id}:user/anna`,
      UserId: expect.stringMatching(/^AIDA/),
    });
  });

  it('inactive keys stop working at once, and work again when active', async () => {
    const key = await newKey();
    const sts = world.sts(key);
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'anna', AccessKeyId: key.accessKeyId, Status: 'Inactive' }));
    expect(await refusalOf(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      code: 'InvalidClientTokenId',
      status: 403,
    });
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'anna', AccessKeyId: key.accessKeyId, Status: 'Active' }));
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(ACCOUNT.id);
  });

  it('deleted keys stop working at once', async () => {
    const key = await newKey();
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'anna', AccessKeyId: key.accessKeyId }));
    expect(await refusalOf(world.sts(key).send(new GetCallerIdentityCommand({})))).toMatchObject({
      code: 'InvalidClientTokenId',
    });
    expect(
      await refusalOf(iam.send(new DeleteAccessKeyCommand({ UserName: 'anna', AccessKeyId: key.accessKeyId }))),
    ).toMatchObject({ code: 'NoSuchEntity' });
  });

  it('a wrong secret is SignatureDoesNotMatch', async () => {
    const key = await newKey();
    expect(
      await refusalOf(world.sts({ ...key, secretAccessKey: 'wrong' }).send(new GetCallerIdentityCommand({}))),
    ).toMatchObject({ code: 'SignatureDoesNotMatch', status: 403 });
  });

  it('may do nothing without a policy, and what their policy says with one', async () => {
    const own = world.iam(await newKey());
    expect(await refusalOf(own.send(new GetUserCommand({})))).toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: `User: arn:aws:iam::${ACCOUNT.id}:user/anna is not authorized to perform: iam:GetUser on resource: arn:aws:iam::${ACCOUNT.id}:user/anna because no identity-based policy allows the iam:GetUser action`,
    });
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'iam:*', Resource: 'arn:aws:iam::*:user/${aws:username}' },
    });
    await iam.send(new PutUserPolicyCommand({ UserName: 'anna', PolicyName: 'self', PolicyDocument }));
    expect((await own.send(new GetUserCommand({}))).User?.UserName).toBe('anna');
    expect(await refusalOf(own.send(new CreateUserCommand({ UserName: 'eve' })))).toMatchObject({
      code: 'AccessDenied',
    });
  });

  // IAM API reference, AccessKeyLastUsed: date, service and region of the last request; N/A and no date before the first.
  it('remember when, for which service and in which region they were last used', async () => {
    const key = await newKey();
    const ask = () => iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.accessKeyId }));
    const before = await ask();
    expect(before).toMatchObject({ UserName: 'anna', AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' } });
    expect(before.AccessKeyLastUsed?.LastUsedDate).toBeUndefined();
    await world.sts(key).send(new GetCallerIdentityCommand({}));
    const used = (await ask()).AccessKeyLastUsed;
    expect(used).toMatchObject({ ServiceName: 'sts', Region: 'us-east-1' });
    expect(Math.abs(Date.now() - (used?.LastUsedDate?.getTime() ?? 0))).toBeLessThan(60_000);
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
    });
    await iam.send(new PutUserPolicyCommand({ UserName: 'anna', PolicyName: 's3', PolicyDocument }));
    await world.s3(key).send(new ListBucketsCommand({}));
    expect((await ask()).AccessKeyLastUsed).toMatchObject({ ServiceName: 's3', Region: 'us-east-1' });
  });

  // Service Authorization Reference, IAM: GetAccessKeyLastUsed acts on user*, the owner of the key.
  it('show their last use to whoever may ask about their user', async () => {
    const own = await newKey();
    await iam.send(new CreateUserCommand({ UserName: 'eve' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'eve' }));
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'iam:GetAccessKeyLastUsed', Resource: 'arn:aws:iam::*:user/anna' },
    });
    await iam.send(new PutUserPolicyCommand({ UserName: 'anna', PolicyName: 'self', PolicyDocument }));
    const asked = (AccessKeyId = '') => world.iam(own).send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
    expect((await asked(own.accessKeyId)).UserName).toBe('anna');
    expect(await refusalOf(asked(AccessKey?.AccessKeyId))).toMatchObject({ code: 'AccessDenied' });
  });
});
