import type { AccountConfig } from '../../config/types';
import type { ClientOptions, ClientProvisioning } from './client-service';
import { s3Address, type S3Address } from '../client/rules/address';
import { checkFolder, checkWithin, type Reach, reachOf } from '../client/rules/folder';
import { clientFiles } from '../client/rules/tools';
import type { Desk } from './desk';
import { bookmark } from '../client/rules/duck';
import type { Holder } from '../shared/holder';
import { requireSite } from './site-desk';
import { bucketPlace, requirePresent } from '../shared/aws/bucket';
import { accessKeys, membership } from '../access/aws/user';

/** Making the text of a bookmark costs more than all the rest of its answer. */
const MOST_BOOKMARKS = 1_000;

/** A user as far as clients are concerned. */
interface ClientUser extends Reach {
  /** undefined: it has no active key. */
  readonly accessKeyId: string | undefined;
}

/** Bookmarks and the configurations of other clients. */
export function clientDesk(desk: Desk): ClientProvisioning {
  /** Texts by account: its configuration is frozen, and a reloaded one is another object. */
  const bookmarks = new WeakMap<AccountConfig, Map<string, string>>();
  const bookmarksOf = (account: AccountConfig): Map<string, string> => {
    const known = bookmarks.get(account);
    if (known) return known;
    const texts = new Map<string, string>();
    bookmarks.set(account, texts);
    return texts;
  };

  /**
   * The region of the bucket: clients do not all follow redirects. Ends with `not-found` or `denied`; asks AWS when nothing is
   * known of the last seconds.
   */
  const locate = async (account: AccountConfig, { kind, bucket }: Holder): Promise<string> => {
    if (kind === 'website') {
      // They are where the account is.
      await requireSite(desk, account, bucket);
      return account.region;
    }
    const known = desk.existence.factsOf(account.name, bucket)?.region;
    if (known !== undefined) return known;
    const { presence, region = account.region } = await bucketPlace(await desk.forReading(account), bucket);
    requirePresent(presence, bucket);
    desk.existence.seen(account.name, bucket, { region });
    return region;
  };

  /** Ends with `not-found` for users of others. */
  const findUser = async (account: AccountConfig, holder: Holder, user: string): Promise<ClientUser> => {
    desk.checkUser(account, holder, user);
    const context = await desk.forReading(account);
    const [keys, { groups, legacy, holder: known }] = await Promise.all([
      accessKeys(context, user),
      membership(context, holder, user),
    ]);
    const accessKeyId = keys.filter(({ Status }) => Status !== 'Inactive').at(-1)?.AccessKeyId;
    // The predecessor's user has the admin's policy, or one like it.
    return { accessKeyId, ...(legacy ? { folder: undefined, isAdmin: true } : reachOf(known, groups)) };
  };

  const addressOf = (account: AccountConfig, region: string): S3Address =>
    s3Address({ ...account, region, partition: desk.partitionOf(account) });

  /** Everything that is asked before a text is made: the folder to start in, the user, and the bucket's region. */
  const start = async (account: AccountConfig, holder: Holder, { path, user: name }: ClientOptions) => {
    desk.checkHolder(account, holder);
    const asked = checkFolder(path);
    if (name === undefined) {
      return { folder: asked, user: undefined, region: await locate(account, holder) };
    }
    const [user, region] = await Promise.all([findUser(account, holder, name), locate(account, holder)]);
    if (asked !== undefined && user.folder !== undefined) checkWithin(asked, user.folder, name);
    return { folder: asked ?? user.folder, user, region };
  };

  return {
    bookmark: async (account, holder, options) => {
      const { bucket, kind } = holder;
      const { folder, user, region } = await start(account, holder, options);
      const texts = bookmarksOf(account);
      // None of them can hold a line break.
      const key = `${kind}\n${bucket}\n${region}\n${folder ?? ''}\n${user?.accessKeyId ?? ''}`;
      const known = texts.get(key);
      if (known !== undefined) return known;
      const text = bookmark({
        account: account.name,
        bucket,
        address: addressOf(account, region),
        path: folder,
        accessKeyId: user?.accessKeyId,
        ...(kind === 'website' && { webUrl: `https://${bucket}` }),
      });
      if (texts.size >= MOST_BOOKMARKS) texts.clear();
      texts.set(key, text);
      return text;
    },

    clientFile: async (account, holder, tool, options) => {
      const { folder, user, region } = await start(account, holder, options);
      return clientFiles[tool]({
        bucket: holder.bucket,
        region,
        address: addressOf(account, region),
        folder,
        accessKeyId: user?.accessKeyId,
        // A new user is an admin of its bucket unless said otherwise; keys of a store without IAM know no roles.
        setsAcls: account.iam && (user === undefined ? true : user.isAdmin),
      });
    },
  };
}
