import {
  type ClientFile,
  type ClientSettings,
  keyId,
  plainText,
  refuseBasePath,
  s3Url,
  SECRET_PLACEHOLDER,
  shellWord,
} from './client-file';

/**
 * Writes a configuration for s3cmd (https://s3tools.org/kb/item14.htm). It knows no start folder: the first line names
 * it.
 */
export function s3cmdFile(settings: ClientSettings): ClientFile {
  const { bucket, region, address } = settings;
  refuseBasePath('s3cmd', address);
  return plainText('.s3cfg', [
    `# s3cmd for ${bucket}. Save this as ~/.s3cfg, and put the secret in. Then: s3cmd ls ${shellWord(s3Url(settings))}`,
    '[default]',
    `access_key = ${keyId(settings)}`,
    `secret_key = ${SECRET_PLACEHOLDER}`,
    `host_base = ${address.authority}`,
    // Without the placeholder of the bucket, buckets go into the path.
    `host_bucket = ${address.isPathStyle(bucket) ? address.authority : `%(bucket)s.${address.authority}`}`,
    `bucket_location = ${region}`,
    `use_https = ${address.isTls ? 'True' : 'False'}`,
    'signature_v2 = False',
  ]);
}
