import { fail } from '../../../base/errors';
import { type Subject, mayBeFolderGroup, ownGroups, wholeRoles } from '../../shared/subject';
import { printable } from '../../shared/names';
import { groupName, roleOf, scopedRoot } from '../../shared/role';

/** The folder a client starts in: asked for by the caller, or all that a user may see. */

/** Control characters, what ends a line somewhere, and what XML 1.0 cannot hold. */
const UNWRITABLE = /[\p{Cc}\u2028\u2029\ufffe\uffff]|\p{Cs}/u;

const FOLDER_RULE =
  'it is one or more names with slashes between them, none empty, "." or "..", without control characters and line breaks';

/**
 * Gives a folder without slashes at its ends; undefined when nothing is left. Clients resolve `..`, and would end up in
 * another bucket, so such folders are refused.
 * @throws {invalid} when no listing shows it as a folder
 */
export function checkFolder(path: string | undefined): string | undefined {
  const folder = path?.replace(/^\/+|\/+$/g, '');
  if (folder === undefined || folder === '') return undefined;
  if (UNWRITABLE.test(folder) || folder.split('/').some((name) => ['', '.', '..'].includes(name))) {
    fail({ kind: 'invalid', detail: `"${printable(folder)}" is no folder: ${FOLDER_RULE}` });
  }
  return folder;
}

interface GroupLike {
  readonly GroupName?: string | undefined;
  readonly Path?: string | undefined;
}

/** What a user's groups let it do in the subject's bucket. */
export interface Reach {
  /** The one folder it may list; undefined: all of the bucket. */
  readonly folder: string | undefined;
  /** Whether it is an admin of the bucket, who may set ACLs. */
  readonly isAdmin: boolean;
}

/**
 * Works out what a user may open. `subject` knows the predecessor's groups, `groups` are all of the user's. A user of
 * several folders gets the first by name.
 */
export function reachOf(subject: Subject, groups: readonly GroupLike[]): Reach {
  const own = ownGroups(groups, subject);
  const folders = own.flatMap((group) => folderOf(subject, group) ?? []).sort();
  const isAdmin = own.some(({ GroupName }) => GroupName === groupName(roleOf(subject.bucket, 'BktAdm')));
  const bucketWide = wholeRoles(subject)
    .filter(({ kind }) => kind !== 'WebAdm')
    .map(groupName);
  const isWide = own.some((group) => folderOf(subject, group) === undefined && bucketWide.includes(group.GroupName));
  return { folder: isWide ? undefined : folders[0], isAdmin };
}

/** Gives the folder a group is made for; undefined for a group of the whole bucket. */
function folderOf(subject: Subject, group: GroupLike & { readonly GroupName: string }): string | undefined {
  const { GroupName, Path = '/' } = group;
  const root = scopedRoot(subject.bucket);
  if (Path.startsWith(root) && Path.length > root.length) return Path.slice(root.length, -1);
  // The predecessor's have the folder in their name alone, its slashes as `_`.
  const isNamedAfterFolder = Path === root || mayBeFolderGroup(subject, group);
  return isNamedAfterFolder
    ? GroupName.slice(subject.bucket.length + 1)
        .replace(/-Bkt(?:RW|RO)Grp$/, '')
        .replaceAll('_', '/')
    : undefined;
}

/**
 * Refuses a folder outside of the one that a user may list.
 * @throws {invalid} when it is outside
 */
export function checkWithin(folder: string, reach: string, user: string): void {
  if (folder === reach || folder.startsWith(`${reach}/`)) return;
  fail({
    kind: 'invalid',
    detail: `the user ${printable(user)} can open ${printable(reach)} and folders in it only, not "${printable(folder)}"`,
  });
}
