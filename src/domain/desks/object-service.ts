import type { AccountConfig } from '../../config/types';
import type { Secret } from '../../base/secret';

/** Whose object: that of a bucket or of a website. */
export interface ObjectHolder {
  readonly kind: 'bucket' | 'website';
  /** Name of the bucket. */
  readonly bucket: string;
}

export interface UploadInput {
  /** The object's key. */
  readonly filename: string;
  /** `true`: guessed from the name. */
  readonly contentType?: string | boolean;
  /** By an HTML form instead of a PUT. */
  readonly form?: boolean;
  /** The largest file a form takes, in bytes. */
  readonly contentLength?: number;
}

/** A signed URL. Whoever holds it may use it. */
export interface ObjectUrl {
  readonly url: Secret;
  /** Of a form: what it sends before the file. */
  readonly fields: Readonly<Record<string, Secret>> | undefined;
  /** Headers the upload must have, as they are. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** Whole seconds. */
  readonly expiresAt: Date;
  readonly limitedBy: 'credentials' | 'unknown' | undefined;
}

/**
 * What the HTTP side can ask for about objects. `seconds`: how long the URL should live, 1–604,800. All end with
 * `invalid`, `not-found`, `denied`, `unsupported`, `misconfigured`, `throttled`, `unavailable`.
 */
export interface ObjectProvisioning {
  /** Ends with `conflict`, too, for a bucket of another org. */
  uploadUrl(account: AccountConfig, holder: ObjectHolder, input: UploadInput, seconds: number): Promise<ObjectUrl>;
  /** `disposition`: the Content-Disposition of the download. */
  downloadUrl(
    account: AccountConfig,
    holder: ObjectHolder,
    key: string,
    options: { readonly seconds: number; readonly disposition?: string },
  ): Promise<ObjectUrl>;
  /** Ends as `uploadUrl` does. */
  deleteUrl(account: AccountConfig, holder: ObjectHolder, key: string, seconds: number): Promise<ObjectUrl>;
}
