import fc from 'fast-check';
import { checkFolder } from '../../../../src/domain/client/rules/folder';
import { type AddressInput, s3Address } from '../../../../src/domain/client/rules/address';
import type { ClientSettings } from '../../../../src/domain/client/rules/client-file';
import { type DomainError, toDomainError } from '../../../../src/base/errors';

export const AWS: AddressInput = { region: 'us-east-1', partition: 'aws', endpoint: undefined, pathStyle: undefined };

/** Settings of a bucket `photos` on AWS, but for what is given. */
export function settings(changes: Partial<ClientSettings> = {}, address: Partial<AddressInput> = {}): ClientSettings {
  const region = address.region ?? AWS.region;
  return {
    bucket: 'photos',
    region,
    address: s3Address({ ...AWS, ...address }),
    folder: undefined,
    accessKeyId: undefined,
    setsAcls: true,
    ...changes,
  };
}

export const STORE = { endpoint: 'http://127.0.0.1:9000' };

/** What has a meaning to one parser or another, and some that have none. */
const BREAKING = Array.from('%()s$"\'`\\;#=[]{}<>&|!*?~: \u00e4\u{1f986}ab');

/** Names of folders that break out of files that are not careful, and any other. */
const folderName = fc.oneof(
  fc.string({ unit: fc.constantFrom(...BREAKING), minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
);

/** Folders as callers may ask for them, those that are refused among them: graphemes hold separators of lines. */
export const askedFolder = fc.array(folderName, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

/** Folders as `checkFolder` hands them on. */
export const anyFolder = askedFolder.filter((folder) => refusalOf(() => checkFolder(folder)) === undefined);

/** What a refusal says; undefined when there is none. */
export function refusalOf(make: () => unknown): DomainError | undefined {
  try {
    make();
    return undefined;
  } catch (thrown) {
    return toDomainError(thrown);
  }
}
