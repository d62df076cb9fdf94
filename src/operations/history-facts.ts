import type { DomainError } from '../base/errors';
import type { JsonValue } from '../base/json';
import type { ShownOperation } from '../domain/shared/history';

/** What the history says of a run's claims and errors. */

type Resource = ShownOperation['resources'][number];
type ShownError = NonNullable<ShownOperation['error']>;

/** The request that an operation was asked for with. */
export interface Asking {
  readonly requestId: string;
  readonly tokenId?: string | undefined;
  /** On whose behalf, as the caller claims. */
  readonly actor?: string | undefined;
  readonly method?: string | undefined;
  /** Without query. */
  readonly path?: string | undefined;
  /** Of the caller, as the access log has it. */
  readonly address?: string | undefined;
  /** operationId of openapi.yaml that was asked for. */
  readonly endpoint?: string | undefined;
  /** Of its Idempotency-Key: what that stands for, and the digest of what was asked with it. */
  readonly key?: { readonly scope: string; readonly digest: string } | undefined;
}

/** Gives who asked in JSON, as a journal keeps it; null for what the service does by itself. */
export function askedOf(asking: Asking | undefined): JsonValue {
  if (asking === undefined) return null;
  const { requestId, tokenId, actor, method, path, address, endpoint, key } = asking;
  const asked = { requestId, tokenId, actor, method, path, address, endpoint, key };
  // What is undefined is not there.
  return JSON.parse(JSON.stringify(asked)) as JsonValue;
}

/** Gives who asked, of what a journal has kept. */
export function askingOf(asked: JsonValue | undefined): Asking | undefined {
  if (typeof asked !== 'object' || asked === null || !('requestId' in asked)) return undefined;
  // Written by `askedOf` of this version or another; whatever else it holds is nobody's concern.
  return asked as unknown as Asking;
}

/** Whether a request was about a website, by its path. */
export const isSitePath = (path: string | undefined): boolean => path?.split('/')[4] === 'websites';

/** The account of a run: claims begin with its name. */
export const accountOf = (claims: readonly string[]): string => claims[0]?.split('/')[0] ?? '';

/** The resources that a run claims. A website is claimed as the bucket that it is: `isSite` says that it is one. */
export function resourcesOf(claims: readonly string[], isSite: boolean): readonly Resource[] {
  const found = new Map<string, Resource>();
  const add = (type: Resource['type'], name: string | undefined): void => {
    // IAM names are unique whatever their case; the first claim has it as it was asked for.
    if (name) found.set(`${type}/${name.toLowerCase()}`, found.get(`${type}/${name.toLowerCase()}`) ?? { type, name });
  };
  const holder = isSite ? 'website' : 'bucket';
  const split = claims.map((claim) => claim.split('/').slice(1));
  for (const [type, name, user] of split) {
    if (type === 'bucket' || type === 'bucket-settings' || type === 'in-bucket') add(holder, name);
    // No user is called so: these are other work inside of the bucket.
    if (type === 'in-bucket' && user?.includes(':') === false) add('user', user);
  }
  for (const [type, name] of split) if (type === 'user') add('user', name);
  return [...found.values()];
}

/** Whether a query for `wanted`, a name or `type/name`, means one of the resources. */
export function isAbout(resources: readonly Resource[], wanted: string): boolean {
  const asked = wanted.toLowerCase();
  return resources.some(({ type, name }) => [name.toLowerCase(), `${type}/${name.toLowerCase()}`].includes(asked));
}

/** An error as callers may read it; nobody foresaw what the detail of an unforeseen one holds. */
export function shownError({ kind, detail, origin }: DomainError): ShownError {
  return {
    kind,
    detail: kind === 'unforeseen' ? 'an unforeseen error occurred' : detail,
    ...(origin?.code !== undefined && { code: origin.code }),
  };
}
