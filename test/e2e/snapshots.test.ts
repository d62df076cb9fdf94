import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { BELONGINGS, give } from '../support/e2e/belongings';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { snapshotOf } from '../support/e2e/snapshot';
import { snapshotOfState } from '../support/e2e/snapshot-of-state';
import { makeRole, readerPolicy } from '../support/e2e/legacy';
import { startWorld, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

skippable(
  'a snapshot read from the state of the sandbox is what an auditor sees call by call',
  async () => {
    const { sandbox } = world.target;
    if (sandbox === undefined) throw new Error(`${world.target.name} has no state`);
    const bucket = world.name('seen');
    const { s3 } = world.auditor;
    const onBucket = `/demo/buckets/${bucket}`;
    await world.api('POST', '/demo/buckets', {
      BucketInput: { Bucket: bucket, ObjectLockEnabledForBucket: true },
      Tags: [{ Key: 'Application', Value: 'HowToGet' }],
      Lifecycle: 'deep-archive',
    });
    for (const [n, Groups] of [[], ['BktROGrp'], ['BktRWGrp', 'BktROGrp']].entries()) {
      const UserName = `${bucket}-user-${String(n)}`;
      const reply = await world.api('POST', `${onBucket}/users`, { User: { UserName }, ...(n > 0 && { Groups }) });
      expect(reply.status).toBe(200);
    }
    for (const what of BELONGINGS) await give(world.auditor, `${bucket}-user-1`, what);
    await makeRole(world.auditor, `${bucket}-by-hand`, readerPolicy(bucket));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'twice', Body: 'x' }));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'twice', Body: 'y' }));
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'twice' }));
    // What nobody has configured.
    await s3.send(new CreateBucketCommand({ Bucket: `${bucket}-bare` }));
    await s3.send(new CreateBucketCommand({ Bucket: `${bucket}-suspended` }));
    const VersioningConfiguration = { Status: 'Suspended' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: `${bucket}-suspended`, VersioningConfiguration }));
    await world.rival.s3.send(new CreateBucketCommand({ Bucket: `${bucket}-rival` }));

    const seen = await snapshotOf(world.auditor, bucket);
    expect(Object.keys(seen.buckets)).toHaveLength(3);
    expect(Object.keys(seen.users)).toHaveLength(3);
    expect(snapshotOfState(sandbox.state.take(), world.accountId, bucket)).toEqual(seen);
  },
  { more: SANDBOX_ONLY.calls },
);
