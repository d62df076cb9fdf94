import { PutObjectCommand } from '@aws-sdk/client-s3';
import { skippable } from '../support/e2e/skips';
import { hasIam } from '../support/e2e/target';
import { type Service, startWorld, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const create = (service: Service, Bucket: string, who: string) =>
  service.api('POST', '/demo/buckets', {
    BucketInput: { Bucket },
    Tags: [{ Key: 'Who', Value: who }],
    Lifecycle: 'expire-30',
  });

/** A whole bucket: what one undisturbed creation makes. */
async function expectWhole(bucket: string, operation: string | null): Promise<void> {
  const seen = await world.snapshot(bucket);
  expect(seen.buckets[bucket]).toMatchObject({
    tags: { 'mallard:operation': operation },
    encryption: 'AES256',
    publicAccessBlock: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
    lifecycle: [{ ID: 'expire-30' }],
  });
  expect(seen.buckets[bucket]?.logging).toBeDefined();
  if (!hasIam) return;
  expect(seen.groups[`${bucket}-BktAdmGrp`]?.attached).toEqual([`${bucket}-BktAdmPlc`]);
  expect(seen.policies[`${bucket}-BktAdmPlc`]?.tags['mallard:operation']).toBe(operation);
}

skippable('ten creations of one name at once: one 202 and a whole bucket, nine 409', async () => {
  const bucket = world.name('wanted');
  const replies = await Promise.all(Array.from({ length: 10 }, (_, index) => create(world, bucket, String(index))));
  const winners = replies.filter(({ status }) => status === 202);
  expect(replies.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(9).fill(409)]);
  await expectWhole(bucket, winners[0]?.headers.get('x-operation-id') ?? null);
});

skippable('a busy 409 says when to come back, one about a name that is taken does not', async () => {
  const bucket = world.name('wanted');
  const replies = await Promise.all(Array.from({ length: 10 }, (_, index) => create(world, bucket, String(index))));
  for (const { status, headers, body } of replies.filter((reply) => reply.status === 409)) {
    const busy = body['type'] === 'urn:mallard:problem:busy';
    expect({ status, waits: headers.has('retry-after'), retryable: body['retryable'] }).toEqual({
      status: 409,
      waits: busy,
      retryable: busy,
    });
  }
});

skippable('two services that share nothing but AWS: at most one 202, whole; the loser destroys nothing', async () => {
  const second = await world.another();
  let won = 0;
  for (let round = 0; round < 10; round += 1) {
    const bucket = world.name('contested');
    const replies = await Promise.all([create(world, bucket, 'first'), create(second, bucket, 'second')]);
    const winners = replies.filter(({ status }) => status === 202);
    expect(winners.length).toBeLessThanOrEqual(1);
    won += winners.length;
    for (const { status, body } of replies) {
      if (status !== 202)
        expect({ status, state: body['state'], left: body['left'] ?? [] }).toMatchObject({ status: 409, left: [] });
    }
    if (winners.length === 1) await expectWhole(bucket, winners[0]?.headers.get('x-operation-id') ?? null);
    else expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
  }
  // A service that refuses everybody would pass all of the above.
  expect(won).toBeGreaterThan(0);
});

skippable('a creation loses against a bucket that is there, filled or not', async () => {
  const bucket = world.name('filled');
  expect((await create(world, bucket, 'first')).status).toBe(202);
  await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'precious', Body: 'x' }));
  const before = await world.snapshot(bucket);
  const second = await world.another();
  const replies = await Promise.all([create(world, bucket, 'again'), create(second, bucket, 'again')]);
  expect(replies.map(({ status }) => status)).toEqual([409, 409]);
  expect(await world.snapshot(bucket)).toEqual(before);
});

skippable('a deletion and a new user at once: no user without a bucket, no bucket half gone', async () => {
  for (let round = 0; round < 5; round += 1) {
    const bucket = world.name('leaving');
    expect((await create(world, bucket, 'me')).status).toBe(202);
    const [removed, added] = await Promise.all([
      world.api('DELETE', `/demo/buckets/${bucket}`),
      world.api('POST', `/demo/buckets/${bucket}/users`, { User: { UserName: `${bucket}-user` } }),
    ]);
    const left = await world.snapshot(bucket);
    if (removed.status === 200) {
      expect([404, 409]).toContain(added.status);
      expect(left).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
    } else {
      expect(removed.status).toBe(409);
      expect(Object.keys(left.buckets)).toEqual([bucket]);
      expect(Object.keys(left.users)).toEqual(added.status === 200 ? [`${bucket}-user`] : []);
    }
  }
});
