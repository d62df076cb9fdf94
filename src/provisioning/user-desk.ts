import type { AccountConfig } from '../config/types';
import { fail } from '../errors';
import type { Desk } from './desk';
import { bookmark, s3Address } from './duck';
import type { Holder } from './holder';
import { checkUserName } from './names';
import type { NewUser } from './plans/create-user';
import { bucketRoles, checkBucketUser, checkCreateUser, createUser, websiteRoles } from './plans/create-user';
import { deleteUser } from './plans/delete-user';
import { resetKeys } from './plans/reset-keys';
import { requireBucket } from './reads/bucket';
import { accessKeys, membership } from './reads/user';
import { listUsers, showUser } from './reads/users';
import type { Provisioning } from './service';
import type { CreateUserInput } from './shapes';
import { noWebsite, scopeOf } from './site-names';
import { withdrawKey } from './steps/access-key';

type Users = Pick<
  Provisioning,
  'listUsers' | 'showUser' | 'createUser' | 'resetKeys' | 'deleteUser' | 'withdrawKey' | 'bookmark'
>;

/** Making the text of a bookmark costs more than all the rest of its answer. */
const MOST_BOOKMARKS = 1_000;

/** Users of buckets and of websites, and the bookmarks they are given. */
export function userDesk(desk: Desk): Users {
  const { forReading, forBucket, forSite, write } = desk;

  /** Texts by account: its configuration is frozen, and a reloaded one is another object. */
  const bookmarks = new WeakMap<AccountConfig, Map<string, string>>();
  const bookmarksOf = (account: AccountConfig): Map<string, string> => {
    const texts = bookmarks.get(account) ?? new Map<string, string>();
    bookmarks.set(account, texts);
    return texts;
  };

  const check = (account: AccountConfig, holder: Holder): void => {
    desk.checkReachable(holder.bucket);
    desk.requireIam(account);
    if (holder.kind === 'website') desk.checkSite(account, holder.bucket);
  };

  /** What a new user gets; a website's admin role may need the site's distribution. */
  const newUser = async (account: AccountConfig, holder: Holder, input: CreateUserInput): Promise<NewUser> => {
    const { bucket } = holder;
    if (holder.kind === 'bucket') {
      checkBucketUser(input);
      return { holder, input, roles: bucketRoles(bucket, input) };
    }
    const roles = websiteRoles(bucket, input);
    // Loaded when first needed: CloudFront and Route 53 are a sixth of the memory of a service that has no websites.
    const { findWebsite, isWebsite } = await import('./reads/website');
    const site = await findWebsite(await forReading(account), bucket, desk.checkSite(account, bucket), desk.sites);
    if (!isWebsite(site)) fail(noWebsite(bucket));
    const arn = site.distribution?.distribution.ARN;
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
    createUser: async (account, holder, input) => {
      check(account, holder);
      checkCreateUser({ org: desk.org() }, input);
      const user = await newUser(account, holder, input);
      const context = await (holder.kind === 'website' ? forSite : forBucket)(account, holder.bucket);
      return write(context, holder.bucket, createUser(context, user));
    },
    resetKeys: async (account, holder, user) => {
      check(account, holder);
      checkUserName(user);
      const context = await forBucket(account, holder.bucket);
      return write(context, holder.bucket, resetKeys(context, holder, user));
    },
    deleteUser: async (account, holder, user) => {
      check(account, holder);
      checkUserName(user);
      const context = await forBucket(account, holder.bucket);
      return write(context, holder.bucket, deleteUser(context, holder, user));
    },
    withdrawKey: async (account, holder, { user, id }) =>
      withdrawKey(await forBucket(account, holder.bucket), user, id),

    bookmark: async (account, holder, { path, user }) => {
      const { bucket } = holder;
      desk.checkReachable(bucket);
      if (holder.kind === 'website') desk.checkSite(account, bucket);
      const accessKeyId = user === undefined ? undefined : await keyIdOf(account, holder, user);
      if (!desk.existence.isKnown(account.name, bucket)) {
        await requireBucket(await forReading(account), bucket);
        desk.existence.seen(account.name, bucket);
      }
      const texts = bookmarksOf(account);
      const key = JSON.stringify([holder.kind, bucket, path, accessKeyId]);
      const text =
        texts.get(key) ??
        bookmark({
          account: account.name,
          bucket,
          address: s3Address({ ...account, partition: desk.partitionOf(account) }),
          path: cleanPath(path),
          accessKeyId,
          ...(holder.kind === 'website' && { webUrl: `https://${bucket}` }),
        });
      if (texts.size >= MOST_BOOKMARKS) texts.clear();
      texts.set(key, text);
      return text;
    },
  };

  /** The id of a user's newest active key; undefined when it has none. */
  async function keyIdOf(account: AccountConfig, holder: Holder, user: string): Promise<string | undefined> {
    desk.checkUser(account, holder.bucket, user);
    const context = await forReading(account);
    const [keys] = await Promise.all([accessKeys(context, user), membership(context, holder, user)]);
    return keys.filter(({ Status }) => Status !== 'Inactive').at(-1)?.AccessKeyId;
  }
}

/** A folder without leading and trailing slashes; undefined when nothing is left. */
function cleanPath(path: string | undefined): string | undefined {
  const cleaned = path?.replace(/^\/+|\/+$/g, '');
  return cleaned === '' ? undefined : cleaned;
}
