/** What IAM remembers: plain data that goes to disk and back as JSON. Times are milliseconds since the epoch. */

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly createdAt: number;
  active: boolean;
  lastUsed?: { readonly at: number; readonly service: string; readonly region: string };
}

/** What users, groups and roles share. */
export interface Entity {
  name: string;
  path: string;
  /** `AIDA…`, `AGPA…`, `AROA…` */
  readonly id: string;
  readonly createdAt: number;
  /** ARNs of managed policies, in the order they were attached. */
  attached: string[];
  /** Inline policies by name. */
  inline: Record<string, string>;
}

export interface SigningCertificate {
  readonly id: string;
  readonly body: string;
  readonly uploadedAt: number;
  active: boolean;
}

export interface SshKey {
  readonly id: string;
  readonly body: string;
  readonly fingerprint: string;
  readonly uploadedAt: number;
  active: boolean;
}

export interface ServiceCredential {
  readonly id: string;
  readonly service: string;
  readonly userName: string;
  password: string;
  readonly createdAt: number;
  active: boolean;
}

export interface User extends Entity {
  tags: Tag[];
  /** Names of groups, in the order they were joined. */
  groups: string[];
  boundary?: string;
  keys: AccessKey[];
  loginProfile?: { readonly createdAt: number; resetRequired: boolean };
  mfa: { readonly serial: string; readonly enabledAt: number }[];
  certificates: SigningCertificate[];
  sshKeys: SshKey[];
  serviceCredentials: ServiceCredential[];
}

export type Group = Entity;

export interface Role extends Entity {
  tags: Tag[];
  boundary?: string;
  trust: string;
  description?: string;
  maxSessionSeconds: number;
}

export interface PolicyVersion {
  /** `v1`, `v2` … */
  readonly id: string;
  readonly document: string;
  readonly createdAt: number;
}

export interface Policy {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly description?: string;
  readonly createdAt: number;
  updatedAt: number;
  tags: Tag[];
  versions: PolicyVersion[];
  defaultVersion: string;
  /** Version numbers are never used again. */
  nextVersion: number;
}

export interface MfaDevice {
  readonly serial: string;
  readonly name: string;
  readonly seed: string;
  readonly tags: Tag[];
  userName?: string;
  enabledAt?: number;
}

/** One account. Names are unique without regard to case, so lower-case names are the keys. */
export interface Account {
  readonly id: string;
  /** As ARNs spell it, e.g. `aws-cn`. */
  readonly partition: string;
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
  readonly roles: Map<string, Role>;
  readonly policies: Map<string, Policy>;
  readonly mfaDevices: Map<string, MfaDevice>;
}

export type AccountSnapshot = { readonly id: string; readonly partition?: string } & {
  readonly [K in Exclude<keyof Account, 'id' | 'partition'>]: readonly (Account[K] extends Map<string, infer V>
    ? V
    : never)[];
};

export function newAccount(id: string, partition: string): Account {
  return {
    id,
    partition,
    users: new Map(),
    groups: new Map(),
    roles: new Map(),
    policies: new Map(),
    mfaDevices: new Map(),
  };
}

export function snapshotAccount(account: Account): AccountSnapshot {
  return {
    id: account.id,
    partition: account.partition,
    users: [...account.users.values()],
    groups: [...account.groups.values()],
    roles: [...account.roles.values()],
    policies: [...account.policies.values()],
    mfaDevices: [...account.mfaDevices.values()],
  };
}

/** `partition`: what is known of the account now; snapshots of before there were other partitions know none. */
export function restoreAccount(snapshot: AccountSnapshot, partition = snapshot.partition ?? 'aws'): Account {
  const byName = <T extends { name: string }>(items: readonly T[]): Map<string, T> =>
    new Map(items.map((item) => [item.name.toLowerCase(), item]));
  return {
    id: snapshot.id,
    partition,
    users: byName(snapshot.users),
    groups: byName(snapshot.groups),
    roles: byName(snapshot.roles),
    policies: byName(snapshot.policies),
    mfaDevices: new Map(snapshot.mfaDevices.map((device) => [device.serial, device])),
  };
}

export function arnOf(
  { id, partition }: Pick<Account, 'id' | 'partition'>,
  type: 'user' | 'group' | 'role' | 'policy' | 'mfa',
  path: string,
  name: string,
): string {
  return `arn:${partition}:iam::${id}:${type}${path}${name}`;
}
