import type { Context } from './context';
import { fail } from '../errors';
import { lifecycleRules } from './lifecycle';
import { checkBucketName } from './names';
import { checkTags } from './tags';
import type { CreateWebsiteInput, WebsiteConfigurationInput } from './website-shapes';

/** AWS's website configuration, checked before any call. */

export const DEFAULT_INDEX = 'index.html';

/** Ends with `invalid` for input that cannot become a website; makes no call. */
export function checkCreateWebsite(context: Pick<Context, 'org'>, input: CreateWebsiteInput): void {
  checkBucketName(input.BucketInput.Bucket);
  checkTags(input.Tags ?? [], context.org);
  if (input.Lifecycle !== undefined) lifecycleRules(input.Lifecycle);
  const problem = configurationProblem(input.WebsiteConfiguration ?? {});
  if (problem !== undefined) fail({ kind: 'invalid', pointer: '/WebsiteConfiguration', detail: problem });
}

/** The rules of https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html */
function configurationProblem(configuration: WebsiteConfigurationInput): string | undefined {
  const { IndexDocument, ErrorDocument, RedirectAllRequestsTo, RoutingRules } = configuration;
  const suffix = IndexDocument?.Suffix;
  if (suffix !== undefined && (suffix === '' || suffix.includes('/'))) {
    return 'IndexDocument.Suffix is the name of a file and may have no slash';
  }
  if (RedirectAllRequestsTo !== undefined && (IndexDocument ?? ErrorDocument ?? RoutingRules) !== undefined) {
    return 'RedirectAllRequestsTo stands alone: IndexDocument, ErrorDocument and RoutingRules cannot be given beside it';
  }
  const both = (RoutingRules ?? []).some(
    ({ Redirect }) => Redirect.ReplaceKeyPrefixWith !== undefined && Redirect.ReplaceKeyWith !== undefined,
  );
  if (both) return 'a Redirect has either ReplaceKeyPrefixWith or ReplaceKeyWith';
  return undefined;
}

/** The configuration with its defaults. */
export function withDefaults(configuration: WebsiteConfigurationInput | undefined): WebsiteConfigurationInput {
  if (configuration?.RedirectAllRequestsTo !== undefined) return configuration;
  return { ...configuration, IndexDocument: configuration?.IndexDocument ?? { Suffix: DEFAULT_INDEX } };
}
