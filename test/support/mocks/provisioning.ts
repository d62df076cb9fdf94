import { createHash } from 'node:crypto';
import { attachment } from '../../../src/base/attachment';
import type { AccountConfig } from '../../../src/config/types';
import type { Deliver, Performed } from '../../../src/engine/recipe';
import { settingsNamed } from '../../../src/domain/bucket/settings/include';
import type { ClientFile, ClientTool } from '../../../src/domain/client/rules/client-file';
import type { ClientQuery } from '../../../src/domain/client/start';
import type { DryRun } from '../../../src/domain/dispatch/dry-run';
import type { Asked, Service } from '../../../src/domain/dispatch/service';
import type { ObjectUrl, UploadInput } from '../../../src/domain/object/rules/shapes';
import { type Subject, subjectIn } from '../../../src/domain/shared/subject';
import type { SettingName } from '../../../src/domain/shared/settings-shapes';
import type {
  AccessKeyShape,
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
} from '../../../src/domain/shared/shapes';
import type {
  ChangeUserInput,
  KeyAdded,
  KeyName,
  KeyQuery,
  KeyReport,
  KeysRevoked,
  KeyStatus,
  UsedKeyShape,
} from '../../../src/domain/user/keys/rules/shapes';
import type {
  CleanerReport,
  CreateWebsiteInput,
  InvalidationMade,
  WebsiteCreated,
  WebsiteDeleted,
  WebsiteDetails,
} from '../../../src/domain/website/rules/shapes';
import { operationTable } from '../../../src/operations/table';

export type ObjectSubject = Pick<Subject, 'kind' | 'bucket'>;
export type ClientOptions = ClientQuery;

/** Everything that can be asked for, as calls with types: what fakes are made of, and what tests call. */
export interface Provisioning {
  listBuckets(account: AccountConfig): Promise<readonly string[]>;
  requireBucket(account: AccountConfig, bucket: string): Promise<void>;
  showBucket(account: AccountConfig, bucket: string, include: readonly SettingName[]): Promise<BucketDetails>;
  createBucket(account: AccountConfig, input: CreateBucketInput): Promise<Performed<BucketCreated>>;
  updateBucket(account: AccountConfig, bucket: string, input: UpdateBucketInput): Promise<Performed<Warned>>;
  deleteBucket(account: AccountConfig, bucket: string): Promise<Performed<Spared>>;
  listUsers(account: AccountConfig, subject: Subject): Promise<readonly UserShape[]>;
  showUser(account: AccountConfig, subject: Subject, user: string): Promise<UserDetails>;
  createUser(
    account: AccountConfig,
    subject: Subject,
    input: CreateUserInput,
    deliver?: Deliver<UserCreated>,
  ): Promise<Performed<UserCreated>>;
  resetKeys(
    account: AccountConfig,
    subject: Subject,
    user: string,
    deliver?: Deliver<KeysReset>,
  ): Promise<Performed<KeysReset>>;
  deleteUser(account: AccountConfig, subject: Subject, user: string): Promise<Performed<Spared>>;
  listWebsites(account: AccountConfig): Promise<readonly string[]>;
  requireWebsite(account: AccountConfig, site: string): Promise<void>;
  showWebsite(account: AccountConfig, site: string, include: readonly SettingName[]): Promise<WebsiteDetails>;
  createWebsite(account: AccountConfig, input: CreateWebsiteInput): Promise<Performed<WebsiteCreated>>;
  updateWebsite(account: AccountConfig, site: string, input: UpdateBucketInput): Promise<Performed<void>>;
  invalidate(account: AccountConfig, site: string, paths: readonly string[]): Promise<Performed<InvalidationMade>>;
  deleteWebsite(account: AccountConfig, site: string): Promise<Performed<WebsiteDeleted>>;
  previewCleaner(account: AccountConfig): Promise<CleanerReport>;
  runCleaner(account: AccountConfig, orphans: readonly string[]): Promise<Performed<CleanerReport>>;
  uploadUrl(account: AccountConfig, subject: ObjectSubject, input: UploadInput, seconds: number): Promise<ObjectUrl>;
  downloadUrl(
    account: AccountConfig,
    subject: ObjectSubject,
    key: string,
    options: { readonly seconds: number; readonly disposition?: string },
  ): Promise<ObjectUrl>;
  deleteUrl(account: AccountConfig, subject: ObjectSubject, key: string, seconds: number): Promise<ObjectUrl>;
  bookmark(account: AccountConfig, subject: Subject, options: ClientOptions): Promise<string>;
  clientFile(account: AccountConfig, subject: Subject, tool: ClientTool, options: ClientOptions): Promise<ClientFile>;
  addKey(
    account: AccountConfig,
    subject: Subject,
    user: string,
    deliver?: Deliver<KeyAdded>,
  ): Promise<Performed<KeyAdded>>;
  listKeys(account: AccountConfig, subject: Subject, user: string): Promise<readonly UsedKeyShape[]>;
  setKeyStatus(
    account: AccountConfig,
    subject: Subject,
    key: KeyName,
    status: KeyStatus,
  ): Promise<Performed<AccessKeyShape>>;
  deleteKey(account: AccountConfig, subject: Subject, key: KeyName): Promise<Performed<void>>;
  revokeKeys(account: AccountConfig, subject: Subject, user: string): Promise<Performed<KeysRevoked>>;
  changeUser(
    account: AccountConfig,
    subject: Subject,
    user: string,
    input: ChangeUserInput,
  ): Promise<Performed<UserDetails>>;
  reportKeys(account: AccountConfig, query: KeyQuery): Promise<KeyReport>;
}

