import {
  CreateLoginProfileCommand,
  CreateServiceSpecificCredentialCommand,
  type CreateServiceSpecificCredentialCommandOutput,
  CreateUserCommand,
  GetAccountSummaryCommand,
  GetLoginProfileCommand,
  GetSSHPublicKeyCommand,
  type IAMClient,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListVirtualMFADevicesCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  ResetServiceSpecificCredentialCommand,
  UpdateLoginProfileCommand,
  UpdateSSHPublicKeyCommand,
  UpdateSigningCertificateCommand,
  UploadSSHPublicKeyCommand,
  UploadSigningCertificateCommand,
} from '@aws-sdk/client-iam';
import { ACCOUNT, type TestSandbox, refusalOf, startTestSandbox } from '../../support/sandbox/start';
import { CERTIFICATE, OTHER_CERTIFICATE, SSH_KEY } from './fixtures';

let world: TestSandbox;
let iam: IAMClient;

beforeEach(async () => {
  world = await startTestSandbox();
  iam = world.iam();
  await iam.send(new CreateUserCommand({ UserName: 'anna' }));
});
afterEach(() => world.stop());

describe('login profiles', () => {
  it('exist once and are updated', async () => {
    const create = (): Promise<unknown> =>
      iam.send(
        new CreateLoginProfileCommand({ UserName: 'anna', Password: 'Correct-Horse-7', PasswordResetRequired: true }),
      );
    await create();
    expect(await refusalOf(create())).toMatchObject({ code: 'EntityAlreadyExists' });
    await iam.send(new UpdateLoginProfileCommand({ UserName: 'anna', PasswordResetRequired: false }));
    expect((await iam.send(new GetLoginProfileCommand({ UserName: 'anna' }))).LoginProfile).toMatchObject({
      UserName: 'anna',
      PasswordResetRequired: false,
    });
  });

  it('want a password after AWS’s default rules', async () => {
    expect(
      await refusalOf(iam.send(new CreateLoginProfileCommand({ UserName: 'anna', Password: 'simple' }))),
    ).toMatchObject({ code: 'PasswordPolicyViolation' });
    expect(await refusalOf(iam.send(new GetLoginProfileCommand({ UserName: 'anna' })))).toMatchObject({
      code: 'NoSuchEntity',
    });
  });
});

describe('signing certificates', () => {
  const upload = (CertificateBody: string): Promise<unknown> =>
    iam.send(new UploadSigningCertificateCommand({ UserName: 'anna', CertificateBody }));

  it('are taken once each, and switched off', async () => {
    await upload(CERTIFICATE);
    await upload(OTHER_CERTIFICATE);
    expect(await refusalOf(upload(CERTIFICATE))).toMatchObject({ code: 'DuplicateCertificate', status: 409 });
    const { Certificates = [] } = await iam.send(new ListSigningCertificatesCommand({ UserName: 'anna' }));
    await iam.send(
      new UpdateSigningCertificateCommand({
        UserName: 'anna',
        CertificateId: Certificates[0]?.CertificateId,
        Status: 'Inactive',
      }),
    );
    const after = await iam.send(new ListSigningCertificatesCommand({ UserName: 'anna' }));
    expect(after.Certificates?.map((one) => one.Status)).toEqual(['Inactive', 'Active']);
  });

  it('must be PEM → MalformedCertificate', async () => {
    expect(await refusalOf(upload('no certificate'))).toMatchObject({ code: 'MalformedCertificate' });
  });
});

