import type { BucketNaming } from '../../../base/bucket-names';
import { fail } from '../../../base/errors';
import { checkBucketName } from '../../shared/names';
import { checkTags } from '../../shared/tags';
import type { CreateWebsiteInput, WebsiteConfigurationInput } from './shapes';

/** AWS's website configuration, checked before any call. */

/** The index document of a website for which nothing else is asked. */
export const DEFAULT_INDEX = 'index.html';

/**
 * Refuses input that cannot become a website; makes no call.
 * @throws {invalid} saying why
 */
export function checkCreateWebsite(
  { org, account }: { readonly org: string; readonly account: BucketNaming },
  input: CreateWebsiteInput,
): void {
  checkBucketName(account, input.BucketInput.Bucket);
  checkTags(input.Tags ?? [], org);
  const problem = configurationProblem(input.WebsiteConfiguration ?? {});
  if (problem !== undefined) fail({ kind: 'invalid', pointer: '/WebsiteConfiguration', detail: problem });
}

/**
 * Refuses a configuration that only S3's website endpoint could serve; a private origin is not one.
 * @throws {invalid} saying why
 */
export function checkPrivateOrigin(configuration: WebsiteConfigurationInput | undefined): void {
  const { IndexDocument, ...others } = configuration ?? {};
  const suffix = IndexDocument?.Suffix ?? DEFAULT_INDEX;
  const beyond = Object.keys(others);
  if (suffix === DEFAULT_INDEX && beyond.length === 0) return;
  fail({
    kind: 'invalid',
    pointer: '/WebsiteConfiguration',
    detail: `sites of this domain have a private origin: the index document is ${DEFAULT_INDEX}, and ErrorDocument, RedirectAllRequestsTo and RoutingRules cannot be had`,
  });
}

/**
 * Tells what is wrong with a configuration; undefined when nothing is. The rules of
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
 */
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

/**
 * Fills in the defaults of a configuration. S3 sees neither the site's name nor that visitors come by HTTPS, and would send
 * them to its own endpoint by plain HTTP: where a redirect names no host it is the site's own, and its protocol is HTTPS.
 */
export function withDefaults(
  site: string,
  configuration: WebsiteConfigurationInput | undefined,
): WebsiteConfigurationInput {
  const { RedirectAllRequestsTo: all, RoutingRules } = configuration ?? {};
  if (all !== undefined)
    return { ...configuration, RedirectAllRequestsTo: { ...all, Protocol: all.Protocol ?? HTTPS } };
  return {
    ...configuration,
    IndexDocument: configuration?.IndexDocument ?? { Suffix: DEFAULT_INDEX },
    ...(RoutingRules !== undefined && {
      RoutingRules: RoutingRules.map((rule) => ({
        ...rule,
        Redirect: {
          ...rule.Redirect,
          HostName: rule.Redirect.HostName ?? site,
          Protocol: rule.Redirect.Protocol ?? HTTPS,
        },
      })),
    }),
  };
}

const HTTPS = 'https';
