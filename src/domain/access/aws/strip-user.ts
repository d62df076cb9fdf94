import {
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteServiceSpecificCredentialCommand,
  DeleteSigningCertificateCommand,
  DeleteSSHPublicKeyCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  DetachUserPolicyCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { type Context, gone } from '../../shared/context';
import { retry, standardPolicy } from '../../../engine/retry';
import { type DomainErrorKind, toDomainError } from '../../../base/errors';
import type { Belongings } from './belongings';
import { DEVICE_TAG } from '../../shared/tags';

/** What keeps a user from being deleted, group memberships excepted. */
export type Strippable = Omit<Belongings, 'groups' | 'tags' | 'path' | 'boundary'>;

/** Takes away from a user what keeps it from being deleted, group memberships excepted. Each call is retried by itself. */
export async function strip(context: Context, user: string, what: Strippable): Promise<void> {
  const { iam } = context.session;
  const UserName = user;
  const removing = (send: () => Promise<unknown>) => retry(standardPolicy, context.clock, () => gone(send()));
  const removals = [
    ...what.keys.map(
      ({ AccessKeyId }) =>
        () =>
          iam(new DeleteAccessKeyCommand({ UserName, AccessKeyId })),
    ),
    ...what.attached.map(
      ({ Arn }) =>
        () =>
          iam(new DetachUserPolicyCommand({ UserName, PolicyArn: Arn })),
    ),
    ...what.inline.map((PolicyName) => () => iam(new DeleteUserPolicyCommand({ UserName, PolicyName }))),
    ...what.signingCertificates.map(
      (CertificateId) => () => iam(new DeleteSigningCertificateCommand({ UserName, CertificateId })),
    ),
    ...what.sshPublicKeys.map(
      (SSHPublicKeyId) => () => iam(new DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId })),
    ),
    ...what.serviceCredentials.map(
      (ServiceSpecificCredentialId) => () =>
        iam(new DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId })),
    ),
    ...(what.loginProfile ? [() => iam(new DeleteLoginProfileCommand({ UserName }))] : []),
  ];
  await settleAll([...removals.map(removing), removeDevices(context, user, what.mfaDevices)]);
}

/** Only virtual devices are AWS's to delete; their serial number is an ARN. */
const isVirtual = (serial: string): boolean => serial.startsWith('arn:');

/**
 * Deactivates MFA devices and deletes the virtual ones. In between nobody lists them as the user's, so they are noted in
 * the user's tags first: a deletion that fails there finds them when it is repeated.
 */
async function removeDevices(context: Context, user: string, devices: readonly string[]): Promise<void> {
  const { iam } = context.session;
  const UserName = user;
  const again = (send: () => Promise<unknown>) => retry(standardPolicy, context.clock, () => gone(send()));
  const Tags = devices.filter(isVirtual).map((Value, index) => ({ Key: `${DEVICE_TAG}${String(index)}`, Value }));
  if (Tags.length > 0)
    await unlessRefused(
      ['invalid', 'quota'],
      again(() => iam(new TagUserCommand({ UserName, Tags }))),
    );
  await settleAll(
    devices.map(async (SerialNumber) => {
      await again(() => iam(new DeactivateMFADeviceCommand({ UserName, SerialNumber })));
      if (!isVirtual(SerialNumber)) return;
      // A conflict means that somebody has given the device to another user meanwhile.
      await unlessRefused(
        ['conflict'],
        again(() => iam(new DeleteVirtualMFADeviceCommand({ SerialNumber }))),
      );
    }),
  );
}

/** Awaits a call; a refusal of one of `kinds` is not worth failing for. */
async function unlessRefused(kinds: readonly DomainErrorKind[], call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    if (!kinds.includes(toDomainError(thrown).kind)) throw thrown;
  }
}

/** Waits for all of them whatever happens, then throws the first failure, if there is one. */
export async function settleAll(work: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(work);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
