import { S3Client } from '@aws-sdk/client-s3';
import { isIP } from 'node:net';
import type { AccountConfig } from '../config/types';
import type { ClientSettings } from './client-settings';
import { sendBucketNames } from './wire/bucket-names';
import { addContentMd5 } from './wire/content-md5';
import { refuseOtherDocuments } from './wire/other-document';

/** Makes a client of S3, or of a store that is like it. */
export function s3Client(settings: ClientSettings, account: AccountConfig): S3Client {
  const pathStyle =
    account.pathStyle ?? (account.endpoint === undefined ? undefined : needsPathStyle(account.endpoint));
  const client = new S3Client({
    ...settings,
    // Redirects are followed by `bucket-region.ts`: the SDK does so by changing the shared client's region while
    // other calls are under way.
    followRegionRedirects: false,
    // S3-compatible stores refuse checksums they do not know, and AWS needs them for few operations only.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A name in the form of a directory bucket would otherwise cost a CreateSession before the call.
    disableS3ExpressSessionAuth: true,
    ...(pathStyle !== undefined && { forcePathStyle: pathStyle }),
  });
  if (pathStyle === undefined) choosePathStyle(client);
  if (!account.iam) addContentMd5(client);
  sendBucketNames(client, account);
  return refuseOtherDocuments(client);
}

/**
 * Without a configured endpoint the address may still come from `AWS_ENDPOINT_URL` or the shared files, and is known no
 * sooner than the SDK asks its endpoint rules: there the choice is made then.
 */
function choosePathStyle(client: S3Client): void {
  const resolve = client.config.endpointProvider;
  client.config.endpointProvider = (params, context) =>
    resolve(
      params.Endpoint !== undefined && needsPathStyle(params.Endpoint) ? { ...params, ForcePathStyle: true } : params,
      context,
    );
}

/**
 * Tells whether buckets must go into the path: IP addresses, localhost and single-label hosts have no sub-domains for
 * them.
 */
function needsPathStyle(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const host = new URL(endpoint).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 || !host.includes('.') || host.endsWith('.localhost');
}
