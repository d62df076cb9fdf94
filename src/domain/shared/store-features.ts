import type { Context } from './context';
import { answer, type Answer, type Needs, type Results, type StepHandle, type StepSpec } from '../../engine/plan';
import { type DomainError, isRefusedAsIs, toDomainError } from '../../base/errors';
import type { Warned } from './shapes';

/**
 * S3-compatible stores (accounts with `"iam": false`) lack this or that of S3. What they lack is left out with a warning
 * instead of failing the whole; on AWS nothing is ever left out.
 */

export interface StoreFeature {
  /** As in "this store has no CORS rules". */
  readonly title: string;
  /** What is sent is ours to the letter: a store that calls it invalid does not know the feature. */
  readonly isLackingWhenInvalid?: true;
  /** Codes of "invalid" that say the same. */
  readonly lackingCodes?: readonly string[];
}

/** A sentence for the caller: what the store lacks, and the answer that says so. Undefined: it lacks nothing. */
export type Warning = string | undefined;

/** What a read gives, or why the store cannot give it. */
export type Got<T> =
  { readonly value: T; readonly warning?: never } | { readonly value?: never; readonly warning: string };

/**
 * Makes a step optional whose work a store may not know: its result is then the warning, and there is nothing to take
 * back. On accounts with IAM the step stays as it is.
 */
export function optional<N extends Needs>(
  context: Context,
  feature: StoreFeature,
  spec: Omit<StepSpec<N, void>, 'more' | 'keep' | 'says' | 'pivot'>,
): StepSpec<N, Warning> {
  const { run, undo, alreadyDone, ...rest } = spec;
  return {
    ...rest,
    run: async (needs, scope) => (await optionally(context, feature, () => run(needs, scope))).warning,
    ...(undo && {
      undo: async ({ needs, result }, scope) => {
        if (result === undefined) await undo({ needs, result }, scope);
      },
    }),
    ...(alreadyDone && {
      alreadyDone: async (needs, scope) => {
        const done = await optionally(context, feature, () => alreadyDone(needs, scope));
        return done.warning === undefined ? done.value && { result: undefined } : { result: done.warning };
      },
    }),
  };
}

/** Reads what a store may not know; gives a warning where it does not. All other errors are thrown on. */
export async function optionally<T>(context: Context, feature: StoreFeature, read: () => Promise<T>): Promise<Got<T>> {
  try {
    return { value: await read() };
  } catch (thrown) {
    const error = toDomainError(thrown);
    if (context.session.account.iam || !isLack(error, feature)) throw thrown;
    return { warning: warningOf(error, feature) };
  }
}

/**
 * Makes the answer as the engine's `answer` does, with the warnings of optional steps, each once, in the order of the
 * steps.
 */
export function answerWithWarnings<N extends Needs, T>(
  needs: N,
  steps: readonly StepHandle<Warning>[],
  make: (results: Results<N>, warned: Warned) => T,
): Answer<N, T> {
  // A space keeps these names apart from those of needs.
  const named = steps.map((step, index) => [`warning ${String(index)}`, step] as const);
  const extra: Needs = Object.fromEntries(named);
  return answer({ ...needs, ...extra }, (results) => {
    const found: Readonly<Record<string, unknown>> = results;
    const said = named.map(([name]) => found[name]).filter((one) => typeof one === 'string');
    return make(results, warned(said));
  });
}

/** Collects the warnings that steps or reads gave, each once; nothing when there is none. */
export function warned(said: readonly Warning[]): Warned {
  const warnings = [...new Set(said.filter((one) => one !== undefined))];
  return warnings.length === 0 ? {} : { warnings };
}

/**
 * Stores that ignore a sub-resource they do not know take `PUT /bucket?setting` for CreateBucket: the bucket exists, or the
 * document is not the one of CreateBucket (MinIO until 2023, https://github.com/minio/minio/issues/13714).
 */
const TAKEN_FOR_CREATION: ReadonlySet<string> = new Set([
  'BucketAlreadyOwnedByYou',
  'BucketAlreadyExists',
  'MalformedXML',
]);

/** Refusals of permission and outages say nothing of what a store can do. */
function isLack(error: DomainError, feature: StoreFeature): boolean {
  const code = error.origin?.code ?? '';
  if (error.kind === 'unsupported' || TAKEN_FOR_CREATION.has(code)) return true;
  if (!isRefusedAsIs(error)) return false;
  return feature.isLackingWhenInvalid === true || (feature.lackingCodes ?? []).includes(code);
}

function warningOf({ origin, detail }: DomainError, feature: StoreFeature): string {
  if (origin?.call === undefined) return detail;
  return `this store has no ${feature.title}: it answered ${origin.call} with ${origin.instead ?? origin.code ?? 'an error without a code'}`;
}
