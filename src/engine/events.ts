import type { DomainError } from '../base/errors';
import type { JsonValue } from '../base/json';
import type { Notes } from './memory';
import type { Parent } from './planned-step';
import type { Outcome, Recovery } from './recipe';

interface Common {
  readonly operationId: string;
  /** Kind of the recipe, e.g. `create-bucket`. */
  readonly kind: string;
  /** Wall time in milliseconds since the epoch. */
  readonly at: number;
}

interface OfStep {
  readonly step: number;
  readonly title: string;
  /** Of a step that another one has added. */
  readonly parent?: Parent;
}

interface Added {
  readonly step: number;
  readonly title: string;
  readonly dependsOn: readonly number[];
}

/** Everything that happens in a run. Logs, metrics, progress and the journal are listeners of this one stream. */
export type EngineEvent =
  | (Common & {
      readonly type: 'operation-started';
      readonly title: string;
      readonly claims: readonly string[];
      /** From 1; absent in the first. */
      readonly attempt?: number;
      /** It was begun by a process that has ended, or that another one could not go on with; it is finished or taken back. */
      readonly recovery?: Recovery;
      /** Who asked for it, as a former process has journaled it. */
      readonly asked?: JsonValue;
      /** What was shown of it so far, as a former process has journaled it. */
      readonly display?: JsonValue;
    })
  | (Common & { readonly type: 'looked'; readonly durationMs: number })
  | (Common & {
      readonly type: 'planned';
      readonly steps: readonly { readonly title: string; readonly dependsOn: readonly number[] }[];
    })
  /** A step that is done has added others, or what it had added failed and something is put back. */
  | (Common & OfStep & { readonly type: 'steps-added'; readonly steps: readonly Added[] })
  | (Common & OfStep & { readonly type: 'step-started' })
  /** All that the step, or the run as a whole, has noted so far. */
  | (Common & OfStep & { readonly type: 'remembered'; readonly by: 'step' | 'run'; readonly notes: Notes })
  /** It failed before because AWS was busy, and is taken up again in the background. */
  | (Common & OfStep & { readonly type: 'step-resumed' })
  /** `attempt` is the number of the one that failed, from 1. */
  | (Common &
      OfStep & {
        readonly type: 'step-retried';
        readonly attempt: number;
        readonly waitMs: number;
        readonly error: DomainError;
      })
  | (Common & OfStep & { readonly type: 'step-succeeded'; readonly durationMs: number })
  | (Common & OfStep & { readonly type: 'step-failed'; readonly durationMs: number; readonly error: DomainError })
  | (Common & OfStep & { readonly type: 'undo-started' })
  | (Common &
      OfStep & {
        readonly type: 'undo-retried';
        readonly attempt: number;
        readonly waitMs: number;
        readonly error: DomainError;
      })
  | (Common & OfStep & { readonly type: 'undo-succeeded'; readonly durationMs: number })
  | (Common & OfStep & { readonly type: 'undo-failed'; readonly durationMs: number; readonly error: DomainError })
  /** The caller is told that the run goes on: what is still being taken back or done, by title. Once a run. */
  | (Common & {
      readonly type: 'operation-goes-on';
      readonly undoing: readonly string[];
      readonly finishing: readonly string[];
      readonly error: DomainError;
    })
  /** An answer with a secret was sent; `then` names what follows. */
  | (Common & { readonly type: 'answered'; readonly delivered: boolean; readonly then: readonly string[] })
  /** The store of claims and journal failed; `during` says when. A failed release leaves a claim behind. */
  | (Common & {
      readonly type: 'register-failed';
      readonly during: 'claim' | 'journal' | 'end' | 'release';
      readonly error: DomainError;
    })
  /** This process goes on with it no longer; another one does, or will. */
  | (Common & { readonly type: 'operation-handed-over'; readonly durationMs: number; readonly wentOn?: true })
  | (Common & {
      readonly type: 'operation-ended';
      readonly state: Outcome<unknown>['state'];
      readonly durationMs: number;
      readonly error?: DomainError;
      /** Titles of the steps whose work is left, behind a pivot or by an undo that failed; absent where nothing is. */
      readonly left?: readonly string[];
      /** It went on after its caller was told so. */
      readonly wentOn?: true;
    });

/** `Omit` would merge the members of the union into one; this keeps them apart. */
type Payload<E> = E extends EngineEvent ? Omit<E, keyof Common> : never;

/** An event before the run's own facts are added. */
export type EngineEventPayload = Payload<EngineEvent>;

/** A listener must not throw and must not block; what it does is its own affair. */
export type Listener = (event: EngineEvent) => void;
