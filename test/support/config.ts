import { defaultBucketActions, defaultDistributionActions, defaultObjectActions } from '../../src/config/defaults';
import type { AccountConfig } from '../../src/config/types';
import { secret } from '../../src/base/secret';

/** An account's configuration with everything at its default. */
export function accountConfig(changes: Partial<AccountConfig>): AccountConfig {
  return {
    name: 'demo',
    id: undefined,
    region: 'us-east-1',
    credentials: { kind: 'static', akid: 'AKIATEST', secret: secret('test'), sessionToken: undefined },
    role: undefined,
    externalId: undefined,
    sessionSeconds: 900,
    sourceIdentity: false,
    endpoint: undefined,
    pathStyle: undefined,
    iam: true,
    bucketNamespace: 'global',
    bucketActions: defaultBucketActions,
    objectActions: defaultObjectActions,
    distributionActions: defaultDistributionActions,
    domains: new Map(),
    permissionsBoundary: undefined,
    allowPublicPolicies: false,
    trustedAccounts: [],
    presignUnseen: false,
    accessLog: undefined,
    cleaner: undefined,
    ...changes,
  };
}

/** Where the buckets of such an account are. */
export const homeIn = (partition: string, changes: Partial<AccountConfig> = {}) => ({
  partition,
  account: accountConfig(changes),
});

/** In the partition aws, with everything at its default. */
export const HOME = homeIn('aws');
