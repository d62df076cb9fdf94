/**
 * The S3 website endpoint.
 * Source: S3 User Guide, "Website endpoints", "Configuring an index document", "Configuring a custom error document".
 */
import { AwsRefusal, type WireRequest, type WireResponse } from '../contract';
import { partitionOf } from '../partitions';
import type { Bucket, S3State } from '../services/s3/store';
import { currentObject } from '../services/s3/versions';
import type { ObjectReader } from './objects';
import { websiteErrorPage } from './pages';
import { redirect, redirectAll, routed } from './website-redirects';

export interface WebsiteDeps {
  readonly state: S3State;
  readonly objects: ObjectReader;
}

export interface SiteCall {
  readonly request: WireRequest;
  readonly ip: string;
  readonly requestId: string;
}

type Website = NonNullable<Bucket['config']['website']>;

function decodedPath(request: WireRequest): string {
  try {
    return decodeURIComponent(request.rawPath).replace(/^\//, '');
  } catch {
    throw new AwsRefusal(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

function bucketAt(deps: WebsiteDeps, site: { readonly bucket: string; readonly region: string }): Bucket {
  const bucket = deps.state.buckets.get(site.bucket, partitionOf(site.region).name);
  if (bucket === undefined)
    throw new AwsRefusal(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: site.bucket });
  if (bucket.region === site.region) return bucket;
  throw new AwsRefusal(
    400,
    'IncorrectEndpoint',
    'The specified bucket exists in another region. Please direct requests to the specified endpoint.',
    {
      Endpoint: `${bucket.name}.s3-website-${bucket.region}.${partitionOf(bucket.region).dnsSuffix}`,
    },
  );
}

function read(deps: WebsiteDeps, call: SiteCall, bucket: Bucket, key: string, conditional: boolean): WireResponse {
  const { 'user-agent': agent = '', referer = '' } = call.request.headers;
  const headers = conditional ? call.request.headers : { 'user-agent': agent, referer };
  return deps.objects.read({
    reader: { kind: 'anonymous', ip: call.ip },
    bucket: bucket.name,
    region: bucket.region,
    key,
    headers,
    endpoint: 'website',
    requestId: call.requestId,
  });
}

/** `/docs` where only `docs/index.html` is there: the browser is sent to `/docs/`, so that relative links hold. */
function folderRedirect(bucket: Bucket, key: string, suffix: string): WireResponse | undefined {
  if (key === '' || key.endsWith('/') || currentObject(bucket, key) !== undefined) return undefined;
  if (currentObject(bucket, `${key}/${suffix}`) === undefined) return undefined;
  return redirect(302, `/${key.split('/').map(encodeURIComponent).join('/')}/`);
}

/** Errors the site has its own document for: 4xx. */
function errorAnswer(
  deps: WebsiteDeps,
  call: SiteCall,
  bucket: Bucket,
  website: Website,
  refusal: AwsRefusal,
): WireResponse {
  const document = website.ErrorDocument?.Key;
  if (document === undefined || refusal.status < 400 || refusal.status >= 500)
    return websiteErrorPage(refusal, call.requestId);
  try {
    const found = read(deps, call, bucket, document, false);
    return {
      ...found,
      status: refusal.status,
      headers: { ...found.headers, 'x-amz-error-code': refusal.code, 'x-amz-error-message': refusal.message },
    };
  } catch (thrown) {
    if (!(thrown instanceof AwsRefusal)) throw thrown;
    return websiteErrorPage(refusal, call.requestId, thrown);
  }
}

function serve(deps: WebsiteDeps, call: SiteCall, bucket: Bucket, website: Website): WireResponse {
  const { request } = call;
  const asked = decodedPath(request);
  const all = redirectAll(website, request) ?? routed(website, request, asked, undefined);
  if (all !== undefined) return all;
  const suffix = website.IndexDocument?.Suffix ?? 'index.html';
  const key = asked === '' || asked.endsWith('/') ? `${asked}${suffix}` : asked;
  try {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new AwsRefusal(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', {
        Method: request.method,
        ResourceType: 'OBJECT',
      });
    }
    const folder = folderRedirect(bucket, asked, suffix);
    if (folder !== undefined) return folder;
    const found = read(deps, call, bucket, key, true);
    const elsewhere = found.headers['x-amz-website-redirect-location'];
    return elsewhere === undefined ? found : redirect(301, elsewhere);
  } catch (thrown) {
    if (!(thrown instanceof AwsRefusal)) throw thrown;
    return routed(website, request, key, thrown.status) ?? errorAnswer(deps, call, bucket, website, thrown);
  }
}

/** Answers a request to a website endpoint; refusals become pages. */
export function serveWebsite(
  deps: WebsiteDeps,
  site: { readonly bucket: string; readonly region: string },
  call: SiteCall,
): WireResponse {
  const ids = { 'x-amz-request-id': call.requestId, server: 'AmazonS3' };
  try {
    const bucket = bucketAt(deps, site);
    const { website } = bucket.config;
    if (website === undefined) {
      throw new AwsRefusal(
        404,
        'NoSuchWebsiteConfiguration',
        'The specified bucket does not have a website configuration',
        { BucketName: bucket.name },
      );
    }
    const response = serve(deps, call, bucket, website);
    return { ...response, headers: { ...ids, ...response.headers } };
  } catch (thrown) {
    if (!(thrown instanceof AwsRefusal)) throw thrown;
    const response = websiteErrorPage(thrown, call.requestId);
    return { ...response, headers: { ...ids, ...response.headers } };
  }
}
