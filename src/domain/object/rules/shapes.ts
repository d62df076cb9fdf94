import type { Secret } from '../../../base/secret';

export interface UploadInput {
  /** The object's key. */
  readonly filename: string;
  /** `true`: guessed from the name. */
  readonly contentType?: string | boolean;
  /** By an HTML form instead of a PUT. */
  readonly form?: boolean;
  /** The largest file a form takes, in bytes. */
  readonly contentLength?: number;
  readonly cacheTags?: readonly string[];
}

export interface LifeQuery {
  /** Seconds that the URL should live, 1–604,800. */
  readonly expiration?: string;
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
