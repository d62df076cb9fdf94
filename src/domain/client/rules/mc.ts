import {
  type ClientFile,
  type ClientSettings,
  keyId,
  refuseBasePath,
  SECRET_PLACEHOLDER,
  shellWord,
  startOf,
} from './client-file';

/**
 * Writes an alias for MinIO's client, as `mc alias import NAME FILE` reads it
 * (https://min.io/docs/minio/linux/reference/minio-mc/mc-alias-import.html). Members that it does not know it leaves
 * alone.
 */
export function mcFile(settings: ClientSettings): ClientFile {
  const { bucket, address } = settings;
  refuseBasePath('mc', address);
  const alias = {
    comment: `put the secret in; mc alias import NAME ${bucket}.json; mc ls ${shellWord(`NAME/${startOf(settings)}/`)}`,
    url: address.endpoint,
    accessKey: keyId(settings),
    secretKey: SECRET_PLACEHOLDER,
    api: 's3v4',
    path: address.isAws ? 'auto' : address.isPathStyle(bucket) ? 'on' : 'off',
  };
  return {
    name: `${bucket}.json`,
    type: 'application/json; charset=utf-8',
    text: `${JSON.stringify(alias, undefined, 2)}\n`,
  };
}
