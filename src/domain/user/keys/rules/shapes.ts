import type { AccessKeyShape, NewAccessKeyShape, RoleGroup } from '../../../shared/shapes';

/** What the life of an access key is told in: AWS's words, reduced to what the contract shows. */

export type KeyStatus = 'Active' | 'Inactive';

/** The last signed request that AWS knows of; members it has no value for are undefined. */
export interface KeyUse {
  readonly LastUsedDate: Date;
  readonly ServiceName: string | undefined;
  readonly Region: string | undefined;
}

export interface UsedKeyShape extends AccessKeyShape {
  /** undefined: never used, as far as AWS knows. */
  readonly LastUsed: KeyUse | undefined;
}

export interface KeyAdded {
  readonly AccessKey: NewAccessKeyShape;
}

export interface KeysRevoked {
  readonly DeletedKeyIds: readonly string[];
}

export interface ChangeUserInput {
  readonly Status?: KeyStatus;
  /** The groups the user is in afterwards, of those of its bucket or website. */
  readonly Groups?: readonly RoleGroup[];
}

/** Which keys a report is about, as the caller says it. */
export interface KeyQuery {
  /** `90d`, `36h`; undefined: all keys. */
  readonly olderThan?: string;
  /** Most keys in one answer. */
  readonly limit?: number;
  /** Of the answer before. */
  readonly marker?: string;
}

export interface ReportedKey extends UsedKeyShape {
  /** Whole days since the key was made; undefined where AWS gives no date. */
  readonly ageDays: number | undefined;
  /** The bucket or website the user belongs to; of several, the one it was made for. */
  readonly Bucket: string;
}

export interface KeyReport {
  readonly Keys: readonly ReportedKey[];
  /** Where the next answer begins; undefined when there is nothing left to look at. */
  readonly Marker: string | undefined;
}

/** One access key of one user. */
export interface KeyName {
  readonly user: string;
  readonly id: string;
}
