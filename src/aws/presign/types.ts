import type { Secret } from '../../base/secret';
import type { SessionScope } from '../session-scope';

interface UploadUse {
  readonly contentType: string | undefined;
  /** What S3 keeps and gives with the object, by the headers that carry it: `x-amz-meta-…`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What the bearer of a URL may do with the one object it names. */
export type ObjectUse =
  /** `contentType` and `metadata` are signed: the upload must declare exactly them. */
  | (UploadUse & { readonly kind: 'upload' })
  /** Upload by an HTML form. `maxBytes`: the largest file it takes. */
  | (UploadUse & { readonly kind: 'form'; readonly maxBytes: number | undefined })
  /** `disposition`: the Content-Disposition of the download. */
  | { readonly kind: 'download'; readonly disposition: string | undefined }
  | { readonly kind: 'delete' };

export interface PresignRequest {
  readonly bucket: string;
  readonly key: string;
  /** Where the bucket is. */
  readonly region: string;
  /** How long the URL should live, 1–604,800. */
  readonly seconds: number;
  readonly use: ObjectUse;
  /** What the session may do that signs, where the account names a role. */
  readonly scope: SessionScope;
}

/** A signed URL. Whoever holds it may use it, so it is as secret as a key. */
export interface Presigned {
  readonly url: Secret;
  /** Fields that the form must send before its file; undefined for other uses. */
  readonly fields: Readonly<Record<string, Secret>> | undefined;
  /** The first moment at which the URL is good no more, as far as anybody can tell; whole seconds. */
  readonly expiresAt: Date;
  /**
   * `credentials`: they end before the URL was asked to; `unknown`: they are temporary and nobody said when they end,
   * so the URL may die earlier than `expiresAt`.
   */
  readonly limitedBy: 'credentials' | 'unknown' | undefined;
}

/** From when to when a URL is good. */
export interface Life {
  /** Whole seconds: `X-Amz-Date` has no others. */
  readonly signedAt: Date;
  readonly seconds: number;
  readonly limitedBy: Presigned['limitedBy'];
}
