import type { WebsiteConfigurationInput } from './shapes';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesGeneral.html, "Default root object" */
const FIT = /^[\w.*$/~"'&-]{1,255}$/;

/**
 * Gives the name that CloudFront asks for in the place of `/`; empty where S3 must see `/` itself. It makes of it what it
 * makes of any folder, so that is needed where a redirect would be another one for the name, and where CloudFront does not
 * take the name.
 */
export function rootObjectOf(
  { RedirectAllRequestsTo, RoutingRules }: WebsiteConfigurationInput,
  index: string,
): string {
  if (RedirectAllRequestsTo !== undefined || !FIT.test(index)) return '';
  const isRuled = (RoutingRules ?? []).some(
    ({ Condition }) =>
      Condition?.HttpErrorCodeReturnedEquals === undefined && index.startsWith(Condition?.KeyPrefixEquals ?? ''),
  );
  return isRuled ? '' : index;
}
