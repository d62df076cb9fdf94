import type { AccountConfig } from '../config/types';
import type { ClientOptions, ClientProvisioning } from './client-service';
import { s3Address } from './clients/address';
import type { S3Address } from './clients/address';
import { checkFolder, checkWithin, reachOf } from './clients/folder';
import type { Reach } from './clients/folder';
import { clientFiles } from './clients/tools';
import type { Desk } from './desk';
import { bookmark } from './duck';
import type { Holder } from './holder';
import { requireSite } from './site-desk';
import { requireBucket } from './reads/bucket';
import { accessKeys, membership } from './reads/user';

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

  /** Ends with `not-found` or `denied`; asks AWS when nothing is known of the last seconds. */
  const requireHolder = async (account: AccountConfig, { kind, bucket }: Holder): Promise<void> => {
    if (kind === 'website') return requireSite(desk, account, bucket);
    if (desk.existence.isKnown(account.name, bucket)) return;
    await requireBucket(await desk.forReading(account), bucket);
    desk.existence.seen(account.name, bucket);
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

  const addressOf = (account: AccountConfig): S3Address => s3Address({ ...account, partition: desk.partitionOf(account) });

  /** Everything that is asked before a text is made: the folder to start in, and the user. */
  const start = async (account: AccountConfig, holder: Holder, { path, user: name }: ClientOptions) => {
    desk.checkHolder(account, holder);
    const asked = checkFolder(path);
    if (name === undefined) {
      await requireHolder(account, holder);
      return { folder: asked, user: undefined };
    }
    const [user] = await Promise.all([findUser(account, holder, name), requireHolder(account, holder)]);
    if (asked !== undefined && user.folder !== undefined) checkWithin(asked, user.folder, name);
    return { folder: asked ?? user.folder, user };
  };

  return {
    bookmark: async (account, holder, options) => {
      const { bucket, kind } = holder;
      const { folder, user } = await start(account, holder, options);
      const texts = bookmarksOf(account);
      // None of them can hold a line break.
      const key = `${kind}\n${bucket}\n${folder ?? ''}\n${user?.accessKeyId ?? ''}`;
      const known = texts.get(key);
      if (known !== undefined) return known;
      const text = bookmark({
        account: account.name,
        bucket,
        address: addressOf(account),
        path: folder,
        accessKeyId: user?.accessKeyId,
        ...(kind === 'website' && { webUrl: `https://${bucket}` }),
      });
      if (texts.size >= MOST_BOOKMARKS) texts.clear();
      texts.set(key, text);
      return text;
    },

    clientFile: async (account, holder, tool, options) => {
      const { folder, user } = await start(account, holder, options);
      return clientFiles[tool]({
        bucket: holder.bucket,
        region: account.region,
        address: addressOf(account),
        folder,
        accessKeyId: user?.accessKeyId,
        // A new user is an admin of its bucket unless said otherwise; keys of a store without IAM know no roles.
        setsAcls: account.iam && (user === undefined ? true : user.isAdmin),
      });
    },
  };
}
