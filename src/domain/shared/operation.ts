import type { AccountConfig, Config } from '../../config/types';
import type { Needs, Plan, StepFactory } from '../../engine/plan';
import type { Afterwards, Recovery } from '../../engine/recipe';
import type { AsJson } from '../../base/json';
import type { Context } from './context';
import type { Memory } from './memory';
import type { BucketHome } from './names';
import type { SessionPolicies } from './session-policies';
import type { Tag } from './shapes';

/**
 * One operation, one definition: what it is called, whom it is about, what it refuses, what it looks at, and its plan. HTTP,
 * engine and journal read it; nothing else knows of it.
 */

/** Whom an operation is about, as the path of its request names it. JSON: it is part of the journaled input. */
export type Target = {
  readonly kind: 'bucket' | 'website' | 'account';
  /** Name of the account in the configuration. */
  readonly account: string;
  /** Name of the bucket, which is a website's, too; empty for an account. */
  readonly bucket: string;
  readonly user: string;
  /** The other placeholders of the path by name, percent-decoded, e.g. `key`. */
  readonly params: { readonly [name: string]: string };
};

/** operationIds of openapi.yaml, literally, by whom they are about; several where a path has an older spelling. */
export interface Ids {
  readonly bucket?: string | readonly string[];
  readonly website?: string;
  readonly account?: string;
}

/** What is known of the place of an operation before any call. */
export interface Place {
  readonly config: Pick<Config, 'org' | 'accounts' | 'operations'>;
  readonly account: AccountConfig;
  readonly partition: string;
}

/** What operations about the same kind of thing have in common. */
export interface SubjectRules {
  /**
   * Refuses targets that cannot be, before any call.
   * @throws {invalid} when a name is impossible
   * @throws {not-found} for the service's own stores, and for websites outside of all configured domains
   * @throws {unsupported} when the subject needs IAM and the account has none
   */
  readonly check: (place: Place, target: Target) => void;
  /** Claims of a write on it. `nonce` tells writes apart that exclude nobody but whoever takes the whole away. */
  readonly claims: (account: AccountConfig, target: Target, nonce: string) => Claims;
  /** What the session of a write may do, where the account is reached through a role. */
  readonly policies: (target: Target, home: BucketHome, org: string) => SessionPolicies;
  /** Whether a write may only touch a bucket of our own org; otherwise the operation's own look sees to it. */
  readonly guarded: boolean;
}

/** Register keys below `claims/`. */
export interface Claims {
  /** Resources that a run is the only writer of. */
  readonly claims: readonly string[];
  /** Claims of others that stop it. */
  readonly yieldsTo?: readonly string[];
}

interface Described<I> {
  readonly ids: Ids;
  readonly subject: SubjectRules;
  /** Names that stand in the body instead of the path: those of what is to be made. */
  readonly names?: (input: I) => { readonly bucket?: string; readonly user?: string };
  /** Key of the object it is about: the access log tells its digest. */
  readonly object?: (target: Target, input: I) => string;
  /** Refuses what cannot be done, before any call. */
  readonly check?: (place: Place, target: Target, input: I) => void;
}

/** Looks, and changes nothing. */
export interface ReadOperation<I, A> extends Described<I> {
  /** What this process can answer of its own memory, without a session; undefined: it must look. */
  readonly known?: (place: Place, memory: Memory, target: Target, input: I) => A | Promise<A> | undefined;
  readonly read: (context: Context, target: Target, input: I) => Promise<A>;
}

export interface Planning<I, S> {
  readonly target: Target;
  readonly input: I;
  readonly seen: AsJson<S>;
  /** Of the operation. */
  readonly id: string;
}

/** What `answer()` gives, whatever steps it is made of. */
export interface Answered<A> {
  readonly needs: Needs;
  readonly make: (results: never) => A;
}

/** A write: claim → look → journal → act. */
export interface WriteOperation<I, S, A> extends Described<I> {
  /** Label of metrics and logs, e.g. `reset-keys`. */
  readonly kind: string;
  /** Of the journaled input and pre-image. */
  readonly version: number;
  readonly recovery: Recovery;
  /** A sentence for people. */
  readonly title: (target: Target, input: I) => string;
  /** One parallel wave of reads, under the claims: all that the plan needs to know, as JSON. `tagging`: the bucket's tags, where guarded. */
  readonly look: (context: Context, target: Target, input: I, tagging?: Promise<readonly Tag[]>) => Promise<S>;
  /** Further claims that what was seen asks for. */
  readonly claimsAfterLook?: (context: Context, planning: Omit<Planning<I, S>, 'id'>) => readonly string[];
  /**
   * Plans: refuses by throwing, calls `step()` for every step, and returns how the answer is made of their results. Of the
   * journal's copy in every run, so nothing it needs can hide elsewhere.
   */
  readonly plan: (context: Context, planning: Planning<I, S>, step: StepFactory) => Answered<A>;
  /** The plan that follows when the answer has reached its caller, as far as it is known before: dry runs tell it, too. */
  readonly follows?: (context: Context, planning: Omit<Planning<I, S>, 'id'>) => Plan<unknown> | undefined;
  /** What follows when the answer has reached its caller, or could not. */
  readonly afterwards?: (
    context: Context,
    planning: Planning<I, S>,
    answer: A,
    delivered: boolean,
  ) => Afterwards | undefined;
  /** What this process may remember of its success. */
  readonly remember?: (context: Context, target: Target, answer: A) => void;
  /** Whether it may only repair what keeps us from telling whose the bucket is. */
  readonly repairs?: (context: Context, target: Target, input: I) => boolean;
  /** Looks for `?dryRun=true`: gives what a run would be planned of, and what is answered in place of the plan. */
  readonly dryRun?: (context: Context, target: Target, input: I) => Promise<{ readonly seen: S; readonly report: A }>;
  /** In place of the subject's. */
  readonly policies?: SubjectRules['policies'];
}

/** An answer that is no JSON. */
export interface FileAnswer {
  /** Of the file that a browser saves. */
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly text: string;
}

/** What the table holds; types of input, pre-image and answer are known inside of a definition only. */
export type AnyRead = ReadOperation<unknown, unknown>;
export type AnyWrite = WriteOperation<unknown, unknown, unknown>;
export type AnyOperation = AnyRead | AnyWrite;

/** Defines a write; the compiler works out input, pre-image and answer from it. */
export function operation<I, S, A>(definition: WriteOperation<I, S, A>): WriteOperation<I, S, A> {
  return Object.freeze(definition);
}

/** Defines a read. */
export function lookup<I, A>(definition: ReadOperation<I, A>): ReadOperation<I, A> {
  return Object.freeze(definition);
}

/** Tells a write from a read. */
export const isWrite = (known: AnyOperation): known is AnyWrite => 'plan' in known;

/** Gives the kind of target that an operationId of the definition is about; undefined when it is none of its ids. */
export function kindOf({ ids }: Pick<AnyOperation, 'ids'>, operationId: string): Target['kind'] | undefined {
  if (ids.account === operationId) return 'account';
  if (ids.website === operationId) return 'website';
  return [ids.bucket].flat().includes(operationId) ? 'bucket' : undefined;
}
