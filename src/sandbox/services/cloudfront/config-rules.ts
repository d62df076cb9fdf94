import type { Behavior } from './behavior-shape';
import { MANAGED_CACHE_POLICIES } from './cache-policies';
import type { CloudFrontCall } from './call';
import { checkCertificate } from './certificates';
import type { DistributionConfig } from './config-shape';
import { checkQuantity, itemsOf } from './counted';
import { checkOrigin } from './origin-rules';
import { refuse } from './refusals';
import { aliasesOf } from './state';

/** What CloudFront demands of a configuration by itself; rules between distributions are in `alias-rules`. */

const ALIAS = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]{2,63}$/;

/** Source: CloudFront Developer Guide, "HTTP status codes that CloudFront caches" and CustomErrorResponse. */
const ERROR_CODES = new Set([400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]);
const RESPONSE_CODES = new Set(['200', '400', '403', '404', '405', '414', '416', '500', '501', '502', '503', '504']);

function checkFunctions(call: CloudFrontCall, behavior: Behavior): void {
  const associations = itemsOf('FunctionAssociation', behavior.FunctionAssociations);
  if (new Set(associations.map(({ EventType }) => EventType)).size < associations.length) {
    refuse('InvalidFunctionAssociation', 'A cache behavior can have one function for each event type.');
  }
  for (const { FunctionARN: arn, EventType: event } of associations) {
    if (event === 'origin-request' || event === 'origin-response') {
      refuse('InvalidFunctionAssociation', `The event type ${event} is not supported for CloudFront functions.`);
    }
    const found = call.state.functions.get(arn);
    if (found?.accountId !== call.accountId || found.live === undefined) {
      refuse('InvalidFunctionAssociation', `The function ARN doesn't reference a valid function: ${arn}`);
    }
  }
}

/** TTLs belong to ForwardedValues, or to a cache policy, never to both and never to neither. */
function checkCaching(behavior: Behavior): void {
  const policy = behavior.CachePolicyId ?? '';
  const { ForwardedValues: legacy, MinTTL: min, DefaultTTL: preset, MaxTTL: max } = behavior;
  if (policy !== '') {
    if (!MANAGED_CACHE_POLICIES.has(policy)) refuse('NoSuchCachePolicy', 'The cache policy does not exist.');
    const alien = Object.entries({ ForwardedValues: legacy, MinTTL: min, DefaultTTL: preset, MaxTTL: max }).find(
      ([, value]) => value !== undefined,
    );
    if (alien === undefined) return;
    refuse(
      'InvalidArgument',
      `The parameter ${alien[0]} cannot be used when a cache policy is associated to the cache behavior.`,
    );
  }
  if (legacy === undefined) refuse('InvalidArgument', 'The parameter ForwardedValues is required.');
  if (min === undefined) refuse('InvalidArgument', 'The parameter MinTTL is required.');
  if (min < 0 || (preset ?? min) < min || (max ?? Infinity) < (preset ?? min)) {
    refuse('InvalidTTLOrder', 'The order of the TTL values must be MinTTL <= DefaultTTL <= MaxTTL.');
  }
}

function checkMethods(behavior: Behavior): void {
  const methods = [...(behavior.AllowedMethods?.Items.Method ?? ['GET', 'HEAD'])].sort().join();
  const sets = ['GET,HEAD', 'GET,HEAD,OPTIONS', 'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'];
  if (!sets.includes(methods))
    refuse('InvalidArgument', 'The parameter AllowedMethods contains methods that are not supported together.');
}

function checkBehavior(call: CloudFrontCall, config: DistributionConfig, behavior: Behavior): void {
  const origins = itemsOf('Origin', config.Origins).map(({ Id }) => Id);
  const groups = itemsOf('OriginGroup', config.OriginGroups).map(({ Id }) => Id);
  if (![...origins, ...groups].includes(behavior.TargetOriginId))
    refuse('NoSuchOrigin', 'One or more of your origins or origin groups do not exist.');
  checkMethods(behavior);
  checkCaching(behavior);
  checkFunctions(call, behavior);
}

