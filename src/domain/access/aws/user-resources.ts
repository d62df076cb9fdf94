import {
  type AccessKeyMetadata,
  GetLoginProfileCommand,
  type Group,
  ListMFADevicesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { type Context, orUndefined, reading } from '../../shared/context';
import { toDomainError } from '../../../base/errors';
import type { Tag } from '../../shared/shapes';
import { DEVICE_TAG } from '../../shared/tags';
import { allPages } from '../../shared/aws/iam-pages';
import { sdkTags } from '../../shared/aws/iam-shapes';
import { accessKeys, attachedUserPolicies, findUser, groupsOfUser } from './user';

/**
 * Everything that hangs on an IAM user and keeps it from being deleted.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
 */
export interface UserResources {
  readonly tags: readonly Tag[];
  /** IAM path; `/` for users of the service. */
  readonly path: string;
  /** ARN of its permissions boundary. */
  readonly boundary: string | undefined;
  readonly groups: readonly Group[];
  readonly keys: readonly AccessKeyMetadata[];
  readonly attached: readonly { readonly Arn: string; readonly PolicyName: string }[];
  readonly inline: readonly string[];
  /** Serial numbers; those of virtual devices are ARNs. */
  readonly mfaDevices: readonly string[];
  readonly signingCertificates: readonly string[];
  readonly sshPublicKeys: readonly string[];
  readonly serviceCredentials: readonly string[];
  readonly loginProfile: boolean;
}

/** Reads everything that hangs on a user, in one parallel wave; undefined when there is no such user. */
export async function userResources(context: Context, user: string): Promise<UserResources | undefined> {
  const { iam } = context.session;
  const UserName = user;
  /** The items of all pages; none when the user is gone. */
  const all = async <P extends { IsTruncated?: boolean | undefined; Marker?: string | undefined }, T>(
    fetch: (marker: { readonly Marker?: string }) => Promise<P>,
    items: (page: P) => readonly (T | undefined)[] | undefined,
  ): Promise<readonly T[]> => {
    const found = await unlessUnknown(orUndefined(allPages((marker) => reading(context, () => fetch(marker)), items)));
    return (found ?? []).filter((item) => item !== undefined);
  };

  const [
    found,
    groups,
    keys,
    attached,
    inline,
    mfaDevices,
    signingCertificates,
    sshPublicKeys,
    serviceCredentials,
    login,
  ] = await Promise.all([
    findUser(context, user),
    groupsOfUser(context, user),
    accessKeys(context, user),
    attachedUserPolicies(context, user),
    all(
      (marker) => iam(new ListUserPoliciesCommand({ UserName, ...marker })),
      (page) => page.PolicyNames,
    ),
    all(
      (marker) => iam(new ListMFADevicesCommand({ UserName, ...marker })),
      (page) => page.MFADevices?.map(({ SerialNumber }) => SerialNumber),
    ),
    all(
      (marker) => iam(new ListSigningCertificatesCommand({ UserName, ...marker })),
      (page) => page.Certificates?.map(({ CertificateId }) => CertificateId),
    ),
    all(
      (marker) => iam(new ListSSHPublicKeysCommand({ UserName, ...marker })),
      (page) => page.SSHPublicKeys?.map(({ SSHPublicKeyId }) => SSHPublicKeyId),
    ),
    all(
      (marker) => iam(new ListServiceSpecificCredentialsCommand({ UserName, ...marker })),
      (page) => page.ServiceSpecificCredentials?.map((credential) => credential.ServiceSpecificCredentialId),
    ),
    orUndefined(reading(context, () => iam(new GetLoginProfileCommand({ UserName })))),
  ]);
  if (found === undefined) return undefined;
  const tags = sdkTags(found.Tags);
  // A device that an earlier deletion could only deactivate is listed no more, and known by its note alone.
  const noted = tags.filter(({ Key }) => Key.startsWith(DEVICE_TAG)).map(({ Value }) => Value);
  return {
    tags,
    path: found.Path ?? '/',
    boundary: found.PermissionsBoundary?.PermissionsBoundaryArn,
    groups,
    keys,
    attached,
    inline,
    mfaDevices: [...new Set([...mfaDevices, ...noted])],
    signingCertificates,
    sshPublicKeys,
    serviceCredentials,
    loginProfile: login !== undefined,
  };
}

/**
 * Gives undefined when an IAM does not know the call, or breaks on it: it has nothing of the kind then; should it have,
 * DeleteUser will say so.
 */
async function unlessUnknown<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (thrown) {
    const { kind, origin } = toDomainError(thrown);
    if (kind === 'unsupported' || origin?.code === 'InvalidAction' || origin?.foreign === true) return undefined;
    throw thrown;
  }
}
