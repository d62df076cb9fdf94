import type { StepFactory, StepHandle, StepSpec } from '../../../../engine/plan';
import type { Context } from '../../../shared/context';
import type { Plain } from '../../../shared/settings-shapes';
import type { StoreFeature, Warning } from '../../../shared/store-features';
import type { PolicyScope } from '../rules/policy';

/**
 * What the service knows of one setting of a bucket: one file and one line of the table in `table.ts` each. Functions are
 * written as methods, which lets one table hold settings of all types.
 */

export type Step = StepSpec<Record<never, never>, void>;

/** Something of a bucket, on a sub-resource of it, that a store may not know. */
export interface StoreSetting<Read = unknown> {
  readonly feature: StoreFeature;
  /** Reads it by one call. Null: the answer holds no setting; AWS says 404 where there is none, other stores may send a document without content. */
  read(context: Context, bucket: string): Promise<Read | null>;
}

/** What is known of a bucket that is being made. */
export interface NewBucketFacts {
  /** Made with object lock, and so with versioning. */
  readonly objectLock: boolean;
  /** A public website lifts the two blocks that stand in a public bucket policy's way. */
  readonly publicPolicy: boolean;
}

/** What is known of a website whose bucket is set. */
export interface WebsiteFacts {
  /** Its distribution tells S3 which page a request is made of. */
  readonly forwardsOrigin: boolean;
}

/** A setting that can be read, and that new buckets may have without anybody asking for it. */
export interface Setting<Read = Plain, Wanted = unknown> extends StoreSetting<Read> {
  /** In `?include=`, in the journal and in messages. */
  readonly name: string;
  /** In the bodies of requests and answers, as in openapi.yaml. */
  readonly member: string;
  /** Makes what an answer shows of it; a setting without this cannot be asked for by `include`. */
  show?(read: Read): unknown;
  /** Makes the step for a new bucket, if it needs one. Its undo is that of the bucket. Default: what is wanted is put. */
  ofNew?(
    context: Context,
    bucket: string,
    wanted: Wanted | undefined,
    facts: NewBucketFacts,
    all: Wishes,
  ): Step | undefined;
  /**
   * Adds steps that try out what a store has taken for a new bucket, after the step that puts it, and gives the one that tells
   * whether the store lacks it.
   */
  tryOut?(
    context: Context,
    bucket: string,
    put: StepHandle<Warning>,
    step: StepFactory,
  ): StepHandle<Warning> | undefined;
}

/** A setting that callers may set. */
export interface Settable<Read = Plain, Wanted = unknown, Input = unknown> extends Setting<Read, Wanted> {
  /**
   * Checks what a request says and gives what it wants; makes no call.
   * @throws {invalid}
   */
  check(input: Input, scope: PolicyScope): Wanted;
  /**
   * Checks once more what could not be told without a session.
   * @throws {invalid}
   */
  settle?(
    context: Context,
    wanted: Wanted,
    asked: { readonly input: Input; readonly scope: PolicyScope },
  ): Promise<Wanted>;
  /**
   * Refuses what a new bucket cannot be.
   * @throws {invalid}
   */
  checkNew?(input: Input, facts: Pick<NewBucketFacts, 'objectLock'>): void;
  /**
   * Refuses what does not go with the other settings that are wanted, or with what `settle` has seen.
   * @throws {invalid | conflict}
   */
  checkBeside?(wanted: Wanted, all: Wishes): void;
  /** A title for people; null: it is taken away. */
  title(bucket: string, wanted: Wanted | null): string;
  /** What will be read once it is put. */
  target(wanted: Wanted): Read;
  /** Whether nothing has to be done. Default: the target is what is there. */
  isSame?(wanted: Wanted, before: Read): boolean;
  /** Sends one call, which may be sent twice. */
  put(context: Context, bucket: string, value: Read): Promise<unknown>;
  /** Sends the call that takes it away; a setting without this cannot be taken away. */
  remove?(context: Context, bucket: string): Promise<unknown>;
  /** Callers may name it in `Remove`. */
  readonly isRemovable?: true;
  /** Changes the step where this setting needs more than a call there and a call back. */
  refine?(step: Step, change: Replacement<Read, Wanted>): Step;
  /**
   * Makes a second step where a store may take the setting and not keep it: it looks, and takes back what is of no use. It runs
   * only when the first one was done.
   */
  confirm?(change: Replacement<Read, Wanted>, facts: { readonly isNew: boolean }): Step | undefined;
  readonly order?: Order<Read, Wanted>;
  /** What visitors of a website have of it that whoever sets it may not expect; undefined: nothing. */
  onWebsite?(wanted: Wanted, facts: WebsiteFacts): Warning;
  /** A website's bucket has it from its website, not from callers. */
  readonly isOfWebsite?: true;
  /** Setting it alone may repair a bucket that refuses everything else. */
  readonly isRepair?: true;
}

/** When a setting is changed; without any of it, beside all others. */
export interface Order<Read = Plain, Wanted = unknown> {
  /** S3 refuses changes of these that meet: they go one after another, lower ranks first. */
  readonly exclusive?: (wanted: Wanted | null) => number;
  /** It cannot be put back exactly: it goes last of all. */
  readonly isLasting?: (before: Read | null) => boolean;
  /** It may stop what comes after it: it goes after everything else but what is lasting. */
  readonly isStopping?: (wanted: Wanted | null) => boolean;
  /** Names of settings that a new bucket needs before. */
  readonly needs?: (wanted: Wanted) => readonly string[];
}

export interface Replacement<Read = Plain, Wanted = unknown> {
  readonly context: Context;
  readonly bucket: string;
  /** Null: there is none. */
  readonly before: Read | null;
  readonly after: Wanted | null;
  /** Everything that is wanted beside it. */
  readonly all: Wishes;
}

/** What a request wants of a bucket's settings, checked, by name. Null takes away; absent ones are left as they are. */
export type Wishes = Readonly<Record<string, unknown>>;

/** Gives what is wanted of one setting. */
export function wishFor<Wanted>(
  { name }: Pick<Settable<never, Wanted, never>, 'name' | 'title'>,
  all: Wishes,
): Wanted | null | undefined {
  // `check` of this setting made it.
  return all[name] as Wanted | null | undefined;
}

/** Tells whether callers may set a setting. */
export const isSettable = (setting: Setting): setting is Settable => 'check' in setting;
