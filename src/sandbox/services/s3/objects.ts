import { createHash } from 'node:crypto';
import { checkObjectAcl } from './acl';
import { bucketOf, type Call, type Handlers, header, keyOf, quoted, type Reply } from './call';
import { type Checksum, checksumHeaders, computeChecksum, declaredChecksum, readAlgorithm } from './checksums';
import { checkWrite } from './conditions';
import { readAttributes } from './object-attributes';
import { tagsFromHeader } from './tags';
import { addObject, currentObject, versionHeader } from './versions';

/** Writing single objects; reading is in its own file. */

export const md5 = (body: Buffer): string => createHash('md5').update(body).digest('hex');

/** Gives the checksum to keep: the one sent along (already compared with the body), or the one asked for. */
export function keptChecksum(call: Call, body: Buffer): Checksum | undefined {
  const declared = declaredChecksum(call.request);
  if (declared !== undefined) return { ...declared, type: 'FULL_OBJECT' };
  const asked = readAlgorithm(header(call, 'x-amz-sdk-checksum-algorithm') ?? header(call, 'x-amz-checksum-algorithm'));
  return asked === undefined ? undefined : computeChecksum(asked, body);
}

function put(call: Call): Reply {
  const bucket = bucketOf(call);
  const key = keyOf(call);
  checkObjectAcl(call, bucket);
  checkWrite(call, key, currentObject(bucket, key));
  const { body } = call.request;
  const stored = addObject(bucket, key, {
    ...readAttributes(call, bucket),
    lastModified: call.context.now(),
    body,
    etag: md5(body),
    checksum: keptChecksum(call, body),
    partSizes: undefined,
    tags: tagsFromHeader(header(call, 'x-amz-tagging')),
  });
  return {
    headers: {
      etag: quoted(stored.etag),
      'x-amz-server-side-encryption': stored.encryption,
      'x-amz-version-id': versionHeader(bucket, stored),
      ...checksumHeaders(stored.checksum),
    },
  };
}

export const objectHandlers: Handlers = { PutObject: put };
