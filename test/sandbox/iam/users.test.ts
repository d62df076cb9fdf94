import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteSSHPublicKeyCommand,
  DeleteServiceSpecificCredentialCommand,
  DeleteSigningCertificateCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  DetachUserPolicyCommand,
  EnableMFADeviceCommand,
  GetUserCommand,
  type IAMClient,
  ListMFADevicesCommand,
  ListSSHPublicKeysCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListUserTagsCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateUserCommand,
  UploadSSHPublicKeyCommand,
  UploadSigningCertificateCommand,
} from '@aws-sdk/client-iam';
import { ACCOUNT, type TestSandbox, refusalOf, startTestSandbox } from '../../support/sandbox/start';
import { CERTIFICATE, SSH_KEY } from './fixtures';

let world: TestSandbox;
let iam: IAMClient;

beforeEach(async () => {
  world = await startTestSandbox({ quotas: { usersPerAccount: 5 } });
  iam = world.iam();
});
afterEach(() => world.stop());

const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
});

describe('users', () => {
  it('are created with path and tags, and shown as AWS shows them', async () => {
    const { User: made } = await iam.send(
      new CreateUserCommand({ UserName: 'anna', Path: '/staff/', Tags: [{ Key: 'org', Value: 'x' }] }),
    );
    expect(made).toMatchObject({
      UserName: 'anna',
      Path: '/staff/',
      Arn: `arn:aws:iam::${ACCOUNT.id}:user/staff/anna`,
      Tags: [{ Key: 'org', Value: 'x' }],
    });
    expect(made?.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
    expect(made?.CreateDate?.getMilliseconds()).toBe(0);
    const { User: shown } = await iam.send(new GetUserCommand({ UserName: 'anna' }));
    expect(shown).toEqual(made);
    expect(shown?.PasswordLastUsed).toBeUndefined();
  });

  it('IAM: lists of users carry no tags', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'anna', Tags: [{ Key: 'org', Value: 'x' }] }));
    const { Users } = await iam.send(new ListUsersCommand({}));
    expect(Users).toHaveLength(1);
    expect(Users?.[0]?.Tags).toBeUndefined();
  });

  it('IAM: GetUser without a name gives the caller', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'anna' }));
    await iam.send(
      new PutUserPolicyCommand({
        UserName: 'anna',
        PolicyName: 'p',
        PolicyDocument: DOCUMENT.replace('s3:*', 'iam:GetUser'),
      }),
    );
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'anna' }));
    const own = world.iam({
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    });
    expect((await own.send(new GetUserCommand({}))).User?.UserName).toBe('anna');
    expect((await iam.send(new GetUserCommand({}))).User?.Arn).toBe(`arn:aws:iam::${ACCOUNT.id}:root`);
  });

  it.each(['anna', 'ANNA'])('IAM: names are unique without regard to case (%s → EntityAlreadyExists)', async (name) => {
    await iam.send(new CreateUserCommand({ UserName: 'anna' }));
    expect(await refusalOf(iam.send(new CreateUserCommand({ UserName: name })))).toMatchObject({
      code: 'EntityAlreadyExists',
      status: 409,
    });
  });

  it.each([
    ['65 characters', 'a'.repeat(65)],
    ['a slash', 'a/b'],
    ['a space', 'a b'],
    ['an umlaut', 'jürgen'],
  ])('IAM: user names have at most 64 characters of [\\w+=,.@-]: %s → ValidationError', async (_title, name) => {
    expect(await refusalOf(iam.send(new CreateUserCommand({ UserName: name })))).toMatchObject({
      code: 'ValidationError',
      status: 400,
    });
  });

  it('takes a name of 64 characters and every allowed sign', async () => {
    const name = `${'a'.repeat(56)}_+=,.@-1`;
    expect((await iam.send(new CreateUserCommand({ UserName: name }))).User?.UserName).toBe(name);
  });

  it('IAM: quota of users per account → LimitExceeded', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await iam.send(new CreateUserCommand({ UserName: name }));
    expect(await refusalOf(iam.send(new CreateUserCommand({ UserName: 'f' })))).toMatchObject({
      code: 'LimitExceeded',
      status: 409,
    });
  });

  it('accounts do not see each other', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'anna' }));
    const other = world.iam({ accessKeyId: 'AKIAROOTBBBBBBBBBBBB', secretAccessKey: 'root-secret-of-other' });
    expect(await refusalOf(other.send(new GetUserCommand({ UserName: 'anna' })))).toMatchObject({
      code: 'NoSuchEntity',
      status: 404,
    });
  });

  it('keep what they have when renamed', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'anna', Tags: [{ Key: 'a', Value: 'b' }] }));
    await iam.send(new UpdateUserCommand({ UserName: 'anna', NewUserName: 'berta', NewPath: '/x/' }));
    expect((await iam.send(new GetUserCommand({ UserName: 'berta' }))).User).toMatchObject({
      Path: '/x/',
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    expect(await refusalOf(iam.send(new GetUserCommand({ UserName: 'anna' })))).toMatchObject({ code: 'NoSuchEntity' });
  });
});

