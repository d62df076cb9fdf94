import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PLAIN_STORES } from '../support/sandbox/plain-stores';
import { BLOCKED, UPLOADS, readPolicy, without } from '../support/e2e/settings';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { startWorld, type World } from '../support/e2e/world';

/**
 * The life of a bucket on a store without IAM, whatever the store can do. Made for stores as they are (`scripts/emulators.mjs
 * run rclone|gofakes3|s3mock`); the sandbox stands in for one that ignores what it does not know.
 */

const onStores = { more: SANDBOX_ONLY.stores };

let world: World;
beforeAll(async () => {
  world = await startWorld({ sandbox: { plain: PLAIN_STORES.deaf } });
});
afterAll(() => world.stop());

const make = async (stem: string): Promise<{ readonly bucket: string; readonly path: string }> => {
  const bucket = world.name(stem);
  expect(
    (await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket }, Tags: [{ Key: 'a', Value: '1' }] }))
      .status,
  ).toBe(202);
  return { bucket, path: `/demo/buckets/${bucket}` };
};
const put = (Bucket: string): Promise<unknown> =>
  world.auditor.s3.send(new PutObjectCommand({ Bucket, Key: 'precious', Body: 'content' }));
const isListed = async (bucket: string): Promise<boolean> =>
  (await world.api<readonly string[]>('GET', '/demo/buckets')).body.includes(bucket);

const SETTINGS = [
  ['CORS', 'cors', () => UPLOADS],
  ['Lifecycle', 'lifecycle', () => 'expire-30'],
  ['BucketPolicy', 'policy', readPolicy],
] as const;

for (const [member, name, value] of SETTINGS) {
  skippable(
    `${member} set and taken away, twice, leaves the bucket and what is in it`,
    async () => {
      const { bucket, path } = await make('removal');
      for (const isFull of [false, true]) {
        if (isFull) await put(bucket);
        expect((await world.api('PUT', path, { [member]: value(bucket) })).status).toBe(200);
        for (let n = 0; n < 2; n += 1) {
          expect((await world.api('PUT', path, without(member))).status).toBe(200);
          expect({ isFull, head: (await world.api('HEAD', path)).status, isListed: await isListed(bucket) }).toEqual({
            isFull,
            head: 200,
            isListed: true,
          });
        }
        expect((await world.api('GET', `${path}?include=${name}`)).body).toMatchObject({
          Empty: !isFull,
          [member]: null,
        });
      }
      const { Body } = await world.auditor.s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'precious' }));
      expect(await Body?.transformToString()).toBe('content');
    },
    onStores,
  );
}

skippable(
  'what a bucket shows may be sent back',
  async () => {
    const { bucket, path } = await make('shown');
    const everything = {
      Tags: [{ Key: 'b', Value: '2' }],
      CORS: UPLOADS,
      Lifecycle: 'expire-30',
      PublicAccessBlock: BLOCKED,
      BucketPolicy: readPolicy(bucket),
      Versioning: { Status: 'Enabled' },
    };
    expect((await world.api('PUT', path, everything)).status).toBe(200);
    const { body: shown } = await world.api('GET', `${path}?include=cors,versioning,lifecycle,policy,publicAccess`);
    const { Tags, CORS, Versioning, Lifecycle, PublicAccessBlock, BucketPolicy } = shown;
    // S3Mock keeps rules in another way than they were sent: those have no name, and cannot be asked for.
    const named = ((Lifecycle as { readonly Name: string | null } | null)?.Name ?? null) === null ? null : Lifecycle;
    const sendable = Object.entries({
      Tags,
      CORS,
      Versioning,
      Lifecycle: named,
      PublicAccessBlock,
      BucketPolicy,
    }).filter(([, value]) => value !== null);
    expect((await world.api('PUT', path, Object.fromEntries(sendable))).status).toBe(200);
    expect((await world.api('GET', `${path}?include=cors,versioning,lifecycle,policy,publicAccess`)).body).toEqual(
      shown,
    );
  },
  onStores,
);

skippable(
  'a new bucket takes uploads, is not deleted with something in it, and goes when it is empty',
  async () => {
    const { bucket, path } = await make('life');
    expect((await world.api('GET', path)).body).toMatchObject({ Empty: true });
    await put(bucket);
    expect((await world.api('DELETE', path)).status).toBe(409);
    await world.auditor.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'precious' }));
    expect((await world.api('DELETE', path)).status).toBe(200);
    expect((await world.api('HEAD', path)).status).toBe(404);
    for (const body of [{ Tags: [] }, { CORS: UPLOADS }, { PublicAccessBlock: BLOCKED }])
      expect((await world.api('PUT', path, body)).status).toBe(404);
    expect({ isListed: await isListed(bucket) }).toEqual({ isListed: false });
  },
  onStores,
);
