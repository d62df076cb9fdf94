import type {
  AccessKeyShape,
  BucketCreated,
  BucketDetails,
  GroupShape,
  KeysReset,
  NewAccessKeyShape,
  PolicyShape,
  Spared,
  UserCreated,
  UserDetails,
  UserShape,
  Warned,
} from '../../domain/shared/shapes';
import { settingsView } from './settings-views';

/**
 * Shapes as the contract shows them: every key is there, `null` where AWS has no value. Keys are named one by one, so
 * that nothing else ever gets out. The results go into a response body and nowhere else: `newKeyView` unwraps a secret.
 */

/** ISO-8601 in UTC; milliseconds only where there are some, as AWS writes it. */
export function timeView(time: Date | undefined): string | null {
  return time === undefined ? null : time.toISOString().replace(/\.000Z$/, 'Z');
}

const orNull = <T>(value: T | undefined): T | null => value ?? null;

const tagsView = (tags: BucketDetails['Tags']) => tags.map(({ Key, Value }) => ({ Key, Value }));

export function policyView(policy: PolicyShape) {
  return {
    Arn: policy.Arn,
    AttachmentCount: orNull(policy.AttachmentCount),
    CreateDate: timeView(policy.CreateDate),
    DefaultVersionId: orNull(policy.DefaultVersionId),
    Description: orNull(policy.Description),
    IsAttachable: orNull(policy.IsAttachable),
    Path: orNull(policy.Path),
    PermissionsBoundaryUsageCount: orNull(policy.PermissionsBoundaryUsageCount),
    PolicyId: orNull(policy.PolicyId),
    PolicyName: policy.PolicyName,
    UpdateDate: timeView(policy.UpdateDate),
  };
}

export function groupView(group: GroupShape) {
  return {
    Arn: orNull(group.Arn),
    CreateDate: timeView(group.CreateDate),
    GroupId: orNull(group.GroupId),
    GroupName: group.GroupName,
    Path: orNull(group.Path),
  };
}

export function userView(user: UserShape) {
  const boundary = user.PermissionsBoundary;
  return {
    Arn: orNull(user.Arn),
    CreateDate: timeView(user.CreateDate),
    PasswordLastUsed: timeView(user.PasswordLastUsed),
    Path: orNull(user.Path),
    PermissionsBoundary: boundary
      ? {
          PermissionsBoundaryArn: orNull(boundary.PermissionsBoundaryArn),
          PermissionsBoundaryType: orNull(boundary.PermissionsBoundaryType),
        }
      : null,
    // The contract's examples show users without tags as null, not as an empty list.
    Tags: user.Tags && user.Tags.length > 0 ? tagsView(user.Tags) : null,
    UserId: orNull(user.UserId),
    UserName: user.UserName,
  };
}

export function keyView(key: AccessKeyShape) {
  return {
    AccessKeyId: key.AccessKeyId,
    CreateDate: timeView(key.CreateDate),
    Status: key.Status,
    UserName: key.UserName,
  };
}

/** With the secret in the plain. */
export function newKeyView(key: NewAccessKeyShape) {
  return {
    AccessKeyId: key.AccessKeyId,
    CreateDate: timeView(key.CreateDate),
    SecretAccessKey: key.SecretAccessKey.reveal(),
    Status: key.Status,
    UserName: key.UserName,
  };
}

/** Present only when a store could not do something. */
export function warningsView({ warnings }: Warned): { readonly warnings?: readonly string[] } {
  return warnings === undefined || warnings.length === 0 ? {} : { warnings };
}

/** Each present only when there is something that a deletion spared. */
export function sparedView({ kept = [], left = [] }: Spared) {
  return {
    ...(kept.length > 0 && { kept: kept.map(({ UserName, because }) => ({ UserName, because })) }),
    ...(left.length > 0 && { left: left.map(({ Resource, because }) => ({ Resource, because })) }),
  };
}

export function bucketCreatedView(created: BucketCreated) {
  return {
    Bucket: created.Bucket,
    Policy: created.Policy ? policyView(created.Policy) : null,
    Group: created.Group ? groupView(created.Group) : null,
    ...warningsView(created),
  };
}

export function bucketDetailsView({ Tags, Logging, Empty, settings, ...rest }: BucketDetails) {
  return {
    Tags: tagsView(Tags),
    Logging: Logging
      ? {
          TargetBucket: orNull(Logging.TargetBucket),
          TargetGrants: orNull(Logging.TargetGrants),
          TargetPrefix: orNull(Logging.TargetPrefix),
        }
      : null,
    Empty,
    ...settingsView(settings),
    ...warningsView(rest),
  };
}

export function userCreatedView(created: UserCreated) {
  return { User: userView(created.User), AccessKey: newKeyView(created.AccessKey) };
}

export function userDetailsView(details: UserDetails) {
  return {
    User: userView(details.User),
    AccessKeys: details.AccessKeys.map(keyView),
    Groups: details.Groups.map(groupView),
    Policies: details.Policies.map(({ Arn, PolicyName }) => ({ Arn, PolicyName })),
  };
}

export function keysResetView(reset: KeysReset) {
  return { DeletedKeyIds: reset.DeletedKeyIds, AccessKey: newKeyView(reset.AccessKey) };
}
