import {
  cannotHold,
  type ClientFile,
  type ClientSettings,
  envAddress,
  keyId,
  plainText,
  SECRET_PLACEHOLDER,
} from './client-file';

/**
 * Writes the storage settings of authentik's `.env` (https://docs.goauthentik.io/install-config/storage/s3/). authentik
 * owns the whole bucket: there is no setting for a folder.
 */
export function authentikFile(settings: ClientSettings): ClientFile {
  const { bucket, region, address, folder } = settings;
  if (folder !== undefined)
    cannotHold('authentik', folder, 'it uses the whole of its bucket, and needs a key for all of it');
  const set = (name: string, value: string): string => `AUTHENTIK_STORAGE__S3__${name}=${value}`;
  return plainText('.env', [
    `# authentik's storage in ${bucket}. Add this to authentik's .env, and put the secret in.`,
    "# The bucket needs a CORS rule for authentik's own address: GET, header Authorization.",
    'AUTHENTIK_STORAGE__BACKEND=s3',
    set('ACCESS_KEY', keyId(settings)),
    set('SECRET_KEY', SECRET_PLACEHOLDER),
    set('BUCKET_NAME', bucket),
    ...(address.isAws
      ? [set('REGION', region)]
      : [
          set('ENDPOINT', envAddress(address.endpoint)),
          set('CUSTOM_DOMAIN', envAddress(address.bucketHost(bucket))),
          ...(address.isTls ? [] : [set('SECURE_URLS', 'false')]),
        ]),
    ...(address.isPathStyle(bucket) ? [set('ADDRESSING_STYLE', 'path')] : []),
  ]);
}
