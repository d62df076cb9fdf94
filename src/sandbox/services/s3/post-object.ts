import { type Call, type Handlers, keyOf, type Reply } from './call';
import { objectHandlers } from './objects';
import { checkPostPolicy } from './post-policy';
import { preconditionFailed } from './refusals';

/** Uploads by HTML form: a PutObject whose headers are the form's fields. Source: S3 API reference, "POST Object". */

/**
 * Checks that an upload by a form is what the form's policy allows.
 * @throws {PreconditionFailed} when there is no form
 * @throws what `checkPostPolicy` throws
 */
export function checkForm({ operation, request, address, context }: Call): void {
  if (operation !== 'PostObject') return;
  const { form, body } = request;
  if (form === undefined) throw notForm();
  const policy = form.fields.get('policy');
  // Unsigned: what strangers may do, the bucket's policy says.
  if (policy === undefined) return;
  const { bucket = '', key = '' } = address;
  checkPostPolicy(policy, { bucket, key, fields: form.fields, size: body.length }, context.now());
}

const notForm = () => preconditionFailed('Bucket POST must be of the enclosure-type multipart/form-data');

function redirectTo(target: string, query: Readonly<Record<string, string>>): string | undefined {
  if (!URL.canParse(target)) return undefined;
  const url = new URL(target);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
  return url.href;
}

function post(call: Call): Reply {
  const { form, host } = call.request;
  const { bucket = '' } = call.address;
  if (form === undefined) throw notForm();
  const key = keyOf(call);
  const { headers = {} } = objectHandlers['PutObject']?.(call) ?? {};
  const etag = headers['etag'] ?? '';
  const path = key.split('/').map(encodeURIComponent).join('/');
  const location = call.address.style === 'path' ? `http://${host}/${bucket}/${path}` : `http://${host}/${path}`;
  const stored = { ...headers, location };

  const target = form.fields.get('success_action_redirect') ?? form.fields.get('redirect');
  const redirect = target === undefined ? undefined : redirectTo(target, { bucket, key, etag });
  if (redirect !== undefined) return { status: 303, headers: { ...headers, location: redirect } };
  const status = form.fields.get('success_action_status');
  if (status === '201') {
    return {
      status: 201,
      headers: stored,
      xml: { root: 'PostResponse', value: { Location: location, Bucket: bucket, Key: key, ETag: etag } },
    };
  }
  return { status: status === '200' ? 200 : 204, headers: stored };
}

export const postHandlers: Handlers = { PostObject: post };
