import { type ClientFile, type ClientSettings, plainText, refuseBasePath, startOf } from './client-file';

/** WinSCP's numbers, from its own source (`SessionData.h`: TFSProtocol, TFtps, TS3UrlStyle). */
const FS_S3 = 7;
const TLS = { none: 0, implicit: 1 } as const;
const URL_STYLE = { virtualHost: 0, path: 1 } as const;

/**
 * Writes a site for WinSCP (https://winscp.net/eng/docs/config), to be opened as `winscp.exe /ini=FILE NAME`. WinSCP
 * asks for what is not in it: the secret, and the key id where none is known.
 */
export function winscpFile(settings: ClientSettings): ClientFile {
  const { bucket, region, address, accessKeyId } = settings;
  refuseBasePath('WinSCP', address);
  const site = plainText(`${bucket}.ini`, [
    `; WinSCP for ${bucket}. Open it with: winscp.exe /ini=${bucket}.ini ${bucket}`,
    '; WinSCP asks for the secret access key as the password.',
    `[Sessions\\${escaped(bucket)}]`,
    `HostName=${escaped(address.isAws ? address.authority : address.hostname)}`,
    `PortNumber=${address.port}`,
    ...(accessKeyId === undefined ? [] : [`UserName=${escaped(accessKeyId)}`]),
    `FSProtocol=${FS_S3}`,
    `Ftps=${address.isTls ? TLS.implicit : TLS.none}`,
    `RemoteDirectory=${escaped(`/${startOf(settings)}`)}`,
    `S3DefaultRegion=${escaped(region)}`,
    `S3UrlStyle=${address.isPathStyle(bucket) ? URL_STYLE.path : URL_STYLE.virtualHost}`,
  ]);
  return { ...site, text: site.text.replaceAll('\n', '\r\n') };
}

/**
 * WinSCP keeps texts percent-encoded, as PuTTY does, and marks those beyond ASCII as UTF-8 by an encoded byte order mark
 * (`HierarchicalStorage.cpp`: MungeStr, UnMungeStr).
 */
function escaped(text: string): string {
  const isAscii = /^[\x20-\x7e]*$/.test(text);
  const bytes = [...Buffer.from(isAscii ? text : `\ufeff${text}`)];
  return bytes
    .map((byte) =>
      /[\w./@:+,-]/.test(String.fromCharCode(byte)) && byte < 0x80 ? String.fromCharCode(byte) : percent(byte),
    )
    .join('');
}

const percent = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
