import type { AccessKeyMetadata, Group, Policy, User } from '@aws-sdk/client-iam';
import type { AccessKeyShape, GroupShape, PolicyShape, Tag, UserShape } from '../shapes';
import { visibleTags } from '../tags';

/** SDK shapes → ours: every member present, undefined where AWS gave none. */

/** Makes our shape of a policy; `arn` and `name` where AWS gave none. */
export function policyShape(policy: Policy | undefined, arn: string, name: string): PolicyShape {
  return {
    Arn: policy?.Arn ?? arn,
    AttachmentCount: policy?.AttachmentCount,
    CreateDate: policy?.CreateDate,
    DefaultVersionId: policy?.DefaultVersionId,
    Description: policy?.Description,
    IsAttachable: policy?.IsAttachable,
    Path: policy?.Path,
    PermissionsBoundaryUsageCount: policy?.PermissionsBoundaryUsageCount,
    PolicyId: policy?.PolicyId,
    PolicyName: policy?.PolicyName ?? name,
    UpdateDate: policy?.UpdateDate,
  };
}

/** Makes our shape of a group; `name` where AWS gave none. */
export function groupShape(group: Group | undefined, name: string): GroupShape {
  return {
    Arn: group?.Arn,
    CreateDate: group?.CreateDate,
    GroupId: group?.GroupId,
    GroupName: group?.GroupName ?? name,
    Path: group?.Path,
  };
}

/** Makes our shape of the SDK's tags. */
export function sdkTags(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): readonly Tag[] {
  return (tags ?? []).map(({ Key, Value }) => ({ Key: Key ?? '', Value: Value ?? '' }));
}

/** Makes our shape of a user. `Tags` are the visible ones; undefined when there are none to show. */
export function userShape(user: User | undefined, name: string): UserShape {
  const tags = visibleTags(sdkTags(user?.Tags));
  const boundary = user?.PermissionsBoundary;
  return {
    Arn: user?.Arn,
    CreateDate: user?.CreateDate,
    PasswordLastUsed: user?.PasswordLastUsed,
    Path: user?.Path,
    PermissionsBoundary: boundary && {
      PermissionsBoundaryArn: boundary.PermissionsBoundaryArn,
      PermissionsBoundaryType: boundary.PermissionsBoundaryType,
    },
    Tags: tags.length === 0 ? undefined : tags,
    UserId: user?.UserId,
    UserName: user?.UserName ?? name,
  };
}

/** Makes our shape of an access key; `user` where AWS names none. */
export function keyShape(key: AccessKeyMetadata, user: string): AccessKeyShape {
  return {
    AccessKeyId: key.AccessKeyId ?? '',
    CreateDate: key.CreateDate,
    Status: key.Status ?? 'Active',
    UserName: key.UserName ?? user,
  };
}
