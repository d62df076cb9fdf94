import type { AccountConfig } from '../config/types';
import type { PresignRequest, Presigned } from './presign/types';
import type { ClientOf, ServiceName } from './services';
import type { SessionScope } from './session-scope';

/**
 * Sends one command, once. Gives the command's output, or throws a `DomainFailure` made by `errors/map.ts`;
 * never anything else. Retries are the step policy's business.
 */
export type Send<Client extends { send: unknown }> = Client['send'];

/** A `send` for each service, by its name: `session.s3(command)`. */
export type Senders = { readonly [Name in ServiceName]: Send<ClientOf<Name>> };

/** One account, ready to be spoken to; what plans, steps and reads are given. */
export interface AwsSession extends Senders {
  readonly account: AccountConfig;
  /** 12 digits. Empty string for an S3-compatible store (`iam: false`) without configured id. */
  readonly accountId: string;
  /** `aws`, `aws-cn`, `aws-us-gov` … from the account's region. */
  readonly partition: string;
  readonly region: string;
}

export interface Sessions {
  /**
   * Opens the session for a configured account. Clients are made once per account, scope and token and shared; concurrent
   * calls coalesce. Accounts without a role ignore scope and token. `tokenId`: of the token that asks for what will be done;
   * default: that of the operation under way.
   * @throws {misconfigured} naming the role or the credentials
   * @throws {unavailable | throttled} when AWS is
   */
  open(account: AccountConfig, scope?: SessionScope, tokenId?: string): Promise<AwsSession>;
  /**
   * Signs the URL of one object. Makes no call for the URL itself; where the account names a role, a session is assumed
   * for signing.
   * @throws {misconfigured | unavailable | throttled} as `open`
   */
  presign(account: AccountConfig, request: PresignRequest): Promise<Presigned>;
  /** The partition of an account, by its region; makes no call. */
  partitionOf(account: AccountConfig): string;
  /**
   * Says where the account's own credentials, before any role, were found; for the operator, e.g. `environment variables`.
   * @throws {misconfigured | unavailable | throttled} as `open`
   */
  credentialsFrom(account: AccountConfig): Promise<string>;
  /** Closes every connection. */
  destroy(): void;
}
