import type { Identity } from './credentials/source';
import type { HttpHandler } from './wire/http-handler';

/** What the client of every service is made with. */
export interface ClientSettings {
  readonly region: string;
  readonly credentials: () => Promise<Identity>;
  readonly requestHandler: HttpHandler;
  readonly maxAttempts: number;
  readonly retryMode: string;
  readonly customUserAgent: string;
  readonly endpoint?: string;
  readonly profile?: string;
}
