import type { AnswerOf, Input, RequestOf, Shape } from '../../base/operation-types';
import type { SettingsRead } from './settings-shapes';

/**
 * What provisioning takes and gives: AWS's own shapes and words, reduced to what the contract shows, as openapi.yaml has
 * them. Members AWS has no value for are undefined here and null in the answer.
 */

export type Tag = Input<'Tag'>;
export type PolicyShape = Shape<'Policy'>;
export type GroupShape = Shape<'Group'>;
export type UserShape = Shape<'User'>;
/** A key without its secret. */
export type AccessKeyShape = Shape<'AccessKey'>;
export type NewAccessKeyShape = Shape<'NewAccessKey'>;
export type LoggingShape = NonNullable<Shape<'Logging'>>;

export type Warned = AnswerOf<'updateBucket'>;

/** A user that was only taken out of the groups of what was deleted; `because` is a sentence. */
export type KeptUser = Shape<'KeptUsers'>[number];
/** Something under one of our names that could not be proven ours and was not touched, e.g. `group photos-BktAdmGrp`. */
export type LeftThing = Shape<'LeftThings'>[number];
/** What a deletion did not delete; members without anything to say are empty or absent. */
export type Spared = AnswerOf<'deleteBucket'>;

export type BucketCreated = AnswerOf<'createBucket'>;

export interface BucketDetails extends Pick<AnswerOf<'showBucket'>, 'Tags' | 'Logging' | 'Empty' | 'warnings'> {
  /** The settings that were asked for; null where never set. */
  readonly settings?: Partial<SettingsRead>;
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