type Reads = Readonly<Record<string, (asked: Asked, subject: Subject) => Promise<unknown>>>;
type Writes = Readonly<
  Record<string, (asked: Asked, subject: Subject, deliver?: Deliver<unknown>) => Promise<Performed<unknown>>>
>;

const isOf = (asked: Asked): Subject =>
  subjectIn({ kind: asked.operationId.includes('Website') ? 'website' : 'bucket', bucket: asked.name });

const settingsIn = ({ query: { include } }: Asked): readonly SettingName[] =>
  include === undefined ? [] : settingsNamed(include);
const keyIn = ({ user, params }: Asked): KeyName => ({ user, id: params['key'] ?? '' });
const secondsIn = ({ query: { expiration = '86400' } }: Asked): number => Number(expiration);

/** The service that HTTP asks, made of such calls; bodies have been checked against the contract. */
export function serviceOf(provisioning: () => Provisioning): Service {
  const p = provisioning;
  const shown = async <T extends { readonly settings?: object }>(details: Promise<T>) => {
    const { settings, ...rest } = await details;
    return { ...rest, ...settings };
  };
  const preview = ({ account }: Asked) => p().previewCleaner(account);
  const reads: Reads = {
    listBuckets: ({ account }) => p().listBuckets(account),
    headBucket: ({ account, name }) => p().requireBucket(account, name),
    showBucket: (asked) => shown(p().showBucket(asked.account, asked.name, settingsIn(asked))),
    listWebsites: ({ account }) => p().listWebsites(account),
    headWebsite: ({ account, name }) => p().requireWebsite(account, name),
    showWebsite: (asked) => shown(p().showWebsite(asked.account, asked.name, settingsIn(asked))),
    listUsers: ({ account }, subject) => p().listUsers(account, subject),
    showUser: ({ account, user }, subject) => p().showUser(account, subject, user),
    listKeys: ({ account, user }, subject) => p().listKeys(account, subject, user),
    reportKeys: ({ account, query: { limit, ...query } }) =>
      p().reportKeys(account, { ...(query as KeyQuery), ...(limit !== undefined && { limit: Number(limit) }) }),
    bookmark: async ({ account, name, query }, subject) => ({
      name: `${name}.duck`,
      type: 'application/octet-stream',
      text: await p().bookmark(account, subject, query),
    }),
    configureClient: ({ account, params, query }, subject) =>
      p().clientFile(account, subject, params['tool'] as ClientTool, query),
    signUpload: (asked, subject) => p().uploadUrl(asked.account, subject, asked.body as UploadInput, secondsIn(asked)),
    signDownload: (asked, subject) => {
      const { downloadAs } = asked.query;
      const disposition = downloadAs === undefined ? {} : { disposition: attachment(downloadAs) };
      return p().downloadUrl(asked.account, subject, asked.params['path'] ?? '', {
        seconds: secondsIn(asked),
        ...disposition,
      });
    },
    signDeletion: (asked, subject) =>
      p().deleteUrl(asked.account, subject, asked.params['path'] ?? '', secondsIn(asked)),
    previewCleaner: preview,
    runCleaner: preview,
  };
  const writes: Writes = {
    createBucket: ({ account, body }) => p().createBucket(account, body as CreateBucketInput),
    updateBucket: ({ account, name, body }) => p().updateBucket(account, name, body as UpdateBucketInput),
    deleteBucket: ({ account, name }) => p().deleteBucket(account, name),
    createWebsite: ({ account, body }) => p().createWebsite(account, body as CreateWebsiteInput),
    updateWebsite: ({ account, name, body }) => p().updateWebsite(account, name, body as UpdateBucketInput),
    deleteWebsite: ({ account, name }) => p().deleteWebsite(account, name),
    invalidateCache: ({ account, name, body }) =>
      p().invalidate(account, name, (body as { readonly CacheInvalidation: readonly string[] }).CacheInvalidation),
    createUser: ({ account, body }, subject, deliver) =>
      p().createUser(account, subject, body as CreateUserInput, deliver),
    changeUser: ({ account, user, body }, subject) => p().changeUser(account, subject, user, body as ChangeUserInput),
    deleteUser: ({ account, user }, subject) => p().deleteUser(account, subject, user),
    addKey: ({ account, user }, subject, deliver) => p().addKey(account, subject, user, deliver),
    resetKeys: ({ account, user }, subject, deliver) => p().resetKeys(account, subject, user, deliver),
    revokeKeys: ({ account, user }, subject) => p().revokeKeys(account, subject, user),
    setKeyStatus: (asked, subject) =>
      p().setKeyStatus(asked.account, subject, keyIn(asked), (asked.body as { readonly Status: KeyStatus }).Status),
    deleteKey: (asked, subject) => p().deleteKey(asked.account, subject, keyIn(asked)),
    runCleaner: ({ account, body }) =>
      p().runCleaner(account, (body as { readonly orphans?: readonly string[] } | undefined)?.orphans ?? []),
  };
  const note = (asked: Asked): void => {
    const key = asked.operationId.startsWith('sign')
      ? (asked.params['path'] ?? (asked.body as UploadInput).filename)
      : undefined;
    if (key !== undefined) asked.note?.(createHash('sha256').update(key).digest('hex'));
  };
  return {
    ids: operationTable.ids,
    isWrite: operationTable.isWrite,
    read: async (asked) => {
      note(asked);
      return called(reads, asked)(asked, isOf(asked));
    },
    // Plans are empty here: the cleaner's report is what there is.
    dryRun: async (asked) => ({ plan: EMPTY_PLAN, report: await called(reads, asked)(asked, isOf(asked)) }),
    write: async (asked, deliver, admit) => {
      await admit?.('op-1');
      return called(writes, asked)(asked, isOf(asked), deliver);
    },
    resume: () => Promise.reject(new Error('there is nothing to recover')),
    requireResumable: () => Promise.resolve(),
    settle: () => Promise.reject(new Error('there is nothing to try again')),
  };
}

