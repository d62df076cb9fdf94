import type { AnswerOf, Input, QueryOf, RequestOf, Shape } from '../../../../base/operation-types';

/** What the life of an access key is told in: AWS's words, reduced to what openapi.yaml shows. */

export type KeyStatus = Input<'KeyStatus'>;
/** The last signed request that AWS knows of; members it has no value for are undefined. */
export type KeyUse = NonNullable<Shape<'KeyUse'>>;
export type UsedKeyShape = Shape<'UsedKey'>;
export type KeyAdded = AnswerOf<'addKey'>;
export type KeysRevoked = AnswerOf<'revokeKeys'>;
/** Of a bucket's users or of a website's, which may have more. */
export type ChangeUserInput = RequestOf<'changeWebsiteUser'>;

/** Which keys a report is about, as the caller says it. */
export type KeyQuery = QueryOf<'reportKeys'>;
export type KeyReport = AnswerOf<'reportKeys'>;

/** One access key of one user. */
export interface KeyName {
  readonly user: string;
  readonly id: string;
}
