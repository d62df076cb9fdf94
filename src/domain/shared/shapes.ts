import type { Plain } from './settings-shapes';
import type { AnswerOf, Input, RequestOf, Shape } from '../../base/operation-types';

/**
 * What provisioning takes and gives: AWS's own shapes and words, reduced to what the contract shows, as openapi.yaml has
 * them. Members AWS has no value for are undefined here and null in the answer.
 */

export type Tag = Input<'Tag'>;
export type PolicyShape = Shape<'Policy'>;
export type GroupShape = Shape<'Group'>;
export type UserShape = Shape<'User'>;
/** A user with what it may do in the bucket. */
export type ListedUserShape = Shape<'ListedUser'>;
/** A key without its secret. */
export type AccessKeyShape = Shape<'AccessKey'>;
export type NewAccessKeyShape = Shape<'NewAccessKey'>;
/** Access logging; members that AWS gives no value for are absent. */
export type LoggingShape = {
  readonly TargetBucket?: string;
  readonly TargetGrants?: readonly Plain[];
  readonly TargetPrefix?: string;
};

export type Warned = AnswerOf<'updateBucket'>;

/** A user that was only taken out of the groups of what was deleted; `because` is a sentence. */
export type KeptUser = Shape<'KeptUsers'>[number];
/** Something under one of our names that could not be proven ours and was not touched, e.g. `group photos-BktAdmGrp`. */
export type LeftThing = Shape<'LeftThings'>[number];
/** What a deletion did not delete; members without anything to say are empty or absent. */
export type Spared = AnswerOf<'deleteBucket'>;

export type BucketCreated = AnswerOf<'createBucket'>;

/** By member, e.g. `CORS`. */
export type ShownSettings = Readonly<Record<string, unknown>>;

export interface BucketDetails extends Pick<AnswerOf<'showBucket'>, 'Tags' | 'Empty' | 'warnings'> {
  /** undefined: it is off. */
  readonly Logging: LoggingShape | undefined;
  /** The settings that were asked for, as answers show them; null where never set. */
  readonly settings?: ShownSettings;
}

export type UserCreated = AnswerOf<'createUser'>;
export type UserDetails = AnswerOf<'showUser'>;
export type KeysReset = AnswerOf<'resetKeys'>;

export type CreateBucketInput = RequestOf<'createBucket'>;
export type UpdateBucketInput = RequestOf<'updateBucket'>;
/** Of a bucket's users or of a website's, which may have more. */
export type CreateUserInput = RequestOf<'createWebsiteUser'>;

/** `WebAdmGrp` is for websites only. */
export type RoleGroup = Input<'WebsiteGroup'>;
