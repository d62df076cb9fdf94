import {
  cannotHold,
  type ClientFile,
  type ClientSettings,
  envAddress,
  envValue,
  keyId,
  plainText,
  SECRET_PLACEHOLDER,
} from './client-file';

/**
 * Writes environment variables for programs with an AWS SDK; the `AWS_` ones are the SDKs' own
 * (https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html), the `S3_` ones tell a program of your own.
 */
export function envFile(settings: ClientSettings): ClientFile {
  const { bucket, region, address, folder } = settings;
  const store = address.isAws
    ? []
    : [
        `AWS_ENDPOINT_URL_S3=${envAddress(address.endpoint)}`,
        // What newer SDKs add to every upload is what stores other than AWS know least.
        'AWS_REQUEST_CHECKSUM_CALCULATION=when_required',
        'AWS_RESPONSE_CHECKSUM_VALIDATION=when_required',
      ];
  return plainText('.env', [
    `# Environment for ${bucket}: put the secret in.`,
    `AWS_ACCESS_KEY_ID=${keyId(settings)}`,
    `AWS_SECRET_ACCESS_KEY=${SECRET_PLACEHOLDER}`,
    `AWS_REGION=${region}`,
    `AWS_DEFAULT_REGION=${region}`,
    ...store,
    `S3_BUCKET=${bucket}`,
    ...(folder === undefined ? [] : [`S3_PREFIX=${quoted(folder)}`]),
    `S3_FORCE_PATH_STYLE=${String(address.isPathStyle(bucket))}`,
  ]);
}

/**
 * Writes the folder's prefix as a value of the file.
 * @throws {invalid} when readers of the file do not agree on how to read it
 */
function quoted(folder: string): string {
  return (
    envValue(`${folder}/`) ??
    cannotHold('a .env file', folder, 'its readers do not agree on how to write a single quote')
  );
}