describe('tags of users', () => {
  beforeEach(async () => {
    await iam.send(new CreateUserCommand({ UserName: 'anna', Tags: [{ Key: 'a', Value: '1' }] }));
  });

  it('are added, replaced and removed one by one', async () => {
    await iam.send(
      new TagUserCommand({
        UserName: 'anna',
        Tags: [
          { Key: 'A', Value: '2' },
          { Key: 'b', Value: '' },
        ],
      }),
    );
    expect((await iam.send(new ListUserTagsCommand({ UserName: 'anna' }))).Tags).toEqual([
      { Key: 'A', Value: '2' },
      { Key: 'b', Value: '' },
    ]);
    await iam.send(new UntagUserCommand({ UserName: 'anna', TagKeys: ['A'] }));
    expect((await iam.send(new GetUserCommand({ UserName: 'anna' }))).User?.Tags).toEqual([{ Key: 'b', Value: '' }]);
  });

  it.each([
    ['key of 129 characters', [{ Key: 'k'.repeat(129), Value: '' }], 'ValidationError'],
    ['value of 257 characters', [{ Key: 'k', Value: 'v'.repeat(257) }], 'ValidationError'],
    ['sign outside the alphabet', [{ Key: 'k', Value: 'a$b' }], 'ValidationError'],
    ['aws: prefix', [{ Key: 'aws:k', Value: '' }], 'InvalidInput'],
    [
      'keys that differ in case only',
      [
        { Key: 'k', Value: '' },
        { Key: 'K', Value: '' },
      ],
      'InvalidInput',
    ],
    ['51 tags', Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })), 'LimitExceeded'],
  ])('IAM: %s → refused', async (_title, tags, code) => {
    expect(await refusalOf(iam.send(new TagUserCommand({ UserName: 'anna', Tags: tags })))).toMatchObject({ code });
  });
});

interface Obstacle {
  readonly put: () => Promise<unknown>;
  readonly take: () => Promise<unknown>;
}

