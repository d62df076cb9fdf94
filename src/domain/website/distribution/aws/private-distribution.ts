import type { DistributionConfig } from '@aws-sdk/client-cloudfront';
import { fail, toDomainError } from '../../../../base/errors';
import type { Needs, StepFactory, StepHandle, StepSpec } from '../../../../engine/plan';
import { freshEntityPolicy } from '../../../../engine/retry';
import type { Context } from '../../../shared/context';
import type { PrivateOrigin } from '../rules/config';
import { type AccessControl, isFull, nextNumber } from '../rules/private-origins';
import { ensureAccessControl } from './access-control';
import { createdBy, createDistribution, type NewDistribution } from './change';
import type { DistributionFound } from './find';
import { ensureIndexFunction } from './index-function';

/** What a private origin is reached through, as the steps that make it give it. */
interface OriginNeeds extends Needs {
  readonly control: StepHandle<string>;
  readonly index: StepHandle<string>;
}

/** `full`: CloudFront refused it, because the origin access control or its function has all distributions it may have. */
type Tried = DistributionFound | { readonly full: true };

export interface NewPrivateDistribution extends Omit<NewDistribution<OriginNeeds>, 'needs' | 'config'> {
  readonly config: (operationId: string, certificate: string, origin: PrivateOrigin) => DistributionConfig;
  /** What the undo of the distribution has to respect. */
  readonly keeps: <T>(spec: StepSpec<OriginNeeds, T>) => StepSpec<OriginNeeds, T>;
}

/**
 * Adds the steps that make a site's distribution with a private origin, from the newest origin access control on. One that is
 * full is known by CloudFront's refusal; then the plan grows by the next, so whoever comes at the same moment gets one, too.
 * `newest` is undefined in journals of the days when there was one for all.
 */
export function createPrivateDistribution(
  context: Context,
  made: NewPrivateDistribution,
  newest: AccessControl | undefined,
  step: StepFactory,
): StepHandle<DistributionFound> {
  if (newest === undefined)
    return step(made.keeps(creation(context, made, privateOrigin(context, { number: 1 }, step))));
  const first = tryAccessControl(context, made, { newest: newest.number, full: [] }, newest, step);
  return step({
    title: `See the CloudFront distribution of ${made.site}`,
    needs: { first },
    // Found by a listing, where it may not stand at once.
    retry: freshEntityPolicy,
    run: async ({ first: tried }, { operationId }) =>
      'full' in tried
        ? ((await createdBy(context, made.site, operationId)) ??
          fail({ kind: 'not-found', detail: `CloudFront does not list the new distribution of ${made.site}` }))
        : tried,
  });
}

/** Numbers: that of the first one tried, and of all that were full so far. */
interface Search {
  readonly newest: number;
  readonly full: readonly number[];
}

/** Adds the steps that try one origin access control. */
function tryAccessControl(
  context: Context,
  made: NewPrivateDistribution,
  { newest, full: before }: Search,
  control: AccessControl,
  step: StepFactory,
): StepHandle<Tried> {
  const full = [...before, control.number];
  const next = nextNumber(newest, full);
  const spec = creation(context, made, privateOrigin(context, control, step));
  return step(
    made.keeps<Tried>({
      ...spec,
      undone: `Disable the CloudFront distribution of ${made.site}, where there is one, and leave it to the cleaner`,
      run: async (results, scope) => {
        try {
          return await spec.run(results, scope);
        } catch (thrown) {
          if (next !== undefined && isFull(toDomainError(thrown))) return { full: true };
          throw thrown;
        }
      },
      undo: async ({ result, ...input }, scope) => {
        // Refused, so there is nothing; and what another step of this operation has made is that one's to take back.
        if (result !== undefined && 'full' in result) return;
        await spec.undo?.({ ...input, result }, scope);
      },
      more: (add, tried) => {
        if ('full' in tried && next !== undefined)
          tryAccessControl(context, made, { newest, full }, { number: next }, add);
      },
    }),
  );
}

const creation = (context: Context, made: NewPrivateDistribution, needs: OriginNeeds) =>
  createDistribution(context, {
    ...made,
    needs,
    config: (operationId, certificate, { control, index }) =>
      made.config(operationId, certificate, { originAccessControlId: control, functionArn: index }),
  });

/** Adds the steps that make what a private origin is reached through. */
function privateOrigin(context: Context, control: AccessControl, step: StepFactory): OriginNeeds {
  return {
    control: step(ensureAccessControl(context, control)),
    index: ensureIndexFunction(context, step, control.number),
  };
}
