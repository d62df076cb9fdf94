import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import { targetName } from './target';
import type { Reply, Service, World } from './world';

/** Object URLs as their bearers use them: with nothing but `fetch`. */

/** The answer of the service about one object. */
export interface SignedReply {
  readonly url: string;
  readonly expiresAt: string;
  readonly limitedBy?: 'credentials' | 'unknown';
  readonly headers?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, string>>;
}

export interface Used {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Headers;
}

/** A key as it stands in a path of ours. */
export const inPath = (key: string): string => key.split('/').map(encodeURIComponent).join('/');

/** Ends with an Error that shows the answer unless the service signed. */
export async function signed(reply: Promise<Reply>): Promise<SignedReply> {
  const { status, text, body } = await reply;
  if (status !== 200) throw new Error(`${status} ${text}`);
  // openapi.yaml has been asked whether the answer is of this form.
  return body as unknown as SignedReply;
}

export async function use(
  method: string,
  url: string,
  body?: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<Used> {
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(body !== undefined && { body: new Uint8Array(Buffer.from(body)) }),
  });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()), headers: response.headers };
}

/** Sends a form as a browser would: its fields, then the file. */
export async function sendForm(
  { url, fields = {} }: SignedReply,
  file: string | Buffer,
  more: Readonly<Record<string, string>> = {},
): Promise<Used> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...more })) form.append(name, value);
  form.append('file', new File([new Uint8Array(Buffer.from(file))], 'from-the-computer.bin'));
  const response = await fetch(url, { method: 'POST', body: form });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()), headers: response.headers };
}

/** Uploads, downloads and deletes an object below `base`, each by a URL of its own, and gives what came back. */
export async function roundTrip(
  { api }: Service,
  base: string,
  key: string,
  content: string | Buffer,
): Promise<{ readonly statuses: readonly number[]; readonly read: Buffer }> {
  const path = `${base}/${inPath(key)}`;
  const up = await signed(api('POST', base, { filename: key }));
  const put = await use('PUT', up.url, content);
  const got = await use('GET', (await signed(api('GET', path))).url);
  const gone = await use('DELETE', (await signed(api('DELETE', path))).url);
  const after = await use('GET', (await signed(api('GET', path))).url);
  return { statuses: [put.status, got.status, gone.status, after.status], read: got.body };
}

/** What an IAM user of the account may do: everything, or what `Statement` says. Gives the account's keys for the configuration. */
export async function keysOfNewUser(
  { auditor: { iam }, name }: World,
  Statement: object = { Effect: 'Allow', Action: '*', Resource: '*' },
): Promise<{ readonly akid: string; readonly secret: string }> {
  const UserName = name('signer');
  await iam.send(new CreateUserCommand({ UserName }));
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: UserName,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy?.Arn }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { akid: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.SecretAccessKey ?? '' };
}

/** The service with the keys of an IAM user: emulators verify no signature of keys they have not issued. */
export async function signingService(world: World): Promise<Service> {
  return targetName === 'plain' ? world : world.another({ demo: await keysOfNewUser(world) });
}