function checkErrorResponses(config: DistributionConfig): void {
  for (const response of itemsOf('CustomErrorResponse', config.CustomErrorResponses)) {
    if (!ERROR_CODES.has(response.ErrorCode)) refuse('InvalidErrorCode', 'An invalid error code was specified.');
    const [page, code] = [response.ResponsePagePath ?? '', response.ResponseCode ?? ''];
    if ((page === '') !== (code === ''))
      refuse('InvalidArgument', 'ResponsePagePath and ResponseCode must be specified together.');
    if (page !== '' && !page.startsWith('/'))
      refuse('InvalidArgument', 'The parameter ResponsePagePath must begin with a slash.');
    if (code !== '' && !RESPONSE_CODES.has(code)) refuse('InvalidResponseCode', 'A response code is not valid.');
  }
}

function checkAliases(call: CloudFrontCall, config: DistributionConfig): void {
  const aliases = aliasesOf(config);
  const certificate = config.ViewerCertificate;
  if (aliases.length > call.options.aliasesPerDistribution) {
    refuse('TooManyDistributionCNAMEs', 'Your request contains more CNAMEs than are allowed per distribution.');
  }
  if (!aliases.every((alias) => ALIAS.test(alias))) {
    refuse('InvalidArgument', 'The parameter CNAME contains one or more parameters that are not valid.');
  }
  if (certificate?.ACMCertificateArn !== undefined) {
    if (certificate.SSLSupportMethod === undefined)
      refuse('InvalidArgument', 'The parameter SSLSupportMethod is required.');
    checkCertificate(call.certificate(certificate.ACMCertificateArn), call.accountId, aliases, call.now);
  } else if (certificate?.IAMCertificateId !== undefined) {
    refuse(
      'InvalidViewerCertificate',
      'The specified SSL certificate does not exist: the sandbox has no server certificates of IAM.',
    );
  } else if (aliases.length > 0) {
    refuse(
      'InvalidViewerCertificate',
      'To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name.',
    );
  }
}

/** A header's name. Source: RFC 9110, 5.1; what else CloudFront asks of it is not documented. */
function checkCacheTags({ CacheTagConfig: tags }: DistributionConfig): void {
  if (tags !== undefined && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/.test(tags.HeaderName))
    refuse('InvalidArgument', 'The parameter HeaderName of CacheTagConfig is not valid.');
}

/**
 * Checks a configuration with its defaults filled in.
 * @throws what CreateDistribution and UpdateDistribution refuse
 */
export function checkConfig(call: CloudFrontCall, config: DistributionConfig): void {
  const origins = itemsOf('Origin', config.Origins);
  const behaviors = [config.DefaultCacheBehavior, ...itemsOf('CacheBehavior', config.CacheBehaviors)];
  if (config.CallerReference === '' || config.CallerReference.length > 128)
    refuse('InvalidArgument', 'The parameter CallerReference is not valid.');
  if (config.Comment.length > 128) refuse('InvalidArgument', 'The parameter Comment is too long.');
  if (origins.length === 0) refuse('InvalidArgument', 'The parameter Origins is required.');
  if (new Set(origins.map(({ Id }) => Id)).size < origins.length)
    refuse('InvalidArgument', 'The parameter Origin Id is not unique.');
  // Source: CloudFront Developer Guide, "Distribution settings", "Default root object".
  if (!/^(?!\/)[\w.*$/~"'&-]{0,255}$/.test(config.DefaultRootObject ?? '')) {
    refuse(
      'InvalidDefaultRootObject',
      'The default root object file name is too big or contains an invalid character.',
    );
  }
  const geo = config.Restrictions?.GeoRestriction;
  checkQuantity(geo?.Quantity ?? 0, geo?.Items?.Location.length ?? 0);
  for (const origin of origins) checkOrigin(call, origin);
  for (const behavior of behaviors) checkBehavior(call, config, behavior);
  checkErrorResponses(config);
  checkCacheTags(config);
  checkAliases(call, config);
}
