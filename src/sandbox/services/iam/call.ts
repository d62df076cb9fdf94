import type { Consistency } from '../../consistency';
import type { SignedPrincipal } from '../../identities';
import type { QueryParams } from '../../protocol/query';
import type { XmlObject } from '../../protocol/xml';
import type { Quotas } from './quotas';
import type { Account } from './state';

/** Everything an operation may look at. */
export interface IamCall {
  readonly account: Account;
  readonly params: QueryParams;
  readonly principal: SignedPrincipal;
  readonly callId: string;
  readonly quotas: Quotas;
  readonly consistency: Consistency;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export type Conditions = Readonly<Record<string, string | readonly string[]>>;

/** One operation: what it acts on (for policies) and what it does. */
export interface IamOperation {
  readonly resource: (call: IamCall) => string;
  readonly conditions?: (call: IamCall) => Conditions;
  /** The result; operations that answer nothing give nothing. */
  readonly run: ((call: IamCall) => XmlObject) | ((call: IamCall) => void);
}

export type OperationTable = Readonly<Record<string, IamOperation>>;

/** Marks of what was made just now, for eventual consistency. */
export function freshnessKey(
  kind: 'user' | 'group' | 'role' | 'policy' | 'key' | 'mfa',
  accountId: string,
  name: string,
): string {
  return `iam:${kind}:${accountId}:${name.toLowerCase()}`;
}

/** As IAM writes times: ISO 8601, whole seconds. */
export function isoDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
