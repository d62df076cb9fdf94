import {
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { settleAll, strip } from '../../../../src/domain/access/aws/strip-user';
import { belongingsOf } from '../../../support/belongings';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { changes } from '../../../support/steps';

const UserName = 'u';
const virtual = 'arn:aws:iam::123456789012:mfa/u';
const gone = awsError('NoSuchEntity', 404);

test('everything that keeps a user from being deleted is taken away', async () => {
  const { context, iam } = await mockedAws();
  await strip(
    context,
    'u',
    belongingsOf({
      keys: [{ AccessKeyId: 'K' }],
      attached: [{ Arn: 'arn:p', PolicyName: 'p' }],
      inline: ['i'],
      signingCertificates: ['c'],
      sshPublicKeys: ['s'],
      serviceCredentials: ['x'],
      loginProfile: true,
    }),
  );
  expect(changes(iam)).toEqual({
    DeleteAccessKey: [{ UserName, AccessKeyId: 'K' }],
    DetachUserPolicy: [{ UserName, PolicyArn: 'arn:p' }],
    DeleteUserPolicy: [{ UserName, PolicyName: 'i' }],
    DeleteSigningCertificate: [{ UserName, CertificateId: 'c' }],
    DeleteSSHPublicKey: [{ UserName, SSHPublicKeyId: 's' }],
    DeleteServiceSpecificCredential: [{ UserName, ServiceSpecificCredentialId: 'x' }],
    DeleteLoginProfile: [{ UserName }],
  });
});

test('a user on whom nothing hangs needs no call', async () => {
  const { context, iam } = await mockedAws();
  await strip(context, 'u', belongingsOf());
  expect(changes(iam)).toEqual({});
});

test('what is gone already is as good as taken away; what is throttled is tried again', async () => {
  const { context, iam } = await mockedAws();
  iam.on(DeleteAccessKeyCommand).rejects(gone);
  iam.on(DeleteUserPolicyCommand).rejectsOnce(awsError('Throttling', 400)).resolves({});
  await strip(context, 'u', belongingsOf({ keys: [{ AccessKeyId: 'K' }], inline: ['i'] }));
  expect(changes(iam)).toMatchObject({ DeleteAccessKey: [{}], DeleteUserPolicy: [{}, {}] });
});

test('one refusal is told, and does not keep the rest from being tried', async () => {
  const { context, iam } = await mockedAws();
  iam.on(DeleteAccessKeyCommand).rejects(awsError('AccessDenied', 403));
  const all = belongingsOf({ keys: [{ AccessKeyId: 'K' }], inline: ['i'], mfaDevices: [virtual] });
  await expect(strip(context, 'u', all)).rejects.toMatchObject({
    error: { kind: 'denied', origin: { call: 'DeleteAccessKey' } },
  });
  expect(changes(iam)).toMatchObject({ DeleteUserPolicy: [{}], DeleteVirtualMFADevice: [{}] });
});

describe('devices', () => {
  test('are deactivated; virtual ones are noted first and deleted, those of hardware are not AWS’s to delete', async () => {
    const { context, iam } = await mockedAws();
    await strip(context, 'u', belongingsOf({ mfaDevices: ['GAHT12345678', virtual] }));
    expect(changes(iam)).toEqual({
      TagUser: [{ UserName, Tags: [{ Key: 'mallard:mfa/0', Value: virtual }] }],
      DeactivateMFADevice: [
        { UserName, SerialNumber: 'GAHT12345678' },
        { UserName, SerialNumber: virtual },
      ],
      DeleteVirtualMFADevice: [{ SerialNumber: virtual }],
    });
  });

  test('of hardware alone need no note', async () => {
    const { context, iam } = await mockedAws();
    await strip(context, 'u', belongingsOf({ mfaDevices: ['GAHT12345678'] }));
    expect(changes(iam)).toEqual({ DeactivateMFADevice: [{ UserName, SerialNumber: 'GAHT12345678' }] });
  });

  test.each([
    ['the note may be refused: too many tags', TagUserCommand, 'LimitExceeded', 409],
    ['the note may be refused: a store’s idea of tags', TagUserCommand, 'InvalidInput', 400],
    ['the device may be deactivated already', DeactivateMFADeviceCommand, 'NoSuchEntity', 404],
    ['the device may be another user’s by now', DeleteVirtualMFADeviceCommand, 'DeleteConflict', 409],
    ['the device may be gone', DeleteVirtualMFADeviceCommand, 'NoSuchEntity', 404],
  ])('hold nothing up: %s', async (_, command, code, status) => {
    const { context, iam } = await mockedAws();
    iam.on(command as never).rejects(awsError(code, status));
    await expect(strip(context, 'u', belongingsOf({ mfaDevices: [virtual] }))).resolves.toBeUndefined();
    expect(changes(iam)).toMatchObject({ TagUser: [{}], DeactivateMFADevice: [{}], DeleteVirtualMFADevice: [{}] });
  });

  test.each([
    ['noted: they are then not touched, as nobody would find them', TagUserCommand, { TagUser: [{}] }],
    [
      'deleted',
      DeleteVirtualMFADeviceCommand,
      { TagUser: [{}], DeactivateMFADevice: [{}], DeleteVirtualMFADevice: [{}] },
    ],
  ])('fail when they may not be %s', async (_, command, sent) => {
    const { context, iam } = await mockedAws();
    iam.on(command as never).rejects(awsError('AccessDenied', 403));
    await expect(strip(context, 'u', belongingsOf({ mfaDevices: [virtual] }))).rejects.toMatchObject({
      error: { kind: 'denied' },
    });
    expect(Object.keys(changes(iam))).toEqual(Object.keys(sent));
  });
});

test('several works are all waited for, and the first failure is told', async () => {
  let ended = false;
  const late = Promise.resolve().then(() => {
    ended = true;
  });
  await expect(settleAll([Promise.reject(new Error('one')), late, Promise.reject(new Error('two'))])).rejects.toThrow(
    'one',
  );
  expect(ended).toBe(true);
});
