import type { AccountConfig } from '../../config/types';
import type { Desk } from './desk';
import type { Holder } from '../shared/holder';
import { checkUserName } from '../shared/names';
import { bucketRoles, checkBucketUser, checkCreateUser, createUser, type NewUser, websiteRoles } from '../user/create';
import { deleteUser } from '../user/delete';
import { resetKeys } from '../user/keys/reset';
import { listUsers, showUser } from '../access/aws/users';
import type { Provisioning } from './service';
import type { CreateUserInput } from '../shared/shapes';
import { distributionArnOf } from './site-desk';
import { scopeOf } from '../shared/site-names';

type Users = Pick<Provisioning, 'listUsers' | 'showUser' | 'createUser' | 'resetKeys' | 'deleteUser'>;

/** Users of buckets and of websites. */
export function userDesk(desk: Desk): Users {
  const { forReading, forBucket, forSite, write } = desk;

  const check = (account: AccountConfig, holder: Holder): void => {
    desk.checkHolder(account, holder);
    desk.requireIam(account);
  };

  /** What a new user gets; a website's admin role may need the site's distribution. */
  const newUser = async (account: AccountConfig, holder: Holder, input: CreateUserInput): Promise<NewUser> => {
    const { bucket } = holder;
    if (holder.kind === 'bucket') {
      checkBucketUser(input);
      return { holder, input, roles: bucketRoles(bucket, input) };
    }
    const roles = websiteRoles(bucket, input);
    const arn = await distributionArnOf(desk, account, bucket);
    const scope = scopeOf(input.User.Path);
    return {
      holder,
      input,
      roles,
      ...(arn !== undefined && { distributionArn: arn }),
      ...(scope !== undefined && { scope }),
    };
  };

  return {
    listUsers: async (account, holder) => {
      check(account, holder);
      return listUsers(await forReading(account), holder);
    },
    showUser: async (account, holder, user) => {
      check(account, holder);
      checkUserName(user);
      return showUser(await forReading(account), holder, user);
    },
    createUser: async (account, holder, input, deliver) => {
      check(account, holder);
      checkCreateUser({ org: desk.org() }, input);
      const user = await newUser(account, holder, input);
      const context = await (holder.kind === 'website' ? forSite : forBucket)(account, holder.bucket);
      return write(context, holder.bucket, createUser(context, user), deliver);
    },
    resetKeys: async (account, holder, user, deliver) => {
      check(account, holder);
      checkUserName(user);
      const context = await forBucket(account, holder.bucket);
      return write(context, holder.bucket, resetKeys(context, holder, user), deliver);
    },
    deleteUser: async (account, holder, user) => {
      check(account, holder);
      checkUserName(user);
      const context = await forBucket(account, holder.bucket);
      return write(context, holder.bucket, deleteUser(context, holder, user));
    },
  };
}
