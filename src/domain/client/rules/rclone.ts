import {
  cannotHold,
  type ClientFile,
  type ClientSettings,
  keyId,
  plainText,
  SECRET_PLACEHOLDER,
  startOf,
} from './client-file';

/**
 * Writes a file for rclone (https://rclone.org/s3/): one remote for the store, and an alias by the bucket's name that
 * starts in the bucket, or in the folder.
 */
export function rcloneFile(settings: ClientSettings): ClientFile {
  const { bucket, region, address, folder, setsAcls } = settings;
  if (folder !== undefined) checkValue(folder);
  const store = `${bucket}-s3`;
  return plainText('rclone.conf', [
    `# rclone for ${bucket}. Add this to the file that "rclone config file" names, and put the secret in. Then: rclone lsf ${bucket}:`,
    `[${store}]`,
    'type = s3',
    `provider = ${address.isAws ? 'AWS' : 'Other'}`,
    'env_auth = false',
    `access_key_id = ${keyId(settings)}`,
    `secret_access_key = ${SECRET_PLACEHOLDER}`,
    `region = ${region}`,
    ...(address.isAws ? [] : [`endpoint = ${address.endpoint}`]),
    `force_path_style = ${String(address.isPathStyle(bucket))}`,
    '# The key cannot make buckets, and need not look for this one.',
    'no_check_bucket = true',
    ...acl(setsAcls),
    '',
    `[${bucket}]`,
    'type = alias',
    `remote = ${store}:${startOf(settings)}`,
  ]);
}

/**
 * rclone sent an ACL with every upload until 1.61, `private` where none was set, which buckets without ACLs refuse
 * (https://github.com/rclone/rclone/issues/6413). This one they accept, but only from keys that may set ACLs.
 */
function acl(setsAcls: boolean): readonly string[] {
  if (setsAcls) {
    return [
      '# For rclone before 1.61, which sets an ACL with every upload. A key that may not set ACLs (of BktRWGrp) has to do',
      '# without this line, and with a later rclone.',
      'acl = bucket-owner-full-control',
    ];
  }
  return ['# Uploads need rclone 1.61 or later: the ones before set an ACL with every upload, which this key may not.'];
}

/** rclone trims values, and puts another member of the section in the place of `%(name)s`; there is no quoting. */
function checkValue(folder: string): void {
  if (folder !== folder.trimEnd()) cannotHold('rclone', folder, 'its file cannot hold spaces at the end');
  if (/%\([^)]+\)s/.test(folder)) cannotHold('rclone', folder, 'its file takes %(name)s for a reference');
}
