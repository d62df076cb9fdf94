import { accessKeys, membership } from '../access/aws/user';
import { bucketPlace, requirePresent } from '../shared/aws/bucket';
import type { Context } from '../shared/context';
import { subjectIn } from '../shared/subject';
import { checkUserName } from '../shared/names';
import type { Place, Target } from '../shared/operation';
import { requireIam } from '../shared/subject-rules';
import { requireSite } from '../website/known-site';
import { s3Address, type S3Address } from './rules/address';
import { checkFolder, checkWithin, type Reach, reachOf } from './rules/folder';

/** Where a client starts, and as whom. */
export interface ClientQuery {
  /** Folder to open; default: the user's own folder if it has but one, else the whole bucket. */
  readonly path?: string;
  /** A user of the bucket or website, whose access key id is filled in. */
  readonly user?: string;
}

/** A user as far as clients are concerned. */
interface ClientUser extends Reach {
  /** undefined: it has no active key. */
  readonly accessKeyId: string | undefined;
}

export interface Start {
  readonly folder: string | undefined;
  readonly user: ClientUser | undefined;
  readonly address: S3Address;
  readonly region: string;
}

/**
 * Refuses a folder or user that cannot be.
 * @throws {invalid} when one of them cannot be
 * @throws {unsupported} when it names a user and the account has no IAM
 */
export function checkClientQuery(place: Place, { path, user }: ClientQuery): void {
  checkFolder(path);
  if (user === undefined) return;
  checkUserName(user);
  requireIam(place);
}

/**
 * Asks for everything that is needed before a text is made: the folder to start in, the user, and the bucket's region.
 */
export async function startOf(context: Context, target: Target, { path, user: name }: ClientQuery): Promise<Start> {
  const asked = checkFolder(path);
  const [user, region] = await Promise.all([
    name === undefined ? undefined : findUser(context, target, name),
    locate(context, target),
  ]);
  if (name !== undefined && asked !== undefined && user?.folder !== undefined) checkWithin(asked, user.folder, name);
  const { account, partition } = context.session;
  return { folder: asked ?? user?.folder, user, region, address: s3Address({ ...account, region, partition }) };
}

/**
 * Gives the region of the bucket, as clients do not all follow redirects. Asks AWS when nothing is known of the last
 * seconds.
 * @throws {not-found} when there is no such bucket or website
 * @throws {denied} when the bucket is somebody else's
 */
async function locate(context: Context, { kind, bucket }: Target): Promise<string> {
  const { account } = context.session;
  if (kind === 'website') {
    // They are where the account is.
    await requireSite(context, bucket);
    return account.region;
  }
  const { existence } = context.memory;
  const known = existence.factsOf(account.name, bucket)?.region;
  if (known !== undefined) return known;
  const { presence, region = account.region } = await bucketPlace(context, bucket);
  requirePresent(presence, bucket);
  existence.seen(account.name, bucket, { region });
  return region;
}

/** @throws {not-found} when the user is not the subject's */
async function findUser(context: Context, target: Target, user: string): Promise<ClientUser> {
  const [keys, { groups, legacy, subject }] = await Promise.all([
    accessKeys(context, user),
    membership(context, subjectIn(target), user),
  ]);
  const accessKeyId = keys.filter(({ Status }) => Status !== 'Inactive').at(-1)?.AccessKeyId;
  // The predecessor's user has the admin's policy, or one like it.
  return { accessKeyId, ...(legacy ? { folder: undefined, isAdmin: true } : reachOf(subject, groups)) };
}
