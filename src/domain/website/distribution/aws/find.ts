import {
  type Distribution,
  type DistributionSummary,
  GetDistributionCommand,
  ListDistributionsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudfront';
import { type Context, orUndefined, reading } from '../../../shared/context';
import { fail } from '../../../../base/errors';
import type { AsJson } from '../../../../base/json';
import { captureDocument } from '../../../../base/raw-documents';
import { originDomain } from '../rules/config';
import { configDocument } from '../rules/document';
import type { Tag } from '../../../shared/shapes';
import { sdkTags } from '../../../shared/aws/iam-shapes';

/** A distribution as it was read, with the version its next change must name. */
export interface DistributionFound {
  readonly id: string;
  readonly etag: string;
  /** As it was read, or as a journal has kept it. */
  readonly distribution: Distribution | AsJson<Distribution>;
  /** Its configuration as the XML that CloudFront gave, with what the client does not know; older journals have none. */
  readonly document?: string;
}

/**
 * Gives the ARN of a distribution.
 * @throws {unforeseen} when it has none, though CloudFront gives one to every distribution
 */
export function arnOf({ distribution }: DistributionFound): string {
  return distribution.ARN ?? fail({ kind: 'unforeseen', detail: 'CloudFront answered without an ARN' });
}

/** Makes the ARN of the distribution with that id in the session's account. */
export function distributionArn({ session }: Context, id: string): string {
  return `arn:${session.partition}:cloudfront::${session.accountId}:distribution/${id}`;
}

/** Tells whether a hint can be an id at all. */
export const isDistributionId = (hint: string): boolean => /^[A-Z0-9]+$/.test(hint);

/** Reads a distribution by its id; undefined when there is none. */
export async function getDistribution(context: Context, id: string): Promise<DistributionFound | undefined> {
  const command = new GetDistributionCommand({ Id: id });
  const captured = captureDocument(command);
  const answer = await orUndefined(reading(context, () => context.session.cloudfront(command)));
  if (answer?.Distribution === undefined) return undefined;
  const document = configDocument(captured());
  return {
    id,
    etag: answer.ETag ?? '',
    distribution: answer.Distribution,
    ...(document !== undefined && { document }),
  };
}

/**
 * Tells whether a distribution can still answer for a name; one that is off and without aliases is the cleaner's
 * already.
 */
export function isLive(
  config:
    | {
        readonly Enabled?: boolean | undefined;
        readonly Aliases?: { readonly Quantity?: number | undefined } | undefined;
      }
    | undefined,
): boolean {
  return config?.Enabled === true || (config?.Aliases?.Quantity ?? 0) > 0;
}

/** What tells whose a distribution is; both SDK shapes fit. */
interface Telling {
  readonly Aliases?: { readonly Items?: readonly string[] | undefined } | undefined;
  readonly Comment?: string | undefined;
  readonly Origins?:
    { readonly Items?: readonly { readonly DomainName?: string | undefined }[] | undefined } | undefined;
}

/** Tells whether a distribution says of itself that it is the site's; its origin must prove it. */
export function namesSite(config: Telling | undefined, site: string): boolean {
  return (config?.Aliases?.Items ?? []).includes(site) || config?.Comment === site;
}

/** Tells whether a distribution is the site's: our alias or comment, and our origin. */
export function isOfSite({ session }: Context, config: Telling | undefined, site: string): boolean {
  if (config === undefined) return false;
  const origins = (['public', 'private'] as const).map((origin) => originDomain(site, session, origin));
  return (
    namesSite(config, site) &&
    (config.Origins?.Items ?? []).some(({ DomainName }) => origins.includes(DomainName ?? ''))
  );
}

/** Finds the distribution the hint names, when it proves to be the site's; undefined otherwise. */
export async function notedDistribution(
  context: Context,
  site: string,
  hint: string,
): Promise<DistributionFound | undefined> {
  if (!isDistributionId(hint)) return undefined;
  const hinted = await getDistribution(context, hint);
  return isOfSite(context, hinted?.distribution.DistributionConfig, site) ? hinted : undefined;
}

/**
 * Finds the site's distribution: the one the hint names when it proves to be the site's, else the one a scan finds. The
 * hint is a tag that bucket users may edit, so it is never believed unread.
 */
export async function findDistribution(
  context: Context,
  site: string,
  hint: string | undefined,
): Promise<DistributionFound | undefined> {
  const noted = hint === undefined ? undefined : await notedDistribution(context, site, hint);
  if (noted !== undefined) return noted;
  const id = await scanForSite(context, site);
  return id === undefined ? undefined : getDistribution(context, id);
}

/** Finds the id of the site's distribution among all there are. */
export async function scanForSite(context: Context, site: string): Promise<string | undefined> {
  return (await allOfSite(context, site))[0];
}

/**
 * Lists the ids of all distributions of the site: the one with the alias before those that only have the comment, which
 * await the cleaner.
 */
export async function allOfSite(context: Context, site: string): Promise<readonly string[]> {
  const own: DistributionSummary[] = [];
  for await (const summary of allDistributions(context)) if (isOfSite(context, summary, site)) own.push(summary);
  const rank = (summary: DistributionSummary) =>
    ((summary.Aliases?.Items ?? []).includes(site) ? 2 : 0) + (summary.Enabled === true ? 1 : 0);
  return [...own].sort((a, b) => rank(b) - rank(a)).flatMap(({ Id }) => Id ?? []);
}

/** Goes through every distribution of the account, page by page. */
export async function* allDistributions(context: Context): AsyncGenerator<DistributionSummary> {
  let Marker: string | undefined;
  do {
    const { DistributionList: page } = await reading(context, () =>
      context.session.cloudfront(
        new ListDistributionsCommand({ MaxItems: 100, ...(Marker !== undefined && { Marker }) }),
      ),
    );
    yield* page?.Items ?? [];
    Marker = page?.IsTruncated === true ? page.NextMarker : undefined;
  } while (Marker !== undefined);
}

/** Reads a distribution's tags; empty when it is gone. */
export async function distributionTags(context: Context, arn: string): Promise<readonly Tag[]> {
  const answer = await orUndefined(
    reading(context, () => context.session.cloudfront(new ListTagsForResourceCommand({ Resource: arn }))),
  );
  return sdkTags(answer?.Tags?.Items);
}
