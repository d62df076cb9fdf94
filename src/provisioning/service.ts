import type { AccountConfig } from '../config/types';
import type { Performed } from '../engine/recipe';
import type {
  BucketCreated,
  BucketDetails,
  CreateBucketInput,
  CreateUserInput,
  KeysReset,
  UpdateBucketInput,
  UserCreated,
  UserDetails,
  UserShape,
} from './shapes';

/**
 * Everything the HTTP side can ask for. Reads reject with a `DomainFailure`; writes never reject: how they ended is in
 * the outcome.
 */
export interface Provisioning {
  /** Names of all the account's buckets except our own stores, over all pages, sorted. */
  listBuckets(account: AccountConfig): Promise<readonly string[]>;
  /** Ends with `not-found`, or `denied` when the bucket is somebody else's. */
  requireBucket(account: AccountConfig, bucket: string): Promise<void>;
  showBucket(account: AccountConfig, bucket: string): Promise<BucketDetails>;
  createBucket(account: AccountConfig, input: CreateBucketInput): Promise<Performed<BucketCreated>>;
  updateBucket(account: AccountConfig, bucket: string, input: UpdateBucketInput): Promise<Performed<void>>;
  deleteBucket(account: AccountConfig, bucket: string): Promise<Performed<void>>;
  /** A Cyberduck bookmark (XML plist text). `user` adds the user's access key id. */
  bookmark(account: AccountConfig, bucket: string, options: { readonly path?: string; readonly user?: string }): Promise<string>;

  listUsers(account: AccountConfig, bucket: string): Promise<readonly UserShape[]>;
  showUser(account: AccountConfig, bucket: string, user: string): Promise<UserDetails>;
  createUser(account: AccountConfig, bucket: string, input: CreateUserInput): Promise<Performed<UserCreated>>;
  resetKeys(account: AccountConfig, bucket: string, user: string): Promise<Performed<KeysReset>>;
  deleteUser(account: AccountConfig, bucket: string, user: string): Promise<Performed<void>>;
}
