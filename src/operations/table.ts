import type { AnyOperation } from '../domain/shared/operation';

/**
 * Every operation by its operationIds of openapi.yaml. Definitions are loaded when they are first asked for: memory is paid
 * for what is used.
 */

type Loader = () => Promise<unknown>;

/** A row: the ids of one definition, and how it is loaded. */
const row = (ids: readonly string[], load: Loader): readonly (readonly [string, Loader])[] =>
  ids.map((id) => [id, load]);

const writes = new Map<string, Loader>(
  [
    row(['createBucket'], async () => (await import('../domain/bucket/create')).createBucket),
    row(['updateBucket'], async () => (await import('../domain/bucket/update')).updateBucket),
    row(['deleteBucket'], async () => (await import('../domain/bucket/delete')).deleteBucket),
    row(['createWebsite'], async () => (await import('../domain/website/create')).createWebsite),
    row(['updateWebsite'], async () => (await import('../domain/website/update')).updateWebsite),
    row(['deleteWebsite'], async () => (await import('../domain/website/delete')).deleteWebsite),
    row(['invalidateCache'], async () => (await import('../domain/website/invalidate')).invalidateCache),
    row(['createUser', 'createWebsiteUser'], async () => (await import('../domain/user/create')).createUser),
    row(['changeUser', 'changeWebsiteUser'], async () => (await import('../domain/user/change')).changeUser),
    row(['deleteUser', 'deleteWebsiteUser'], async () => (await import('../domain/user/delete')).deleteUser),
    row(['addKey', 'addWebsiteKey'], async () => (await import('../domain/user/keys/add')).addKey),
    row(['resetKeys', 'resetWebsiteKeys'], async () => (await import('../domain/user/keys/reset')).resetKeys),
    row(['revokeKeys', 'revokeWebsiteKeys'], async () => (await import('../domain/user/keys/revoke')).revokeKeys),
    row(
      ['setKeyStatus', 'setWebsiteKeyStatus'],
      async () => (await import('../domain/user/keys/set-status')).setKeyStatus,
    ),
    row(['deleteKey', 'deleteWebsiteKey'], async () => (await import('../domain/user/keys/delete')).deleteKey),
    row(['runCleaner'], async () => (await import('../domain/cleaner/clean')).runCleaner),
  ].flat(),
);

const reads = new Map<string, Loader>(
  [
    row(['listBuckets'], async () => (await import('../domain/bucket/list')).listBuckets),
    row(['headBucket'], async () => (await import('../domain/bucket/head')).headBucket),
    row(['showBucket'], async () => (await import('../domain/bucket/show')).showBucket),
    row(['listWebsites'], async () => (await import('../domain/website/list')).listWebsites),
    row(['headWebsite'], async () => (await import('../domain/website/head')).headWebsite),
    row(['showWebsite'], async () => (await import('../domain/website/show')).showWebsite),
    row(['listUsers', 'listWebsiteUsers'], async () => (await import('../domain/user/list')).listUsers),
    row(['showUser', 'showWebsiteUser'], async () => (await import('../domain/user/show')).showUser),
    row(['listKeys', 'listWebsiteKeys'], async () => (await import('../domain/user/keys/list')).listKeys),
    row(['reportKeys'], async () => (await import('../domain/user/keys/report')).reportKeys),
    row(['bookmarkBucket', 'bookmarkWebsite'], async () => (await import('../domain/client/bookmark')).bookmarkOf),
    row(
      ['configureBucketClient', 'configureWebsiteClient'],
      async () => (await import('../domain/client/configure')).configureClient,
    ),
    row(
      ['signUpload', 'signStorageUpload', 'signWebsiteUpload'],
      async () => (await import('../domain/object/upload')).signUpload,
    ),
    row(
      ['signDownload', 'signStorageDownload', 'signWebsiteDownload'],
      async () => (await import('../domain/object/download')).signDownload,
    ),
    row(
      ['signDeletion', 'signStorageDeletion', 'signWebsiteDeletion'],
      async () => (await import('../domain/object/delete')).signDeletion,
    ),
    row(['listOperations'], async () => (await import('../domain/history/list')).listOperations),
    row(['showOperation'], async () => (await import('../domain/history/show')).showOperation),
    row(['watchOperation'], async () => (await import('../domain/history/show')).watchOperation),
    row(['previewCleaner'], async () => (await import('../domain/cleaner/clean')).previewCleaner),
  ].flat(),
);

const all = new Map([...writes, ...reads]);

/** Definitions that were asked for. */
const loaded = new Map<string, AnyOperation>();

export const operationTable = {
  ids: (): readonly string[] => [...all.keys()],
  isWrite: (id: string): boolean => writes.has(id),
  /** @throws an Error when the table has no such operation */
  load: async (id: string): Promise<AnyOperation> => {
    const known = loaded.get(id);
    if (known !== undefined) return known;
    const load = all.get(id);
    if (load === undefined) throw new Error(`the table of operations has no ${id}`);
    // What is known of its input and answer stays inside of the definition.
    const definition = (await load()) as AnyOperation;
    loaded.set(id, definition);
    return definition;
  },
};
