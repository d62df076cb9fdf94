import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  HeadObjectCommand,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { putBucketTags } from '../../shared/aws/put-bucket-tags';
import { type Context, gone, owned } from '../../shared/context';
import type { Needs, Results, StepHandle, StepSpec } from '../../../engine/plan';
import { isTransient, type RetryPolicy } from '../../../engine/retry';
import { DomainFailure, toDomainError } from '../../../base/errors';
import { GREETING_TAG, greetingPage } from '../rules/greeting';
import type { DistributionFound } from '../distribution/aws/find';
import { type GreetingSeen, isGreeting } from './site-contents';
import type { Tag } from '../../shared/shapes';
import { tagsWithDistribution } from '../../shared/tags';
import type { WebsiteConfigurationInput } from '../rules/shapes';

type Step<T> = StepSpec<Record<never, never>, T>;

/** Turns on website hosting of a bucket this plan has made. */
export function hostWebsite(
  { session }: Context,
  site: string,
  configuration: WebsiteConfigurationInput,
  after: readonly StepHandle<unknown>[],
): Step<void> {
  return {
    title: `Host bucket ${site} as a website`,
    touches: [{ action: 'create', resource: `website hosting of bucket ${site}`, document: configuration }],
    after,
    run: async () => {
      await session.s3(
        new PutBucketWebsiteCommand({
          Bucket: site,
          // The SDK's types want mutable arrays; a copy is made for every attempt.
          WebsiteConfiguration: structuredClone(configuration) as never,
          ...owned(session),
        }),
      );
    },
  };
}

/** The change of the block takes a moment to reach everywhere; until then a public policy is AccessDenied. */
const publicPolicyRetry: RetryPolicy = {
  attempts: 6,
  baseMs: 300,
  capMs: 3_000,
  retries: (error) => isTransient(error) || error.kind === 'denied',
};

/** Puts the bucket policy that lets visitors, or the site's distribution alone, read. */
export function putSitePolicy<N extends Needs>(
  { session }: Context,
  site: string,
  policy: { readonly needs: N; readonly make: (results: Results<N>) => string; readonly isPublic: boolean },
  after: readonly StepHandle<unknown>[],
): StepSpec<N, void> {
  return {
    title: policy.isPublic
      ? `Let everyone read the objects of ${site}`
      : `Let the distribution read the objects of ${site}`,
    touches: [{ action: 'create', resource: `policy of bucket ${site}` }],
    needs: policy.needs,
    after,
    ...(policy.isPublic && { retry: publicPolicyRetry }),
    run: async (results) => {
      try {
        await session.s3(new PutBucketPolicyCommand({ Bucket: site, Policy: policy.make(results), ...owned(session) }));
      } catch (thrown) {
        const error = toDomainError(thrown);
        if (!policy.isPublic || error.kind !== 'denied') throw thrown;
        throw new DomainFailure({
          ...error,
          detail: `${error.detail} A public access block of the whole AWS account defeats the settings of every bucket: it may be in the way.`,
        });
      }
    },
  };
}

/** Writes our page unless the caller has one at its key. The undo removes it only while it is still ours. */
export function putGreeting(
  context: Context,
  site: string,
  key: string,
  after: readonly StepHandle<unknown>[],
): Step<boolean> {
  const { session } = context;
  return {
    title: `Greet visitors of ${site} at ${key}`,
    touches: [{ action: 'create', resource: `object ${key} of bucket ${site}` }],
    after,
    run: async () => {
      try {
        await session.s3(
          new PutObjectCommand({
            Bucket: site,
            Key: key,
            Body: greetingPage(site),
            ContentType: 'text/html; charset=utf-8',
            // Short: the caller's own page should not wait behind ours.
            CacheControl: 'max-age=60',
            Tagging: new URLSearchParams({ [GREETING_TAG.Key]: GREETING_TAG.Value }).toString(),
            IfNoneMatch: '*',
            ...owned(session),
          }),
        );
        return true;
      } catch (thrown) {
        if (toDomainError(thrown).origin?.code === 'PreconditionFailed') return false;
        throw thrown;
      }
    },
    alreadyDone: async () => ((await isGreeting(context, site, key)) ? { result: true } : undefined),
    undo: async ({ result }) => {
      if (result !== false) await removeIfOurs(context, site, key);
    },
  };
}

/** Removes our page exactly as it was seen, and never what a caller has put in its place; the undo writes it again. */
export function removeGreeting(context: Context, site: string, page: GreetingSeen): Step<void> {
  const put = putGreeting(context, site, page.key, []);
  return {
    title: `Remove our greeting page ${page.key} from ${site}`,
    touches: [{ action: 'delete', resource: `object ${page.key} of bucket ${site}` }],
    undone: `Put our greeting page ${page.key} of ${site} back`,
    run: async () => {
      try {
        await gone(removeForGood(context, site, page));
      } catch (thrown) {
        // Somebody has replaced it meanwhile: it is theirs now, and deleting the bucket will refuse.
        if (toDomainError(thrown).origin?.code !== 'PreconditionFailed') throw thrown;
      }
    },
    undo: async (_, scope) => {
      await put.run({}, scope);
    },
  };
}

async function removeIfOurs(context: Context, site: string, key: string): Promise<void> {
  if (await isGreeting(context, site, key)) await gone(removeForGood(context, site, { key }));
}

/**
 * Deletes an object, by version where the bucket keeps versions: a delete marker would count as content. A listing calls a
 * version `null` both where none were ever kept and where it is older than versioning, which only the bucket tells apart.
 * With an ETag, an object that was replaced meanwhile stays.
 */
async function removeForGood(
  { session }: Context,
  site: string,
  { key, etag, versionId }: Partial<GreetingSeen> & Pick<GreetingSeen, 'key'>,
): Promise<void> {
  const target = { Bucket: site, Key: key, ...owned(session) };
  const remove = (exactly: { readonly VersionId?: string; readonly IfMatch?: string }) =>
    session.s3(new DeleteObjectCommand({ ...target, ...exactly }));
  if (versionId !== undefined) {
    await remove({ VersionId: versionId });
    return;
  }
  const { Status } = await session.s3(new GetBucketVersioningCommand({ Bucket: site, ...owned(session) }));
  if (Status === undefined) {
    await remove(etag === undefined ? {} : { IfMatch: etag });
    return;
  }
  // S3 evaluates If-Match for the current version alone.
  const { ETag, VersionId = 'null' } = await session.s3(new HeadObjectCommand(target));
  if (etag === undefined || etag === ETag) await remove({ VersionId });
}

/** Notes the distribution's id and domain name in tags of the bucket: by them the site and its DNS records are found. */
export function noteDistribution<N extends Needs>(
  context: Context,
  site: string,
  tags: readonly Tag[],
  needs: N,
  found: (results: Results<N>) => DistributionFound,
  after: readonly StepHandle<unknown>[],
): StepSpec<N, void> {
  return {
    title: `Note the distribution of ${site} on its bucket`,
    touches: [{ action: 'change', resource: `tags of bucket ${site}` }],
    needs,
    after,
    run: async (results) => {
      const { id, distribution } = found(results);
      await putBucketTags(context, site, tagsWithDistribution(tags, id, distribution.DomainName));
    },
  };
}
