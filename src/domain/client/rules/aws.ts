import {
  type ClientFile,
  type ClientSettings,
  keyId,
  plainText,
  s3Url,
  SECRET_PLACEHOLDER,
  shellWord,
} from './client-file';

/**
 * Writes a profile by the bucket's name for the AWS CLI and the SDKs that read its files
 * (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html). The config file may hold keys, too: one
 * file is easier to hand on than two.
 */
export function awsFile(settings: ClientSettings): ClientFile {
  const { bucket, region, address } = settings;
  return plainText('config', [
    `# The AWS CLI for ${bucket}. Add this to ~/.aws/config, and put the secret in. Then:`,
    `#   aws --profile ${bucket} s3 ls ${shellWord(s3Url(settings))}`,
    ...(address.isAws
      ? []
      : [
          `# The AWS CLI before 1.29 and 2.13 reads no endpoint from here: add --endpoint-url ${shellWord(address.endpoint)} to its commands.`,
        ]),
    `[profile ${bucket}]`,
    `region = ${region}`,
    `aws_access_key_id = ${keyId(settings)}`,
    `aws_secret_access_key = ${SECRET_PLACEHOLDER}`,
    // What newer releases add to every upload is what stores other than AWS know least.
    ...(address.isAws
      ? []
      : [
          'request_checksum_calculation = when_required',
          'response_checksum_validation = when_required',
          `services = ${bucket}`,
        ]),
    's3 =',
    // "aws s3 presign" of version 1 signs in the old way otherwise.
    '  signature_version = s3v4',
    ...(address.isAws ? [] : [`  addressing_style = ${address.isPathStyle(bucket) ? 'path' : 'virtual'}`]),
    ...(address.isAws ? [] : ['', `[services ${bucket}]`, 's3 =', `  endpoint_url = ${address.endpoint}`]),
  ]);
}
