import type { AccountConfig, Config } from '../../config/types';

/** Buckets that belong to the service itself: access logs and the operations store. No route reaches them. */

/**
 * Gives the bucket that access logs of an account go to. `{account_id}` stands for the account's *name*, as deployments
 * of the predecessor expect; `{account_number}` for its 12 digits (left in place when they are not configured).
 */
export function accessLogBucket(account: AccountConfig, accountId: string): string | undefined {
  return account.accessLog?.bucket
    .replaceAll('{account_id}', account.name)
    .replaceAll('{account_number}', accountId === '' ? '{account_number}' : accountId);
}

/** Gives the prefix of a bucket's access log objects, e.g. `s3/photos/`. */
export function accessLogPrefix(account: AccountConfig, bucket: string): string {
  const prefix = account.accessLog?.prefix ?? '';
  return prefix === '' ? `${bucket}/` : `${prefix.replace(/\/+$/, '')}/${bucket}/`;
}

type StoresConfig = Pick<Config, 'accounts' | 'operations'>;

/** A configuration is frozen, so what follows from it is worked out once. */
const known = new WeakMap<StoresConfig, ReadonlySet<string>>();

/** Lists the names of all the service's own buckets; bucket names are global, so one set serves every account. */
export function ownStores(config: StoresConfig): ReadonlySet<string> {
  const stores = known.get(config) ?? collect(config);
  known.set(config, stores);
  return stores;
}

function collect(config: StoresConfig): ReadonlySet<string> {
  const stores = new Set<string>();
  for (const account of config.accounts.values()) {
    const bucket = accessLogBucket(account, account.id ?? '');
    if (bucket !== undefined) stores.add(bucket);
  }
  if (config.operations.store === 's3') stores.add(config.operations.bucket);
  return stores;
}
