import {
  type AccessKeyMetadata,
  GetGroupCommand,
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetUserCommand,
  type Group,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListPolicyVersionsCommand,
  type Tag,
  type User,
} from '@aws-sdk/client-iam';
import { awsError, type MockedAws } from './mocked-aws';

/** What the mocked IAM of a test holds. */

export const NOT_THERE = awsError('NoSuchEntity', 404);
export const LONG_AGO = new Date('2024-05-01T00:00:00.000Z');

/** Nothing: every read by name answers NoSuchEntity. */
export function emptyIam({ iam }: MockedAws): void {
  for (const Command of [
    GetUserCommand,
    GetGroupCommand,
    GetPolicyCommand,
    GetLoginProfileCommand,
    ListAccessKeysCommand,
    ListGroupsForUserCommand,
    ListAttachedUserPoliciesCommand,
    ListAttachedGroupPoliciesCommand,
    ListGroupPoliciesCommand,
    ListPolicyVersionsCommand,
    ListEntitiesForPolicyCommand,
  ] as const) {
    iam.on(Command as typeof GetUserCommand).rejects(NOT_THERE);
  }
}

export const iamGroup = (GroupName: string, Path = '/'): Group => ({
  Path,
  GroupName,
  GroupId: 'AGPA',
  Arn: `arn:aws:iam::123456789012:group${Path}${GroupName}`,
  CreateDate: LONG_AGO,
});

const iamUser = (UserName: string, Tags?: Tag[]): User => ({
  Path: '/',
  UserName,
  UserId: 'AIDA',
  Arn: `arn:aws:iam::123456789012:user/${UserName}`,
  CreateDate: LONG_AGO,
  ...(Tags && { Tags }),
});

export const iamKey = (AccessKeyId: string, Status: 'Active' | 'Inactive' = 'Active'): AccessKeyMetadata => ({
  AccessKeyId,
  Status,
  CreateDate: LONG_AGO,
});

export const arnOfPolicy = (name: string, path = '/'): string => `arn:aws:iam::123456789012:policy${path}${name}`;

export interface UserHeld {
  readonly groups?: Group[];
  readonly keys?: AccessKeyMetadata[];
  readonly tags?: Tag[];
  /** Names of policies attached to the user itself. */
  readonly attached?: readonly string[];
}

const policies = (names: readonly string[]) =>
  names.map((name) => ({ PolicyName: name, PolicyArn: arnOfPolicy(name) }));

/** A user with what hangs on it. */
export function holdsUser(
  { iam }: MockedAws,
  UserName: string,
  { groups = [], keys = [], tags, attached = [] }: UserHeld = {},
): void {
  iam.on(GetUserCommand, { UserName }).resolves({ User: iamUser(UserName, tags) });
  iam.on(ListGroupsForUserCommand, { UserName }).resolves({ Groups: groups });
  iam.on(ListAccessKeysCommand, { UserName }).resolves({ AccessKeyMetadata: keys });
  iam.on(ListAttachedUserPoliciesCommand, { UserName }).resolves({ AttachedPolicies: policies(attached) });
}

/** A group with its members and the policies attached to it. */
export function holdsGroup(
  { iam }: MockedAws,
  Group: Group,
  attached: readonly string[] = [],
  members: readonly string[] = [],
): void {
  const { GroupName } = Group;
  iam.on(GetGroupCommand, { GroupName }).resolves({ Group, Users: members.map((name) => iamUser(name)) });
  iam.on(ListAttachedGroupPoliciesCommand, { GroupName }).resolves({ AttachedPolicies: policies(attached) });
  iam.on(ListGroupPoliciesCommand, { GroupName }).resolves({ PolicyNames: [] });
}

/** What this service puts on its policies. */
export const OUR_TAGS: Tag[] = [
  { Key: 'spinup:org', Value: 'acme' },
  { Key: 'mallard:operation', Value: 'op-0' },
];

/** A policy of ours that is attached to nobody but what other helpers say. */
export function holdsPolicy({ iam }: MockedAws, PolicyName: string, path = '/'): void {
  const PolicyArn = arnOfPolicy(PolicyName, path);
  iam
    .on(GetPolicyCommand, { PolicyArn })
    .resolves({ Policy: { PolicyName, Arn: PolicyArn, DefaultVersionId: 'v1', Tags: OUR_TAGS } });
  iam
    .on(ListPolicyVersionsCommand, { PolicyArn })
    .resolves({ Versions: [{ VersionId: 'v1', IsDefaultVersion: true }] });
  iam.on(ListEntitiesForPolicyCommand, { PolicyArn }).resolves({});
}

/** A role that is whole: `<bucket>-BktRWGrp` and `…Plc`. */
export function holdsRole(aws: MockedAws, role: string): void {
  holdsGroup(aws, iamGroup(`${role}Grp`), [`${role}Plc`]);
  holdsPolicy(aws, `${role}Plc`);
}
