import type { AccountConfig } from '../../config/types';
import type { Deliver, Performed } from '../../engine/recipe';
import type { ClientProvisioning } from './client-service';
import type { Holder } from '../shared/holder';
import type { SettingName } from '../shared/settings-shapes';
import type { KeyProvisioning } from './key-service';
import type {
  BucketCreated,
  BucketDetails,
  CreateBucketInput,
  CreateUserInput,
  KeysReset,
  Spared,
  UpdateBucketInput,
  UserCreated,
  UserDetails,
  UserShape,
  Warned,
} from '../shared/shapes';
import type { ObjectProvisioning } from './object-service';
import type { WebsiteProvisioning } from './website-service';

/**
 * Everything the HTTP side can ask for. Reads reject with a `DomainFailure`. Writes reject only with what is known before
 * an operation begins (input, an unreachable account); how the operation ended is in its outcome. Those whose answer holds
 * a secret are given `deliver`, which says whether the answer arrived: a key whose secret reached nobody is withdrawn.
 */
export interface Provisioning extends WebsiteProvisioning, ObjectProvisioning, ClientProvisioning, KeyProvisioning {
  /** Names of all the account's buckets except our own stores, over all pages, sorted. */
  listBuckets(account: AccountConfig): Promise<readonly string[]>;
  /** Ends with `not-found`, or `denied` when the bucket is somebody else's. */
  requireBucket(account: AccountConfig, bucket: string): Promise<void>;
  /** `include`: settings to be shown besides. */
  showBucket(account: AccountConfig, bucket: string, include: readonly SettingName[]): Promise<BucketDetails>;
  createBucket(account: AccountConfig, input: CreateBucketInput): Promise<Performed<BucketCreated>>;
  updateBucket(account: AccountConfig, bucket: string, input: UpdateBucketInput): Promise<Performed<Warned>>;
  deleteBucket(account: AccountConfig, bucket: string): Promise<Performed<Spared>>;

  listUsers(account: AccountConfig, holder: Holder): Promise<readonly UserShape[]>;
  showUser(account: AccountConfig, holder: Holder, user: string): Promise<UserDetails>;
  createUser(
    account: AccountConfig,
    holder: Holder,
    input: CreateUserInput,
    deliver?: Deliver<UserCreated>,
  ): Promise<Performed<UserCreated>>;
  resetKeys(
    account: AccountConfig,
    holder: Holder,
    user: string,
    deliver?: Deliver<KeysReset>,
  ): Promise<Performed<KeysReset>>;
  deleteUser(account: AccountConfig, holder: Holder, user: string): Promise<Performed<Spared>>;
}