const EMPTY_PLAN: DryRun = {
  kind: 'toy',
  version: 1,
  title: 'Do nothing',
  steps: [],
  whenDelivered: [],
  mayGrow: false,
  planDigest: 'none',
};

/** `resetWebsiteKeys` is `resetKeys` of a website, `signStorageUpload` is `signUpload`. */
function called<T>(calls: Readonly<Record<string, T>>, { operationId }: Asked): T {
  const plain = operationId.replace(/^(sign)Storage/, '$1').replace(/^(bookmark|configure)(?:Bucket|Website)/, '$1');
  const call = calls[plain] ?? calls[plain.replace('Website', '')];
  if (!call) throw new Error(`no fake for ${operationId}`);
  return call;
}

/** The calls with types that end in a service. */
export function provisioningOf(service: Service): Provisioning {
  const read = <T>(operationId: string, account: AccountConfig, more: Partial<Asked> = {}): Promise<T> =>
    service.read({
      operationId,
      account,
      name: '',
      user: '',
      params: {},
      query: {},
      body: undefined,
      ...more,
    }) as Promise<T>;
  const write = <T>(operationId: string, account: AccountConfig, more: Partial<Asked> = {}, deliver?: Deliver<T>) =>
    service.write(
      { operationId, account, name: '', user: '', params: {}, query: {}, body: undefined, ...more },
      deliver as Deliver<unknown> | undefined,
    ) as Promise<Performed<T>>;
  const of = ({ kind }: Pick<Subject, 'kind'>, bucket: string, website: string): string =>
    kind === 'website' ? website : bucket;
  return {
    listBuckets: (account) => read('listBuckets', account),
    requireBucket: (account, name) => read('headBucket', account, { name }),
    showBucket: (account, name, include) => read('showBucket', account, { name, query: included(include) }),
    createBucket: (account, body) => write('createBucket', account, { body }),
    updateBucket: (account, name, body) => write('updateBucket', account, { name, body }),
    deleteBucket: (account, name) => write('deleteBucket', account, { name }),
    listWebsites: (account) => read('listWebsites', account),
    requireWebsite: (account, name) => read('headWebsite', account, { name }),
    showWebsite: (account, name, include) => read('showWebsite', account, { name, query: included(include) }),
    createWebsite: (account, body) => write('createWebsite', account, { body }),
    updateWebsite: (account, name, body) => write('updateWebsite', account, { name, body }),
    invalidate: (account, name, CacheInvalidation) =>
      write('invalidateCache', account, { name, body: { CacheInvalidation } }),
    deleteWebsite: (account, name) => write('deleteWebsite', account, { name }),
    previewCleaner: (account) => read('previewCleaner', account),
    runCleaner: (account, orphans) => write('runCleaner', account, { body: { orphans } }),
    listUsers: (account, subject) =>
      read(of(subject, 'listUsers', 'listWebsiteUsers'), account, { name: subject.bucket }),
    showUser: (account, subject, user) =>
      read(of(subject, 'showUser', 'showWebsiteUser'), account, { name: subject.bucket, user, params: { user } }),
    createUser: (account, subject, body, deliver) =>
      write(of(subject, 'createUser', 'createWebsiteUser'), account, { name: subject.bucket, body }, deliver),
    changeUser: (account, subject, user, body) =>
      write(of(subject, 'changeUser', 'changeWebsiteUser'), account, { name: subject.bucket, user, body }),
    deleteUser: (account, subject, user) =>
      write(of(subject, 'deleteUser', 'deleteWebsiteUser'), account, { name: subject.bucket, user }),
    listKeys: (account, subject, user) =>
      read(of(subject, 'listKeys', 'listWebsiteKeys'), account, { name: subject.bucket, user }),
    addKey: (account, subject, user, deliver) =>
      write(of(subject, 'addKey', 'addWebsiteKey'), account, { name: subject.bucket, user }, deliver),
    resetKeys: (account, subject, user, deliver) =>
      write(of(subject, 'resetKeys', 'resetWebsiteKeys'), account, { name: subject.bucket, user }, deliver),
    revokeKeys: (account, subject, user) =>
      write(of(subject, 'revokeKeys', 'revokeWebsiteKeys'), account, { name: subject.bucket, user }),
    setKeyStatus: (account, subject, { user, id }, Status) =>
      write(of(subject, 'setKeyStatus', 'setWebsiteKeyStatus'), account, {
        name: subject.bucket,
        user,
        params: { key: id },
        body: { Status },
      }),
    deleteKey: (account, subject, { user, id }) =>
      write(of(subject, 'deleteKey', 'deleteWebsiteKey'), account, { name: subject.bucket, user, params: { key: id } }),
    reportKeys: (account, { limit, ...query }) =>
      read('reportKeys', account, { query: { ...query, ...(limit !== undefined && { limit: String(limit) }) } }),
    bookmark: async (account, subject, query) =>
      (
        await read<ClientFile>(of(subject, 'bookmarkBucket', 'bookmarkWebsite'), account, {
          name: subject.bucket,
          query: { ...query },
        })
      ).text,
    clientFile: (account, subject, tool, query) =>
      read(of(subject, 'configureBucketClient', 'configureWebsiteClient'), account, {
        name: subject.bucket,
        params: { tool },
        query: { ...query },
      }),
    uploadUrl: (account, subject, body, seconds) =>
      read(of(subject, 'signUpload', 'signWebsiteUpload'), account, {
        name: subject.bucket,
        query: { expiration: String(seconds) },
        body,
      }),
    downloadUrl: (account, subject, path, { seconds, disposition }) =>
      read(of(subject, 'signDownload', 'signWebsiteDownload'), account, {
        name: subject.bucket,
        params: { path },
        query: { expiration: String(seconds), ...(disposition !== undefined && { downloadAs: disposition }) },
      }),
    deleteUrl: (account, subject, path, seconds) =>
      read(of(subject, 'signDeletion', 'signWebsiteDeletion'), account, {
        name: subject.bucket,
        params: { path },
        query: { expiration: String(seconds) },
      }),
  };
}

const included = (include: readonly SettingName[]): Record<string, string> =>
  include.length === 0 ? {} : { include: include.join(',') };
