import { fail } from '../../../base/errors';
import { printable } from '../../shared/names';
import type { S3Address } from './address';

/** What a tool's configuration is made of. Nothing in it is secret. */
export interface ClientSettings {
  readonly bucket: string;
  readonly region: string;
  readonly address: S3Address;
  /** Folder to start in, e.g. `docs/api`, as `checkFolder` lets it pass; undefined: the whole bucket. */
  readonly folder: string | undefined;
  /** undefined: a placeholder stands for it. */
  readonly accessKeyId: string | undefined;
  /** Whether keys of this kind may set ACLs of objects: those of the admin group and of no IAM at all. */
  readonly setsAcls: boolean;
}

/** A configuration as it is handed out. */
export interface ClientFile {
  /** What the file is called where the tool looks for it. */
  readonly name: string;
  readonly type: 'text/plain; charset=utf-8' | 'application/json; charset=utf-8';
  readonly text: string;
}

export type ClientTool = 'rclone' | 'aws' | 's3cmd' | 'mc' | 'winscp' | 'env' | 'authentik';

/** Where the person with the key puts it. No tool takes these for a key, and no search misses them. */
const KEY_ID_PLACEHOLDER = 'REPLACE_WITH_ACCESS_KEY_ID';
/** Where the person with the key puts its secret. */
export const SECRET_PLACEHOLDER = 'REPLACE_WITH_SECRET_ACCESS_KEY';

/** Gives the access key id for a file, or a placeholder. */
export const keyId = ({ accessKeyId }: ClientSettings): string => accessKeyId ?? KEY_ID_PLACEHOLDER;

/** Gives `bucket`, or `bucket/folder`. */
export const startOf = ({ bucket, folder }: ClientSettings): string =>
  folder === undefined ? bucket : `${bucket}/${folder}`;

/** Gives the start as `s3://` URL; tools take what ends in a slash for a folder. */
export const s3Url = (settings: ClientSettings): string => `s3://${startOf(settings)}/`;

/** Makes a plain text file of lines. */
export const plainText = (name: string, lines: readonly string[]): ClientFile => ({
  name,
  type: 'text/plain; charset=utf-8',
  text: `${lines.join('\n')}\n`,
});

/** Writes a word so that a POSIX shell reads it as it is. */
export const shellWord = (word: string): string =>
  /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Writes a value so that shells, dotenv and Docker Compose read it alike: as it is, or in single quotes, which none of
 * them looks into. Undefined when there is a single quote inside, which they read differently.
 */
export function envValue(value: string): string | undefined {
  if (/^[\w./:@%+,[\]-]+$/.test(value)) return value;
  return value.includes("'") ? undefined : `'${value}'`;
}

/**
 * Writes an address of the account's as `envValue` writes values.
 * @throws {unsupported} when its path has a single quote
 */
export const envAddress = (address: string): string =>
  envValue(address) ??
  fail({
    kind: 'unsupported',
    detail: 'the endpoint of this account has a single quote in its path, which readers of .env files do not agree on',
  });

/**
 * Refuses a folder that the tool's file has no way to say.
 * @throws {invalid} always
 */
export function cannotHold(tool: string, folder: string, why: string): never {
  return fail({ kind: 'invalid', detail: `${tool} cannot start in "${printable(folder)}": ${why}` });
}

/**
 * Refuses an endpoint with a path, for tools that know no such thing.
 * @throws {unsupported} when the endpoint has one
 */
export function refuseBasePath(tool: string, { basePath }: S3Address): void {
  if (basePath === '') return;
  fail({
    kind: 'unsupported',
    detail: `the endpoint of this account has the path ${basePath}, and ${tool} takes a host only`,
  });
}
