import type { Secret } from '../../base/secret';
import type { SettingsChange, SettingsInput, SettingsRead } from './settings-shapes';

/**
 * What provisioning takes and gives: AWS's own shapes and words, reduced to what the contract shows.
 * Members AWS has no value for are undefined; the views of the HTTP side make them `null`.
 */

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface PolicyShape {
  readonly Arn: string;
  readonly AttachmentCount: number | undefined;
  readonly CreateDate: Date | undefined;
  readonly DefaultVersionId: string | undefined;
  readonly Description: string | undefined;
  readonly IsAttachable: boolean | undefined;
  readonly Path: string | undefined;
  readonly PermissionsBoundaryUsageCount: number | undefined;
  readonly PolicyId: string | undefined;
  readonly PolicyName: string;
  readonly UpdateDate: Date | undefined;
}

export interface GroupShape {
  readonly Arn: string | undefined;
  readonly CreateDate: Date | undefined;
  readonly GroupId: string | undefined;
  readonly GroupName: string;
  readonly Path: string | undefined;
}

export interface UserShape {
  readonly Arn: string | undefined;
  readonly CreateDate: Date | undefined;
  readonly PasswordLastUsed: Date | undefined;
  readonly Path: string | undefined;
  readonly PermissionsBoundary:
    | { readonly PermissionsBoundaryArn: string | undefined; readonly PermissionsBoundaryType: string | undefined }
    | undefined;
  /** The caller's tags and the org tag; undefined where AWS gives none (lists). */
  readonly Tags: readonly Tag[] | undefined;
  readonly UserId: string | undefined;
  readonly UserName: string;
}

/** A key without its secret. */
export interface AccessKeyShape {
  readonly AccessKeyId: string;
  readonly CreateDate: Date | undefined;
  readonly Status: string;
  readonly UserName: string;
}

export interface NewAccessKeyShape extends AccessKeyShape {
  readonly SecretAccessKey: Secret;
}

export interface LoggingShape {
  readonly TargetBucket: string | undefined;
  readonly TargetGrants: readonly unknown[] | undefined;
  readonly TargetPrefix: string | undefined;
}

export interface Warned {
  /** What an S3-compatible store could not do, one sentence each; absent when there is nothing to say, as on AWS. */
  readonly warnings?: readonly string[];
}

/** A user that was only taken out of the groups of what was deleted; `because` is a sentence. */
export interface KeptUser {
  readonly UserName: string;
  readonly because: string;
}

/** Something under one of our names that could not be proven ours and was not touched, e.g. `group photos-BktAdmGrp`. */
export interface LeftThing {
  readonly Resource: string;
  readonly because: string;
}

/** What a deletion did not delete; members without anything to say are empty or absent. */
export interface Spared {
  readonly kept?: readonly KeptUser[];
  readonly left?: readonly LeftThing[];
}

export interface BucketCreated extends Warned {
  /** Always `/<name>`. */
  readonly Bucket: string;
  /** undefined for accounts without IAM. */
  readonly Policy: PolicyShape | undefined;
  readonly Group: GroupShape | undefined;
}

export interface BucketDetails extends Warned {
  readonly Tags: readonly Tag[];
  /** undefined when access logging is off. */
  readonly Logging: LoggingShape | undefined;
  /** No objects, no versions, no delete markers. */
  readonly Empty: boolean;
  /** The settings that were asked for; null where never set. */
  readonly settings?: Partial<SettingsRead>;
}

export interface UserCreated {
  readonly User: UserShape;
  readonly AccessKey: NewAccessKeyShape;
}

export interface UserDetails {
  readonly User: UserShape;
  readonly AccessKeys: readonly AccessKeyShape[];
  readonly Groups: readonly GroupShape[];
  readonly Policies: readonly { readonly Arn: string; readonly PolicyName: string }[];
}

export interface KeysReset {
  readonly DeletedKeyIds: readonly string[];
  readonly AccessKey: NewAccessKeyShape;
}

export interface CreateBucketInput extends SettingsInput {
  readonly Tags?: readonly Tag[];
  readonly BucketInput: {
    readonly Bucket: string;
    readonly CreateBucketConfiguration?: { readonly LocationConstraint?: string };
    readonly ObjectLockEnabledForBucket?: boolean;
  };
}

export interface UpdateBucketInput extends SettingsChange {
  /** All of the caller's; absent or null: they stay. */
  readonly Tags?: readonly Tag[] | null;
}

/** `WebAdmGrp` is for websites only. */
export type RoleGroup = 'BktAdmGrp' | 'BktRWGrp' | 'BktROGrp' | 'WebAdmGrp';

export interface CreateUserInput {
  readonly User: {
    readonly UserName: string;
    readonly Path?: string;
    readonly Tags?: readonly Tag[];
  };
  /** Default: `BktAdmGrp`; of a website `BktAdmGrp` and `WebAdmGrp`; of a user with a path `BktRWGrp`. */
  readonly Groups?: readonly RoleGroup[];
}
