import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type SiteWorld, startSiteWorld } from './site';

export interface ClientKey {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
}

/** A bucket with a file in it, a directory to work in, and keys as the service hands them out. */
export interface ClientWorld {
  readonly world: SiteWorld;
  readonly bucket: string;
  readonly directory: string;
  readonly small: string;
  /** Larger than every client's threshold for multipart uploads. */
  readonly big: string;
  readonly bigBytes: Buffer;
  readonly keyOf: (group: string) => Promise<ClientKey>;
  /** A website with a file in it, in the folder `docs/` and one beside it. */
  readonly site: () => Promise<string>;
  /** A user of a bucket or a website (path below `/v1/s3`), and its key. */
  readonly userOf: (
    holder: string,
    more?: { readonly Path?: string; readonly Groups?: readonly string[] },
  ) => Promise<{ readonly user: string; readonly key: ClientKey }>;
  readonly stop: () => Promise<void>;
}

const BIG = 24 * 1024 * 1024;

export async function startClientWorld(): Promise<ClientWorld> {
  const world = await startSiteWorld();
  const bucket = world.name('clients');
  const made = await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
  if (made.status !== 202) throw new Error(made.text);
  await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'docs/given.txt', Body: 'given' }));
  const userOf: ClientWorld['userOf'] = async (holder, { Path, Groups } = {}) => {
    const user = world.name('client');
    const body = {
      User: { UserName: user, ...(Path !== undefined && { Path }) },
      ...(Groups !== undefined && { Groups }),
    };
    const {
      status,
      body: answer,
      text,
    } = await world.api<{ readonly AccessKey: ClientKey }>('POST', `${holder}/users`, body);
    if (status !== 200) throw new Error(text);
    return { user, key: answer.AccessKey };
  };
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
    keyOf: async (group) => (await userOf(`/demo/buckets/${bucket}`, { Groups: [group] })).key,
    site: async () => {
      const site = world.site('clients');
      const created = await world.create(site);
      if (created.status !== 202) throw new Error(created.text);
      await world.upload(site, 'docs/given.txt', 'given');
      await world.upload(site, 'beside/given.txt', 'not for all');
      return site;
    },
    userOf,
    stop: async () => {
      rmSync(directory, { recursive: true, force: true });
      await world.stop();
    },
  };
}
