import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { awsClients } from './target';
import type { Service, World } from './world';

/** Users with keys, as the tests on access keys begin, and what a key can do. */

export interface IssuedKey {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
}

export interface ShownKey {
  readonly AccessKeyId: string;
  readonly Status: string;
  readonly CreateDate: string;
  readonly UserName: string;
}

export interface UsedKey extends ShownKey {
  readonly LastUsed: {
    readonly LastUsedDate: string;
    readonly ServiceName: string | null;
    readonly Region: string | null;
  } | null;
}

export interface KeyedUser {
  readonly bucket: string;
  readonly user: string;
  /** Of the user, below `/v1/s3`. */
  readonly path: string;
  readonly key: IssuedKey;
}

async function must<B>(service: Pick<Service, 'api'>, method: string, path: string, body?: unknown): Promise<B> {
  const reply = await service.api<B>(method, path, body);
  if (reply.status >= 300) throw new Error(`${method} ${path} answered ${reply.text}`);
  return reply.body;
}

export async function newBucket(world: World, stem = 'keys'): Promise<string> {
  const bucket = world.name(stem);
  await must(world, 'POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
  return bucket;
}

/** A user of a bucket that is there, or of a new one. */
export async function newKeyedUser(
  world: World,
  more: { readonly bucket?: string; readonly Groups?: readonly string[] } = {},
): Promise<KeyedUser> {
  const bucket = more.bucket ?? (await newBucket(world));
  const user = world.name(`${bucket}-user`.slice(0, 40));
  const { AccessKey } = await must<{ readonly AccessKey: IssuedKey }>(world, 'POST', `/demo/buckets/${bucket}/users`, {
    User: { UserName: user },
    ...(more.Groups && { Groups: more.Groups }),
  });
  return { bucket, user, path: `/demo/buckets/${bucket}/users/${user}`, key: AccessKey };
}

export const addKey = async (world: World, path: string): Promise<IssuedKey> =>
  (await must<{ readonly AccessKey: IssuedKey }>(world, 'POST', `${path}/keys`)).AccessKey;

export interface KeyInUse {
  /** `ok`, or the code of AWS's refusal. */
  readonly list: () => Promise<string>;
  readonly put: () => Promise<string>;
}

/** Sends signed S3 requests with a key, each by a client of its own. */
export function inUse(world: World, bucket: string, { AccessKeyId, SecretAccessKey }: IssuedKey): KeyInUse {
  const verdict = async (call: (clients: ReturnType<typeof awsClients>) => Promise<unknown>): Promise<string> => {
    const clients = awsClients(world.target.endpoint, { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey });
    try {
      await call(clients);
      return 'ok';
    } catch (thrown) {
      return thrown instanceof Error ? thrown.name : String(thrown);
    } finally {
      clients.destroy();
    }
  };
  return {
    list: () => verdict(({ s3 }) => s3.send(new ListObjectsV2Command({ Bucket: bucket }))),
    put: () => verdict(({ s3 }) => s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'written', Body: 'x' }))),
  };
}
