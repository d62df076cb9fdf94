/** Who holds which key, and what their own account grants them; IAM and STS each know a part. */
import type { Principal } from './contract';
import type { Grants } from './policy/authorize';

export type SignedPrincipal = Exclude<Principal, { kind: 'anonymous' }>;

export interface Credential {
  readonly secretAccessKey: string;
  readonly principal: SignedPrincipal;
  readonly active: boolean;
  /** Temporary credentials must be sent with their token. */
  readonly sessionToken: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
}

/** A keeper of keys. */
export interface CredentialSource {
  /** undefined for unknown, deleted and (to this call) not yet visible keys. */
  readonly find: (accessKeyId: string, callId: string) => Credential | undefined;
}

/** What is known of a principal for judging its calls. */
export interface Directory {
  readonly grants: (principal: SignedPrincipal) => Grants;
  /** `aws:username`, `aws:userid`, `aws:PrincipalArn`, `aws:PrincipalTag/…`. */
  readonly conditionKeys: (principal: SignedPrincipal) => Readonly<Record<string, string>>;
  /** Notes the use of a key, for GetAccessKeyLastUsed. */
  readonly used: (accessKeyId: string, service: string, region: string) => void;
}
