import {
  CreateDistributionWithTagsCommand,
  type DistributionConfig,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudfront';
import type { Context } from '../../../shared/context';
import type { Needs, Results, StepFactory, StepHandle, StepScope, StepSpec } from '../../../../engine/plan';
import { isTransient, type RetryPolicy, standardPolicy } from '../../../../engine/retry';
import { type DomainError, DomainFailure, fail, toDomainError } from '../../../../base/errors';
import { SWITCHED_OFF, updateDistribution } from './update';
import { allDistributions, allOfSite, type DistributionFound, distributionTags, getDistribution } from './find';
import type { Tag } from '../../../shared/shapes';
import { lastingTags, ORG_TAG, narrowTags, tagValue } from '../../../shared/tags';

type Step<T> = StepSpec<Record<never, never>, T>;

/** Marks a distribution whose operation was taken back: the cleaner's, whatever its bucket. */
export const RETIRED_TAG = 'mallard:retired';

/** Somebody else's change came in between: read again, try again. */
const changePolicy: RetryPolicy = {
  attempts: 6,
  baseMs: 200,
  capMs: 4_000,
  retries: (error) => isTransient(error) || (error.kind === 'conflict' && isStale(error.origin?.code)),
};

const isStale = (code: string | undefined) => code === 'PreconditionFailed' || code === 'InvalidIfMatchVersion';

export interface NewDistribution<N extends Needs> {
  readonly site: string;
  readonly domain: string;
  /** The certificate is the one that the domain's configuration names. */
  readonly isConfigured: boolean;
  /** ARNs, the best first; the next one is for CloudFront's refusal of those before it. */
  readonly certificates: readonly string[];
  readonly tags: readonly Tag[];
  readonly needs: N;
  /** Fresh at every call: the SDK may change what it is given. */
  readonly config: (operationId: string, certificate: string, results: Results<N>) => DistributionConfig;
  readonly after: readonly StepHandle<unknown>[];
}

/** Its result is a distribution, whatever else becomes of the plan. */
type Creation<N extends Needs> = Omit<StepSpec<N, DistributionFound>, 'pivot' | 'more' | 'keep' | 'says'>;

/**
 * Makes a site's distribution. The caller reference is the operation's id, so a distribution whose reply was lost is
 * found again and adopted.
 * @throws {exists} when another distribution has the alias
 */
export function createDistribution<N extends Needs>(
  context: Context,
  { site, domain, isConfigured, certificates, tags, needs, config, after }: NewDistribution<N>,
): Creation<N> {
  const adopt = async (operationId: string) => createdBy(context, site, operationId);
  return {
    title: `Create the CloudFront distribution of ${site}`,
    touches: [
      { action: 'create', resource: `distribution of ${site}`, document: { Tags: lastingTags(narrowTags(tags)) } },
    ],
    undone: `Disable the CloudFront distribution of ${site} and leave it to the cleaner`,
    needs,
    after,
    retry: certificatePolicy(certificates.length),
    run: async (results, { operationId, memory }) => {
      const refused = refusedIn(memory);
      const certificate = certificates[refused] ?? '';
      try {
        const { Distribution: made, ETag } = await context.session.cloudfront(
          new CreateDistributionWithTagsCommand({
            DistributionConfigWithTags: {
              DistributionConfig: config(operationId, certificate, results),
              Tags: { Items: narrowTags(tags) },
            },
          }),
        );
        return {
          id: made?.Id ?? '',
          etag: ETag ?? '',
          distribution:
            made ?? fail({ kind: 'unforeseen', detail: 'CreateDistribution answered without a distribution' }),
        };
      } catch (thrown) {
        // Whatever the reason is: another certificate may do.
        if (isRefusedCertificate(toDomainError(thrown)) && refused + 1 < certificates.length) {
          memory.set(REFUSED, refused + 1);
          throw thrown;
        }
        throw await explained(context, thrown, { site, domain, isConfigured, certificates });
      }
    },
    alreadyDone: async (_, { operationId }) => {
      const found = await adopt(operationId);
      return found && { result: found };
    },
    undo: async ({ result }, { operationId }) => {
      const found = result ?? (await adopt(operationId));
      if (found === undefined) return;
      await retire(context, found);
    },
  };
}

/** Finds the distribution of a site that an operation has made; undefined when there is none. */
export async function createdBy(
  context: Context,
  site: string,
  operationId: string,
): Promise<DistributionFound | undefined> {
  // Former creations of the site may have left theirs to the cleaner.
  for (const id of await allOfSite(context, site)) {
    const found = await getDistribution(context, id);
    if (found?.distribution.DistributionConfig?.CallerReference === operationId) return found;
  }
  return undefined;
}

/** Under which the step notes how many certificates CloudFront has refused. */
const REFUSED = 'certificatesRefused';

const refusedIn = (memory: StepScope['memory']): number => Number(memory.get(REFUSED) ?? 0);

const isRefusedCertificate = ({ kind, origin }: DomainError): boolean =>
  kind === 'invalid' && origin?.code === 'InvalidViewerCertificate';

/** As any call, and once more for every certificate beyond the first. */
const certificatePolicy = (certificates: number): RetryPolicy => ({
  ...standardPolicy,
  attempts: standardPolicy.attempts + certificates - 1,
  retries: (error) => isTransient(error) || isRefusedCertificate(error),
});

type Refused = Pick<NewDistribution<Needs>, 'site' | 'domain' | 'isConfigured' | 'certificates'>;

/** Tells what a refusal of CreateDistribution means to the caller. */
async function explained(context: Context, thrown: unknown, refused: Refused): Promise<unknown> {
  const error = toDomainError(thrown);
  const origin = error.origin && { origin: error.origin };
  switch (error.origin?.code) {
    case 'CNAMEAlreadyExists': {
      const subject = await holderOfAlias(context, refused.site);
      return new DomainFailure({
        kind: 'exists',
        detail: `another CloudFront distribution${subject === undefined ? '' : ` (${subject})`} has the alias ${refused.site} already`,
        ...origin,
      });
    }
    case 'InvalidViewerCertificate':
      return new DomainFailure({ ...certificateRefused(refused, error.detail), ...origin });
    default:
      return thrown;
  }
}

function certificateRefused({ domain, isConfigured, certificates }: Refused, reason: string) {
  const own = `domains.${domain}.certArn`;
  const arns = certificates.join(', ');
  return {
    kind: 'misconfigured',
    setting: isConfigured ? own : `domains.${domain}`,
    detail: isConfigured
      ? `CloudFront does not take the certificate ${arns} of ${domain} (setting ${own}): ${reason}`
      : `CloudFront takes none of the certificates that ACM in us-east-1 has for ${domain} (${arns}): ${reason} Request a public one there, or name one that CloudFront takes as ${own}.`,
  } as const;
}

/**
 * Finds the id of the distribution that has an alias; undefined when it is another account's, or cannot be looked up.
 */
async function holderOfAlias(context: Context, alias: string): Promise<string | undefined> {
  try {
    for await (const { Id, Aliases } of allDistributions(context))
      if (Aliases?.Items?.includes(alias) === true) return Id;
  } catch {
    // The conflict is what the caller must hear of, whoever holds the name.
  }
  return undefined;
}

/**
 * Turns a site's distribution off and drops its aliases in one update, which frees the name for re-use at once; the
 * cleaner deletes it when it is deployed. The undo turns it on again, aliases included.
 */
export function disableDistribution(
  context: Context,
  site: string,
  found: DistributionFound,
  after: readonly StepHandle<unknown>[],
): Step<void> {
  const former = found.distribution.DistributionConfig;
  return {
    title: `Disable the CloudFront distribution of ${site} and drop its aliases`,
    touches: [{ action: 'change', resource: `distribution ${found.id}`, document: { Enabled: false, Aliases: [] } }],
    undone: `Enable the CloudFront distribution of ${site} again`,
    after,
    retry: changePolicy,
    run: async (_, { memory }) => {
      // What the look saw saves a read, once.
      const current = memory.get('sent') === true ? await getDistribution(context, found.id) : found;
      memory.set('sent', true);
      if (current !== undefined) await updateDistribution(context, await withDocument(context, current), SWITCHED_OFF);
    },
    undo: async () => {
      const current = await getDistribution(context, found.id);
      if (current === undefined || former === undefined) return;
      const { Enabled, Aliases, ViewerCertificate } = former;
      await updateDistribution(context, current, { Enabled, Aliases, ViewerCertificate }, found.document);
    },
  };
}

/**
 * Gives a distribution the org tag by which the cleaner knows its own; those of the predecessor may have none. Another
 * deployment's tag stays. No undo: a site's distribution is ours, whatever becomes of the deletion.
 */
export function claimForCleaner(context: Context, site: string, arn: string): Step<void> {
  return {
    title: `See that the cleaner knows the CloudFront distribution of ${site}`,
    touches: [{ action: 'change', resource: `tags of distribution ${arn}` }],
    run: async () => {
      if (tagValue(await distributionTags(context, arn), ORG_TAG) !== undefined) return;
      const Tags = { Items: [{ Key: ORG_TAG, Value: context.org }] };
      await context.session.cloudfront(new TagResourceCommand({ Resource: arn, Tags }));
    },
  };
}

/** Gives a distribution that nobody will use to the cleaner: off, without aliases, and marked. */
async function retire(context: Context, found: DistributionFound): Promise<void> {
  await updateDistribution(context, (await getDistribution(context, found.id)) ?? found, SWITCHED_OFF);
  await context.session.cloudfront(
    new TagResourceCommand({
      Resource: found.distribution.ARN,
      Tags: { Items: [{ Key: RETIRED_TAG, Value: new Date(context.clock.now()).toISOString() }] },
    }),
  );
}

/** A journal that was written before documents were kept has none: then it is read. */
const withDocument = async (context: Context, found: DistributionFound): Promise<DistributionFound> =>
  found.document === undefined ? ((await getDistribution(context, found.id)) ?? found) : found;

/**
 * Replaces the caller's tags of a distribution with their copy in CloudFront's alphabet; the undo puts them back. Two
 * steps of one call each, as a call that is refused has had no effect; old tags go first, as 50 is the most there may be.
 */
export function replaceDistributionTags(
  context: Context,
  {
    site,
    arn,
    before,
    after,
  }: { readonly site: string; readonly arn: string; readonly before: readonly Tag[]; readonly after: readonly Tag[] },
  step: StepFactory,
): void {
  const { cloudfront } = context.session;
  const [old, wanted] = [narrowTags(before), narrowTags(after)];
  const without = (tags: readonly Tag[], others: readonly Tag[]) =>
    tags.filter(({ Key }) => !others.some((other) => other.Key === Key));
  const untag = async (tags: readonly Tag[]) => {
    if (tags.length === 0) return;
    await cloudfront(new UntagResourceCommand({ Resource: arn, TagKeys: { Items: tags.map(({ Key }) => Key) } }));
  };
  const tag = async (tags: readonly Tag[]) => {
    if (tags.length > 0)
      await cloudfront(new TagResourceCommand({ Resource: arn, Tags: { Items: tags.map((one) => ({ ...one })) } }));
  };
  const dropped = without(old, wanted);
  const kept = without(old, dropped);
  const gone = step({
    title: `Drop former tags of the CloudFront distribution of ${site}`,
    touches: [{ action: 'change', resource: `tags of distribution ${arn}`, document: kept }],
    undone: `Put the former tags of the CloudFront distribution of ${site} back`,
    run: () => untag(dropped),
    // All of them: by then the undo of the step below has dropped what is new.
    undo: () => tag(old),
  });
  step({
    title: `Tag the CloudFront distribution of ${site}`,
    touches: [{ action: 'change', resource: `tags of distribution ${arn}`, document: lastingTags(wanted) }],
    undone: `Put the tags of the CloudFront distribution of ${site} back`,
    after: [gone],
    run: () => tag(wanted),
    undo: () => untag(without(wanted, old)),
  });
}
