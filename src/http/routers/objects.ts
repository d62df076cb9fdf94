import { createHash } from 'node:crypto';
import type { ObjectHolder, ObjectUrl, UploadInput } from '../../domain/desks/object-service';
import type { Provisioning } from '../../domain/desks/service';
import { attachment } from '../disposition';
import { sendJson } from '../send';
import type { AccountHandlers, Answer, Call } from '../types';
import { timeView } from '../views/views';

/** Seconds a URL lives unless the caller says otherwise; openapi.yaml tells the same. */
const DEFAULT_SECONDS = 86_400;

/** The storage paths of older clients are those of buckets by another name. */
const FAMILIES: readonly { readonly prefix: string; readonly kind: ObjectHolder['kind'] }[] = [
  { prefix: '', kind: 'bucket' },
  { prefix: 'Website', kind: 'website' },
  { prefix: 'Storage', kind: 'bucket' },
];

/**
 * URLs of objects, under buckets, websites and the storage paths. Reads all of them: no operation, whatever the method.
 * Bodies have been checked against the schema of their operation, which is what their types say.
 */
export function objectHandlers(provisioning: Provisioning): AccountHandlers {
  return Object.assign(
    {},
    ...FAMILIES.map(({ prefix, kind }) => family(provisioning, prefix, kind)),
  ) as AccountHandlers;
}

function family(provisioning: Provisioning, prefix: string, kind: ObjectHolder['kind']): AccountHandlers {
  const holder = ({ name: bucket }: Call): ObjectHolder => ({ kind, bucket });
  return {
    [`sign${prefix}Upload`]: async (call, res) => {
      const input = call.body as UploadInput;
      noteObject(res, input.filename);
      sendJson(res, 200, urlView(await provisioning.uploadUrl(call.account, holder(call), input, secondsOf(call))));
    },

    [`sign${prefix}Download`]: async (call, res) => {
      const { downloadAs } = call.query;
      noteObject(res, keyOf(call));
      const options = {
        seconds: secondsOf(call),
        ...(downloadAs !== undefined && { disposition: attachment(downloadAs) }),
      };
      sendJson(res, 200, urlView(await provisioning.downloadUrl(call.account, holder(call), keyOf(call), options)));
    },

    [`sign${prefix}Deletion`]: async (call, res) => {
      noteObject(res, keyOf(call));
      sendJson(
        res,
        200,
        urlView(await provisioning.deleteUrl(call.account, holder(call), keyOf(call), secondsOf(call))),
      );
    },
  };
}

const secondsOf = ({ query }: Call): number =>
  query['expiration'] === undefined ? DEFAULT_SECONDS : Number(query['expiration']);
const keyOf = ({ params }: Call): string => params['path'] ?? '';

function noteObject(res: Answer, key: string): void {
  res.locals.objectSha256 = createHash('sha256').update(key).digest('hex');
}

/** With the URL in the plain: it goes into a response body and nowhere else. */
function urlView({ url, fields, headers, expiresAt, limitedBy }: ObjectUrl) {
  return {
    url: url.reveal(),
    ...(fields && {
      fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.reveal()])),
    }),
    ...(headers && { headers }),
    expiresAt: timeView(expiresAt),
    ...(limitedBy !== undefined && { limitedBy }),
  };
}
