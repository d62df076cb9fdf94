import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  GetCredentialReportCommand,
  GetGroupCommand,
  GetPolicyCommand,
  GetRoleCommand,
  ListVirtualMFADevicesCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { XMLParser } from 'fast-xml-parser';
import { startSandbox } from '../../src/sandbox/index';
import { ACCOUNT, type TestSandbox, refusalOf, startTestSandbox } from '../support/sandbox/start';

const worlds: TestSandbox[] = [];
const directories: string[] = [];

async function start(options: Parameters<typeof startTestSandbox>[0] = {}): Promise<TestSandbox> {
  const world = await startTestSandbox(options);
  worlds.push(world);
  return world;
}

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
  directories.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.stop()));
  await Promise.all(directories.splice(0).map((path) => rm(path, { recursive: true })));
});

const form = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body,
});

describe('the sandbox', () => {
  it('listens on loopback and says in the log that it is a sandbox', async () => {
    const lines: Readonly<Record<string, unknown>>[] = [];
    const { sandbox } = await start({ log: (line) => lines.push(line) });
    expect(sandbox.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(lines[0]).toMatchObject({
      sandbox: true,
      endpoint: sandbox.endpoint,
      msg: expect.stringContaining('not AWS'),
    });
    expect(JSON.stringify(lines)).not.toContain(ACCOUNT.secretAccessKey);
  });

  it('does not start on a port that is taken', async () => {
    const { sandbox } = await start();
    await expect(
      startSandbox({ accounts: [ACCOUNT], port: Number(new URL(sandbox.endpoint).port) }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it.each([
    ['a malformed id', [{ ...ACCOUNT, id: '1' }]],
    ['a shared id', [ACCOUNT, { ...ACCOUNT, accessKeyId: 'other' }]],
    ['a shared key', [ACCOUNT, { ...ACCOUNT, id: '000000000000' }]],
  ])('does not start with %s', async (_title, accounts) => {
    await expect(startSandbox({ accounts })).rejects.toThrow(TypeError);
  });

  it('every answer carries request ids, those of S3 its own', async () => {
    const { sandbox } = await start();
    const sts = await fetch(sandbox.endpoint, form('Action=GetCallerIdentity&Version=2011-06-15'));
    expect(sts.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    const s3 = await fetch(`${sandbox.endpoint}/no-such-bucket-here`);
    expect(s3.headers.get('x-amz-request-id')).toMatch(/^[0-9A-F]{16}$/);
    expect(s3.headers.get('x-amz-id-2')).not.toBeNull();
  });

  it('unsigned calls to IAM and STS → MissingAuthenticationToken', async () => {
    const { sandbox } = await start();
    const answer = await fetch(sandbox.endpoint, form('Action=ListUsers&Version=2010-05-08'));
    expect(answer.status).toBe(403);
    const document: unknown = new XMLParser().parse(await answer.text());
    expect(document).toMatchObject({
      ErrorResponse: {
        Error: { Type: 'Sender', Code: 'MissingAuthenticationToken' },
        RequestId: answer.headers.get('x-amzn-requestid'),
      },
    });
  });

  it('unimplemented operations → NotImplemented with the name', async () => {
    const world = await start();
    expect(await refusalOf(world.iam().send(new GetCredentialReportCommand({})))).toMatchObject({
      code: 'NotImplemented',
      status: 501,
      message: expect.stringContaining('iam:GetCredentialReport'),
    });
  });

  it('unknown services → NotImplemented with the name', async () => {
    const { sandbox } = await start();
    const headers = {
      authorization:
        'AWS4-HMAC-SHA256 Credential=A/20300101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=x',
      'x-amz-date': '20300101T000000Z',
    };
    const answer = await fetch(sandbox.endpoint, { headers });
    expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining('no service ec2')]);
  });

  it('an unknown key → InvalidClientTokenId', async () => {
    const world = await start();
    expect(
      await refusalOf(
        world.sts({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' }).send(new GetCallerIdentityCommand({})),
      ),
    ).toMatchObject({ code: 'InvalidClientTokenId', status: 403 });
  });

  it('IAM and STS: a clock 15 minutes off → SignatureDoesNotMatch, saying that the signature expired', async () => {
    const world = await start({ clock: { now: () => Date.now() + 16 * 60_000 } });
    expect(await refusalOf(world.sts().send(new GetCallerIdentityCommand({})))).toMatchObject({
      code: 'SignatureDoesNotMatch',
      message: expect.stringContaining('Signature expired'),
    });
  });

  it('a fault of its own is 500 InternalFailure, logged, and the next call is served', async () => {
    const lines: Readonly<Record<string, unknown>>[] = [];
    const world = await start({ log: (line) => lines.push(line) });
    world.sandbox.faults.add({
      operation: 'GetCallerIdentity',
      kind: 'error',
      count: 1,
      matching: () => JSON.parse('no JSON') as boolean,
    });
    const ask = (): Promise<unknown> => world.sts().send(new GetCallerIdentityCommand({}));
    expect(await refusalOf(ask())).toMatchObject({ code: 'InternalFailure', status: 500 });
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error', operation: 'GetCallerIdentity' }));
    world.sandbox.faults.clear();
    await ask();
  });
});

describe('state on disk', () => {
  const DOCUMENT = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' },
  });
  const TRUST = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ACCOUNT.id } },
  });

  it('survives a restart: users, keys, groups, policies, roles, devices and sessions', async () => {
    const dataDir = await directory();
    const first = await start({ dataDir });
    const iam = first.iam();
    await iam.send(new CreateUserCommand({ UserName: 'anna' }));
    await iam.send(new CreateGroupCommand({ GroupName: 'g' }));
    await iam.send(new AddUserToGroupCommand({ GroupName: 'g', UserName: 'anna' }));
    await iam.send(
      new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: DOCUMENT, Tags: [{ Key: 'a', Value: 'b' }] }),
    );
    await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: TRUST }));
    await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'anna' }));
    const { Credentials } = await first
      .sts()
      .send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT.id}:role/r`, RoleSessionName: 's1' }));
    await first.stop();

    const second = await start({ dataDir });
    const again = second.iam();
    expect((await again.send(new GetGroupCommand({ GroupName: 'g' }))).Users).toMatchObject([{ UserName: 'anna' }]);
    expect(
      (await again.send(new GetPolicyCommand({ PolicyArn: `arn:aws:iam::${ACCOUNT.id}:policy/p` }))).Policy?.Tags,
    ).toEqual([{ Key: 'a', Value: 'b' }]);
    expect((await again.send(new GetRoleCommand({ RoleName: 'r' }))).Role?.MaxSessionDuration).toBe(3600);
    expect((await again.send(new ListVirtualMFADevicesCommand({}))).VirtualMFADevices).toHaveLength(1);
    const key = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
    expect((await second.sts(key).send(new GetCallerIdentityCommand({}))).Arn).toMatch(/user\/anna$/);
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    expect((await second.sts(session).send(new GetCallerIdentityCommand({}))).Arn).toMatch(/assumed-role\/r\/s1$/);
  });

  it('is there when a call is answered, whatever ends the process then', async () => {
    const dataDir = await directory();
    const iam = (await start({ dataDir })).iam();
    const names = Array.from({ length: 12 }, (_, index) => `user-${index}`);
    for (const UserName of names.slice(0, 3)) {
      await iam.send(new CreateUserCommand({ UserName }));
      expect(await readFile(join(dataDir, 'sandbox.json'), 'utf8')).toContain(`"${UserName}"`);
    }
    await Promise.all(names.slice(3).map((UserName) => iam.send(new CreateUserCommand({ UserName }))));
    const stored = await readFile(join(dataDir, 'sandbox.json'), 'utf8');
    expect(names.filter((name) => !stored.includes(`"${name}"`))).toEqual([]);
  });

  it('is one whole file, for its owner only', async () => {
    const dataDir = await directory();
    const world = await start({ dataDir });
    await world.iam().send(new CreateUserCommand({ UserName: 'anna' }));
    await world.stop();
    expect(await readdir(dataDir)).toEqual(['sandbox.json']);
    expect((await stat(join(dataDir, 'sandbox.json'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(dataDir, 'sandbox.json'), 'utf8'))).toMatchObject({
      version: 1,
      services: { iam: expect.any(Array), sts: expect.any(Array) },
    });
  });

  it('that is damaged, or of another version, stops the start', async () => {
    const dataDir = await directory();
    for (const text of ['{', '{"version":99,"services":{}}']) {
      await writeFile(join(dataDir, 'sandbox.json'), text);
      await expect(startSandbox({ accounts: [ACCOUNT], dataDir })).rejects.toThrow();
      expect(await readFile(join(dataDir, 'sandbox.json'), 'utf8')).toBe(text);
    }
  });

  it('is not touched by reads', async () => {
    const dataDir = await directory();
    const world = await start({ dataDir });
    await world.sts().send(new GetCallerIdentityCommand({}));
    await world.stop();
    expect(await readdir(dataDir)).toEqual([]);
  });
});
