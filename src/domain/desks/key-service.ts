import type { AccountConfig } from '../../config/types';
import type { Deliver, Performed } from '../../engine/recipe';
import type { Holder } from '../shared/holder';
import type {
  ChangeUserInput,
  KeyAdded,
  KeyName,
  KeyQuery,
  KeyReport,
  KeysRevoked,
  KeyStatus,
  UsedKeyShape,
} from '../user/keys/rules/shapes';
import type { AccessKeyShape, UserDetails } from '../shared/shapes';

/** What the HTTP side can ask for about single access keys and the state of users; rejects and answers as `Provisioning` does. */
export interface KeyProvisioning {
  /** A second key beside the first. Ends with `conflict` when there are two already, or the user is Inactive. */
  addKey(
    account: AccountConfig,
    holder: Holder,
    user: string,
    deliver?: Deliver<KeyAdded>,
  ): Promise<Performed<KeyAdded>>;
  /** The user's keys with their last use, oldest first. */
  listKeys(account: AccountConfig, holder: Holder, user: string): Promise<readonly UsedKeyShape[]>;
  /** Ends with `not-found` for a key that is not this user's, `conflict` when an Inactive user's is to be Active. */
  setKeyStatus(
    account: AccountConfig,
    holder: Holder,
    key: KeyName,
    status: KeyStatus,
  ): Promise<Performed<AccessKeyShape>>;
  deleteKey(account: AccountConfig, holder: Holder, key: KeyName): Promise<Performed<void>>;
  /** Deletes every key of the user. */
  revokeKeys(account: AccountConfig, holder: Holder, user: string): Promise<Performed<KeysRevoked>>;
  /** Turns a user off or on, changes its groups, or both; gives the user as it is then. */
  changeUser(
    account: AccountConfig,
    holder: Holder,
    user: string,
    input: ChangeUserInput,
  ): Promise<Performed<UserDetails>>;
  /** Access keys of all users of the service in an account, page by page. */
  reportKeys(account: AccountConfig, query: KeyQuery): Promise<KeyReport>;
}
