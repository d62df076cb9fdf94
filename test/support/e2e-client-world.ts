import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { startWorld } from './e2e-world';
import type { World } from './e2e-world';

export interface ClientKey {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
}

/** A bucket with a file in it, a directory to work in, and keys as the service hands them out. */
export interface ClientWorld {
  readonly world: World;
  readonly bucket: string;
  readonly directory: string;
  readonly small: string;
  /** Larger than every client's threshold for multipart uploads. */
  readonly big: string;
  readonly bigBytes: Buffer;
  readonly keyOf: (group: string) => Promise<ClientKey>;
  readonly stop: () => Promise<void>;
}

const BIG = 24 * 1024 * 1024;

export async function startClientWorld(): Promise<ClientWorld> {
  const world = await startWorld();
  const bucket = world.name('clients');
  const made = await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
  if (made.status !== 202) throw new Error(made.text);
  await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'docs/given.txt', Body: 'given' }));
  const directory = mkdtempSync(join(tmpdir(), 'mallard-clients-'));
  const [small, big] = [join(directory, 'small.txt'), join(directory, 'big.bin')];
  const bigBytes = randomBytes(BIG);
  writeFileSync(small, 'small');
  writeFileSync(big, bigBytes);
  return {
    world,
    bucket,
    directory,
    small,
    big,
    bigBytes,
    keyOf: async (group) => {
      const { status, body, text } = await world.api<{ readonly AccessKey: ClientKey }>('POST', `/demo/buckets/${bucket}/users`, {
        User: { UserName: world.name(group.toLowerCase()) },
        Groups: [group],
      });
      if (status !== 200) throw new Error(text);
      return body.AccessKey;
    },
    stop: async () => {
      rmSync(directory, { recursive: true, force: true });
      await world.stop();
    },
  };
}
