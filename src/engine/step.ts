import type { Clock } from '../base/clock';
import type { Memory } from './memory';
import type { RetryPolicy } from './retry';

declare const resultOf: unique symbol;

/** Stands for a step inside its plan and carries the type of the step's result; made by `step()` only. */
export interface StepHandle<T> {
  readonly index: number;
  readonly title: string;
  readonly [resultOf]?: T;
}

export type Needs = Readonly<Record<string, StepHandle<unknown>>>;

export type Results<N extends Needs> = { readonly [K in keyof N]: N[K] extends StepHandle<infer T> ? T : never };

/** What a step may know of the run it is part of. */
export interface StepScope {
  readonly operationId: string;
  readonly clock: Clock;
  /** Of the operation, from 1; absent in the first. Not to be mixed up with the attempts of the step. */
  readonly attempt?: number;
  /**
   * What attempts of this step leave to those after them, to `alreadyDone` and to `undo`. Attempt state belongs here and not
   * into a closure: it is told to the journal. Nobody waits for that: after the end of a process its last notes may be missing.
   */
  readonly memory: Memory;
  /** Notes that all steps of the run share: what one undo must know of another. */
  readonly shared: Memory;
}

/** What an undo is told: `result` is undefined when the step failed ambiguously and its reply was never seen. */
export interface UndoInput<N extends Needs, T> {
  readonly needs: Results<N>;
  readonly result: T | undefined;
}

/** Adds a step to a plan. */
export type StepFactory = <T, N extends Needs = Record<never, never>>(spec: StepSpec<N, T>) => StepHandle<T>;

/** Something that a step makes, changes or takes away: for people who ask what would be done. */
export interface Touch {
  readonly action: 'create' | 'change' | 'delete';
  /** What it is and what it is called: "policy photos-BktAdmPlc". */
  readonly resource: string;
  /** What it will be, as far as it is known before the plan runs; no ids of operations, no times, no secrets. */
  readonly document?: unknown;
}

export interface StepSpec<N extends Needs, T> {
  /** A sentence for people: "Create bucket photos". */
  readonly title: string;
  /** What `run` makes, changes and takes away. Default: nothing, it looks. */
  readonly touches?: readonly Touch[];
  /** What taking it back amounts to, where that is not "as if it had never been". Default: the title. */
  readonly undone?: string;
  /** Steps whose results `run` is given. */
  readonly needs?: N;
  /** Steps that must be done first and whose results do not matter. */
  readonly after?: readonly StepHandle<unknown>[];
  readonly run: (needs: Results<N>, scope: StepScope) => Promise<T>;
  /**
   * Takes the step's effect back. Must tolerate "not there": it also runs for a step that failed ambiguously.
   * A step without `undo` has nothing worth taking back.
   */
  readonly undo?: (input: UndoInput<N, T>, scope: StepScope) => Promise<void>;
  /**
   * Asked after an ambiguous attempt, before the step is sent again. Gives the result when the effect has landed,
   * undefined when it has not. After any error the step is not sent again, because nobody can tell. Reads only.
   * @throws {exists | conflict} when something of others is in its place; the step fails with that
   */
  readonly alreadyDone?: (needs: Results<N>, scope: StepScope) => Promise<{ readonly result: T } | undefined>;
  /** Defaults to the engine's standard policy. */
  readonly retry?: RetryPolicy;
  /** Of the undo. Defaults to the engine's stubborn policy. */
  readonly undoRetry?: RetryPolicy;
  /**
   * Point of no return: once this step succeeded nothing is undone any more; the rest only goes forward. It should have
   * `alreadyDone`, with a read that shows its effect at once: without it a lost reply stops the plan where it stands.
   * A function tells it of the result: of a step that may find that it could not be done yet, and adds what leads to it.
   */
  readonly pivot?: boolean | ((result: T) => boolean);
  /**
   * Nothing takes it back, though a run that fails takes back what else it can. A process that goes on with a run of another one
   * goes forward once this is done: nobody waits for an answer, and going back would leave half of it.
   */
  readonly irrevocable?: boolean;
  /**
   * Adds further steps once this one is done: what could not be planned before its result was known. Whatever waits for
   * this step waits for them, too, and for what they add. They may wait for any step that does not wait for this one.
   *
   * Works with a copy of the result as JSON keeps it, and with what the plan was made of; reads nothing and changes
   * nothing. So whoever knows the results of a run can tell its steps again.
   */
  readonly more?: (step: StepFactory, result: T) => void;
  /**
   * Adds the steps that put something back when this step is done, nothing is undone any more, and something that it has
   * added failed for good: a deletion that came to a halt must leave what it has not deleted where it is found again. To
   * the same rules as `more`.
   */
  readonly keep?: (step: StepFactory, result: T) => void;
  /** Of a step that puts something back: a sentence for the errors of what has failed. Default: none. */
  readonly says?: (result: T) => string | undefined;
}