/** Everything that holds a user, and how it is let go. */
const OBSTACLES: Readonly<Record<string, () => Obstacle>> = {
  'an access key': () => {
    let id = '';
    return {
      put: async () =>
        (id = (await iam.send(new CreateAccessKeyCommand({ UserName: 'u' }))).AccessKey?.AccessKeyId ?? ''),
      take: () => iam.send(new DeleteAccessKeyCommand({ UserName: 'u', AccessKeyId: id })),
    };
  },
  'a group membership': () => ({
    put: async () => {
      await iam.send(new CreateGroupCommand({ GroupName: 'g' }));
      await iam.send(new AddUserToGroupCommand({ GroupName: 'g', UserName: 'u' }));
    },
    take: () => iam.send(new RemoveUserFromGroupCommand({ GroupName: 'g', UserName: 'u' })),
  }),
  'an attached policy': () => {
    const arn = `arn:aws:iam::${ACCOUNT.id}:policy/p`;
    return {
      put: async () => {
        await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: DOCUMENT }));
        await iam.send(new AttachUserPolicyCommand({ UserName: 'u', PolicyArn: arn }));
      },
      take: () => iam.send(new DetachUserPolicyCommand({ UserName: 'u', PolicyArn: arn })),
    };
  },
  'an inline policy': () => ({
    put: () => iam.send(new PutUserPolicyCommand({ UserName: 'u', PolicyName: 'p', PolicyDocument: DOCUMENT })),
    take: () => iam.send(new DeleteUserPolicyCommand({ UserName: 'u', PolicyName: 'p' })),
  }),
  'a login profile': () => ({
    put: () => iam.send(new CreateLoginProfileCommand({ UserName: 'u', Password: 'Correct-Horse-7' })),
    take: () => iam.send(new DeleteLoginProfileCommand({ UserName: 'u' })),
  }),
  'an MFA device': () => {
    const serial = `arn:aws:iam::${ACCOUNT.id}:mfa/phone`;
    return {
      put: async () => {
        await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }));
        await iam.send(
          new EnableMFADeviceCommand({
            UserName: 'u',
            SerialNumber: serial,
            AuthenticationCode1: '123456',
            AuthenticationCode2: '654321',
          }),
        );
        expect(await refusalOf(iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serial })))).toMatchObject({
          code: 'DeleteConflict',
        });
      },
      take: async () => {
        expect((await iam.send(new ListMFADevicesCommand({ UserName: 'u' }))).MFADevices).toMatchObject([
          { SerialNumber: serial, UserName: 'u' },
        ]);
        await iam.send(new DeactivateMFADeviceCommand({ UserName: 'u', SerialNumber: serial }));
        await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serial }));
      },
    };
  },
  'a signing certificate': () => ({
    put: () => iam.send(new UploadSigningCertificateCommand({ UserName: 'u', CertificateBody: CERTIFICATE })),
    take: async () => {
      const { Certificates } = await iam.send(new ListSigningCertificatesCommand({ UserName: 'u' }));
      await iam.send(
        new DeleteSigningCertificateCommand({ UserName: 'u', CertificateId: Certificates?.[0]?.CertificateId }),
      );
    },
  }),
  'an SSH public key': () => ({
    put: () => iam.send(new UploadSSHPublicKeyCommand({ UserName: 'u', SSHPublicKeyBody: SSH_KEY })),
    take: async () => {
      const { SSHPublicKeys } = await iam.send(new ListSSHPublicKeysCommand({ UserName: 'u' }));
      await iam.send(
        new DeleteSSHPublicKeyCommand({ UserName: 'u', SSHPublicKeyId: SSHPublicKeys?.[0]?.SSHPublicKeyId }),
      );
    },
  }),
  'a service-specific credential': () => ({
    put: () =>
      iam.send(new CreateServiceSpecificCredentialCommand({ UserName: 'u', ServiceName: 'codecommit.amazonaws.com' })),
    take: async () => {
      const { ServiceSpecificCredentials: found } = await iam.send(
        new ListServiceSpecificCredentialsCommand({ UserName: 'u' }),
      );
      await iam.send(
        new DeleteServiceSpecificCredentialCommand({
          UserName: 'u',
          ServiceSpecificCredentialId: found?.[0]?.ServiceSpecificCredentialId,
        }),
      );
    },
  }),
};

describe('IAM: DeleteUser answers DeleteConflict while anything remains', () => {
  it.each(Object.keys(OBSTACLES))('%s', async (name) => {
    await iam.send(new CreateUserCommand({ UserName: 'u' }));
    const obstacle = OBSTACLES[name]?.();
    await obstacle?.put();
    expect(await refusalOf(iam.send(new DeleteUserCommand({ UserName: 'u' })))).toMatchObject({
      code: 'DeleteConflict',
      status: 409,
    });
    await obstacle?.take();
    await iam.send(new DeleteUserCommand({ UserName: 'u' }));
    expect(await refusalOf(iam.send(new GetUserCommand({ UserName: 'u' })))).toMatchObject({
      code: 'NoSuchEntity',
      status: 404,
    });
  });
});
