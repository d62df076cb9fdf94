import {
  GetGroupCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type Group,
  ListAttachedGroupPoliciesCommand,
  type Policy,
  type User,
} from '@aws-sdk/client-iam';
import type { DomainConfig } from '../../../src/config/types';
import { type DomainError, toDomainError } from '../../../src/base/errors';
import type { MockedAws } from './mocked-aws';

/** What reads are given in tests with mocked clients: AWS's shapes with as few members as a test needs. */

export const group = (GroupName: string, members: Partial<Group> = {}): Group =>
  ({ GroupName, Path: '/', CreateDate: new Date(0), ...members }) as Group;

export const user = (UserName: string, members: Partial<User> = {}): User =>
  ({ UserName, CreateDate: new Date(0), ...members }) as User;

/** ARN of a policy of the mocked account. */
export const arnOf = (name: string, path = '/'): string => `arn:aws:iam::123456789012:policy${path}${name}`;

export const policy = (PolicyName: string, Path = '/'): Policy => ({
  PolicyName,
  Path,
  Arn: arnOf(PolicyName, Path),
  DefaultVersionId: 'v1',
});

export const domain: DomainConfig = {
  certArn: undefined,
  hostedZoneId: 'Z1',
  origin: 'public',
  geoRestriction: [],
  priceClass: undefined,
  minimumTls: undefined,
};
/** The account's domain in these tests is `example.org`, its zone `Z1`. */
export const domains: ReadonlyMap<string, DomainConfig> = new Map([['example.org', domain]]);

/** A policy document that speaks of the bucket and its objects alone. */
export const documentOn = (bucket: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`] }],
  });

/** Makes IAM tell a policy with the text of its default version. */
export function havePolicy({ iam }: MockedAws, PolicyArn: string, document: string, version = 'v1'): void {
  iam.on(GetPolicyCommand, { PolicyArn }).resolves({ Policy: { Arn: PolicyArn, DefaultVersionId: version } });
  iam
    .on(GetPolicyVersionCommand, { PolicyArn, VersionId: version })
    .resolves({ PolicyVersion: { Document: encodeURIComponent(document) } });
}

/** Makes IAM tell a group with its members and attached policies. */
export function haveGroup(
  { iam }: MockedAws,
  found: Group,
  members: readonly string[] = [],
  attached: readonly string[] = [],
): void {
  const { GroupName } = found;
  iam.on(GetGroupCommand, { GroupName }).resolves({ Group: found, Users: members.map((name) => user(name)) });
  iam.on(ListAttachedGroupPoliciesCommand, { GroupName }).resolves({
    AttachedPolicies: attached.map((PolicyArn) => ({ PolicyArn, PolicyName: PolicyArn.split('/').at(-1) })),
  });
}

/** Refusals that every read meets: wire code, status, kind of the error, and how often it is asked in all. */
export const REFUSALS = [
  ['Throttling', 400, 'throttled', 4],
  ['ServiceFailure', 500, 'unavailable', 4],
  ['AccessDenied', 403, 'denied', 1],
] as const;

/** The error a read ends with; undefined when it ends well. */
export const errorOf = (read: Promise<unknown>): Promise<DomainError | undefined> =>
  read.then(() => undefined, toDomainError);
