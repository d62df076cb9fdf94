import { type Answer, definePlan, type Needs, type Plan } from '../../engine/plan';
import type { Recipe } from '../../engine/recipe';
import { type AsJson, type JsonValue, throughJson } from '../../base/json';
import { onlyOurs } from '../access/only-ours';
import type { Context } from '../shared/context';
import type { Target, WriteOperation } from '../shared/operation';

/** A plan, and what follows when its answer has reached the caller. */
export interface MadePlan {
  readonly plan: Plan<unknown>;
  readonly follows: Plan<unknown> | undefined;
}

/** What the journal keeps of a request. */
type Journaled = {
  readonly target: Target;
  readonly input: JsonValue;
  /** In which namespace its bucket is; absent: in the one that all accounts share. */
  readonly bucketNamespace?: 'account-regional';
};

/**
 * Makes the recipe of one write: what the engine runs. Its plan is made of the journaled input and pre-image alone.
 * `nonce`: a new unique id. `agreed` is shown every plan that is about to be run, and may refuse it.
 */
export function recipeOf<I, S, A>(
  context: Context,
  definition: WriteOperation<I, S, A>,
  {
    target,
    input,
    nonce,
    agreed,
  }: {
    readonly target: Target;
    readonly input: I;
    readonly nonce: string;
    readonly agreed?: (made: MadePlan) => void;
  },
): Recipe<JsonValue, A> {
  const { account } = context.session;
  const { claimsAfterLook, afterwards } = definition;
  const planning = (seen: JsonValue, asked: Journaled) => ({
    target: asked.target,
    // It is what the definition was given, as JSON keeps it.
    input: asked.input as I,
    seen: seen as AsJson<S>,
  });
  const title = definition.title(target, input);
  const journaled: Journaled = {
    target,
    input: input as JsonValue,
    ...(account.bucketNamespace !== 'global' && { bucketNamespace: account.bucketNamespace }),
  };
  const recipe: Recipe<JsonValue, A> = {
    kind: definition.kind,
    version: definition.version,
    title,
    input: journaled,
    ...definition.subject.claims(account, target, nonce),
    recovery: definition.recovery,
    look: async () => throughJson(await definition.look(context, target, input)) as JsonValue,
    ...(claimsAfterLook && { claimsAfterLook: (seen) => claimsAfterLook(context, planning(seen, journaled)) }),
    plan: (seen, id, asked) => {
      const plan = definePlan(
        definition.kind,
        title,
        // Its own steps are all that an answer is made of: the definition's compiler saw to that.
        (step) => definition.plan(context, { ...planning(seen, asked as Journaled), id }, step) as Answer<Needs, A>,
      );
      agreed?.({ plan, follows: definition.follows?.(context, planning(seen, asked as Journaled)) });
      return plan;
    },
    ...(afterwards && {
      afterwards: (answer, delivered, seen, id) =>
        afterwards(context, { ...planning(seen, journaled), id }, answer, delivered),
    }),
  };
  if (!definition.subject.guarded) return recipe;
  return onlyOurs(context, target.bucket, {
    ...recipe,
    look: async (tagging) => throughJson(await definition.look(context, target, input, tagging)) as JsonValue,
    repairs: definition.repairs?.(context, target, input) ?? false,
  });
}