describe('SSH public keys', () => {
  const upload = (SSHPublicKeyBody: string): Promise<unknown> =>
    iam.send(new UploadSSHPublicKeyCommand({ UserName: 'anna', SSHPublicKeyBody }));

  it('are taken once, shown and switched off', async () => {
    const { SSHPublicKey } = await iam.send(
      new UploadSSHPublicKeyCommand({ UserName: 'anna', SSHPublicKeyBody: SSH_KEY }),
    );
    expect(SSHPublicKey?.Fingerprint).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
    expect(await refusalOf(upload(SSH_KEY))).toMatchObject({ code: 'DuplicateSSHPublicKey' });
    const id = SSHPublicKey?.SSHPublicKeyId;
    await iam.send(new UpdateSSHPublicKeyCommand({ UserName: 'anna', SSHPublicKeyId: id, Status: 'Inactive' }));
    const shown = await iam.send(new GetSSHPublicKeyCommand({ UserName: 'anna', SSHPublicKeyId: id, Encoding: 'SSH' }));
    expect(shown.SSHPublicKey).toMatchObject({ SSHPublicKeyBody: SSH_KEY, Status: 'Inactive' });
  });

  it.each(['ssh-rsa AAAA', 'ecdsa AAAAB3NzaC1yc2E', 'x'])('%s → InvalidPublicKey', async (body) => {
    expect(await refusalOf(upload(body))).toMatchObject({ code: 'InvalidPublicKey' });
  });
});

describe('service-specific credentials', () => {
  const create = (ServiceName: string): Promise<CreateServiceSpecificCredentialCommandOutput> =>
    iam.send(new CreateServiceSpecificCredentialCommand({ UserName: 'anna', ServiceName }));

  it('show their password at creation and reset only; two per service', async () => {
    const { ServiceSpecificCredential: made } = await create('codecommit.amazonaws.com');
    await create('codecommit.amazonaws.com');
    expect(await refusalOf(create('codecommit.amazonaws.com'))).toMatchObject({ code: 'LimitExceeded' });
    await create('cassandra.amazonaws.com');
    const listed = await iam.send(
      new ListServiceSpecificCredentialsCommand({ UserName: 'anna', ServiceName: 'codecommit.amazonaws.com' }),
    );
    expect(listed.ServiceSpecificCredentials).toHaveLength(2);
    expect(JSON.stringify(listed)).not.toContain(made?.ServicePassword);
    const reset = await iam.send(
      new ResetServiceSpecificCredentialCommand({
        UserName: 'anna',
        ServiceSpecificCredentialId: made?.ServiceSpecificCredentialId,
      }),
    );
    expect(reset.ServiceSpecificCredential?.ServicePassword).not.toBe(made?.ServicePassword);
  });

  it('know their services', async () => {
    expect(await refusalOf(create('s3.amazonaws.com'))).toMatchObject({ code: 'NotSupportedService' });
  });
});

describe('MFA devices', () => {
  it('belong to one user and are listed by assignment', async () => {
    const device = (name: string): Promise<unknown> =>
      iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name }));
    const serial = `arn:aws:iam::${ACCOUNT.id}:mfa/used`;
    await device('used');
    await device('free');
    expect(await refusalOf(device('used'))).toMatchObject({ code: 'EntityAlreadyExists' });
    const enable = (AuthenticationCode1: string): Promise<unknown> =>
      iam.send(
        new EnableMFADeviceCommand({
          UserName: 'anna',
          SerialNumber: serial,
          AuthenticationCode1,
          AuthenticationCode2: '654321',
        }),
      );
    expect(await refusalOf(enable('12345'))).toMatchObject({ code: 'ValidationError' });
    await enable('123456');
    expect(await refusalOf(enable('123456'))).toMatchObject({ code: 'EntityAlreadyExists' });
    const { VirtualMFADevices } = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Assigned' }));
    expect(VirtualMFADevices).toMatchObject([{ SerialNumber: serial, User: { UserName: 'anna' } }]);
    const free = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Unassigned' }));
    expect(free.VirtualMFADevices?.map((one) => one.SerialNumber)).toEqual([`arn:aws:iam::${ACCOUNT.id}:mfa/free`]);
  });
});

describe('the account', () => {
  it('is summed up with the quotas of AWS', async () => {
    const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
    expect(SummaryMap).toMatchObject({
      Users: 1,
      Groups: 0,
      UsersQuota: 5000,
      GroupsQuota: 300,
      GroupsPerUserQuota: 10,
      AccessKeysPerUserQuota: 2,
      PolicySizeQuota: 6144,
      VersionsPerPolicyQuota: 5,
    });
  });
});
