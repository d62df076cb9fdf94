import { LONGEST_BUCKET_NAME, ownSuffix } from '../base/bucket-names';
import type { AccountEntry } from './account-entries';
import { accountIdOfRole } from './check-account';
import { isAwsHost } from './endpoint';
import type { Draft, FileAccount } from './file-shape';
import { type ConfigProblem, pointerTo } from './problems';

/**
 * Rules of the namespace that an account has for its bucket names.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
 */

/** The regions without it. Same page. */
const WITHOUT: ReadonlySet<string> = new Set(['me-south-1', 'me-central-1']);

/** Lists what stands against `"bucketNamespace": "account-regional"` in one account's settings. */
export function checkNamespace(entry: AccountEntry<Draft<FileAccount>>): readonly ConfigProblem[] {
  const { settings, settingsPointer, idPointer } = entry;
  if (settings?.bucketNamespace !== 'account-regional') return [];
  const { region, iam, host } = settings;
  const id = entry.id ?? accountIdOfRole(settings.role);
  const pointer = pointerTo(settingsPointer, 'bucketNamespace');
  return [
    // A role that is given by name needs the id anyhow, and is said to.
    ...(id === undefined && settings.role === undefined
      ? [
          {
            pointer: idPointer,
            found: 'nothing',
            allowed: "the account's 12-digit id, in which the names of its own namespace end",
          },
        ]
      : []),
    ...(iam === false || (iam !== true && host !== undefined && !isAwsHost(host))
      ? [
          {
            pointer,
            found: 'a namespace of AWS on another store',
            allowed: '"global": other stores have no such thing',
          },
        ]
      : []),
    ...(region !== undefined && WITHOUT.has(region)
      ? [{ pointer, found: `"account-regional" in ${region}`, allowed: '"global": this region has no other' }]
      : []),
    ...(region === undefined ? [] : tooLongDomains(settings, region, id ?? '123456789012', settingsPointer)),
  ];
}

/** A site has at least one character and a dot before its domain. */
function tooLongDomains(
  { domains }: Draft<FileAccount>,
  region: string,
  id: string,
  settingsPointer: string,
): readonly ConfigProblem[] {
  const longest = LONGEST_BUCKET_NAME - ownSuffix({ id, region }).length;
  return Object.keys(domains ?? {}).flatMap((domain) =>
    domain.length + 2 <= longest
      ? []
      : [
          {
            pointer: pointerTo(settingsPointer, 'domains', domain),
            found: `a domain of ${String(domain.length)} characters with "account-regional"`,
            allowed: `one of ${String(longest - 2)} at most: the suffix of the namespace leaves ${String(longest)} characters for the name of a site`,
          },
        ],
  );
}
