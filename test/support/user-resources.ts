import type { Group, User } from '@aws-sdk/client-iam';
import type { UserResources } from '../../src/domain/access/aws/user-resources';

/** Groups and users as IAM tells of them, and what hangs on a user. */

export const iamGroup = (GroupName: string, Path = '/'): Group => ({
  Path,
  GroupName,
  GroupId: 'AGPA',
  Arn: 'arn',
  CreateDate: new Date(0),
});

export const iamUser = (UserName: string): User => ({
  Path: '/',
  UserName,
  UserId: 'AIDA',
  Arn: 'arn',
  CreateDate: new Date(0),
});

/** Nothing but what is given. */
export const belongingsOf = (some: Partial<UserResources> = {}): UserResources => ({
  tags: [],
  path: '/',
  boundary: undefined,
  groups: [],
  keys: [],
  attached: [],
  inline: [],
  mfaDevices: [],
  signingCertificates: [],
  sshPublicKeys: [],
  serviceCredentials: [],
  loginProfile: false,
  ...some,
});
