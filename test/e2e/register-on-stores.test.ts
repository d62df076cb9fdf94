import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { createSessions } from '../../src/aws/session';
import type { AwsSession } from '../../src/aws/types';
import { systemClock } from '../../src/base/clock';
import { secret } from '../../src/base/secret';
import type { Register } from '../../src/engine/register';
import { createObjects, type Objects } from '../../src/operations/s3/objects';
import { probeStore } from '../../src/operations/s3/probe';
import { createS3Register, type Removal } from '../../src/operations/s3/register';
import { describeRegisterContract } from '../operations/register-contract';
import { errorOf } from '../aws/fixtures';
import { accountConfig } from '../support/config';
import { accounts, openTarget, targetName, type Target } from '../support/e2e/target';

/** The register in a bucket of a store as it is: those that honour conditions pass its contract, all others are refused at start. */

/** What is seen of stores that cannot keep operations. */
const REFUSED: Readonly<Partial<Record<typeof targetName, RegExp>>> = {
  rclone: /ignores If-None-Match: it wrote over an object that was there/,
  s3mock: /let \d+ of 16 writes through that were sent at once/,
  s3proxy: /let \d+ of 16 writes through that were sent at once/,
};
const refusal = REFUSED[targetName];

const BUCKET = `operations-${randomUUID()}`;
const sessions = createSessions({ clock: systemClock, org: 'acme' });
let target: Target;
let session: () => Promise<AwsSession>;
let objects: Objects;
let removal: Removal | undefined;
beforeAll(async () => {
  target = await openTarget();
  const { id, accessKeyId: akid, secretAccessKey } = accounts.demo;
  const credentials = { kind: 'static', akid, secret: secret(secretAccessKey), sessionToken: undefined } as const;
  const account = accountConfig({ id, credentials, endpoint: target.endpoint, iam: false });
  session = () => sessions.open(account);
  await (await session()).s3(new CreateBucketCommand({ Bucket: BUCKET }));
  objects = createObjects({ session, bucket: BUCKET, clock: systemClock });
});
afterAll(async () => {
  sessions.destroy();
  await target.stop();
});

const probe = (): Promise<Removal> => probeStore({ objects, bucket: BUCKET, prefix: 'probes/', clock: systemClock });

/** Proves once what all of the suite stands on. */
async function open(): Promise<Register> {
  removal ??= await probe();
  return createS3Register({ objects, prefix: `${randomUUID()}/`, clock: systemClock, removal });
}

/** The sandbox has the whole suite already, in test/operations. */
const size =
  targetName === 'sandbox' || targetName === 'plain'
    ? { many: 20, racers: 20, histories: 1, timeoutMs: 30_000 }
    : { many: 1_010, racers: 200, histories: 5, timeoutMs: 120_000 };

if (refusal === undefined) {
  describeRegisterContract(`s3 on ${targetName}`, open, size);

  test(
    'the store is found fit every time, and records are removed in the same way',
    async () => {
      const found = [await probe(), await probe()];
      console.info(`register on ${targetName}: passed; records are removed by ${found.join(', ')}`);
      expect(found[0]).toBe(found[1]);
    },
    size.timeoutMs,
  );
} else {
  test(`${targetName} is refused at start with what was seen`, async () => {
    const error = await errorOf(probe());
    console.info(`register on ${targetName}: refused; ${error.detail}`);
    expect(error).toMatchObject({ kind: 'misconfigured', setting: 'operations.bucket' });
    expect(error.detail).toMatch(refusal);
  });
}

test(
  'a probe leaves nothing behind',
  async () => {
    await probe().catch(() => undefined);
    const { s3 } = await session();
    const { Contents = [] } = await s3(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'probes/' }));
    expect(Contents).toEqual([]);
    // Writes that race are slow on SeaweedFS.
  },
  size.timeoutMs,
);
