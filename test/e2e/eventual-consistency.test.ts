import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { startWorld, type World } from '../support/e2e/world';

/**
 * IAM shows what was just made only after some calls that do not see it. Every write succeeds all the same, and does so
 * without making anything twice.
 */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

for (const lag of [1, 2, 3]) {
  skippable(
    `a whole story while IAM hides new things from ${lag} call(s)`,
    async () => {
      world.faults.eventualConsistency({ lag: 'calls', n: lag });
      const bucket = world.name('lagging');
      const path = `/demo/buckets/${bucket}`;
      const user = `${bucket}-user`;
      expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
      const created = await world.api('POST', `${path}/users`, {
        User: { UserName: user },
        Groups: ['BktAdmGrp', 'BktROGrp'],
      });
      expect(created.status).toBe(200);
      world.faults.clear();
      const seen = await world.snapshot(bucket);
      expect(Object.keys(seen.users[user]?.keys ?? {})).toHaveLength(1);
      expect(seen.users[user]?.groups).toEqual([`${bucket}-BktAdmGrp`, `${bucket}-BktROGrp`]);
      for (const role of ['BktAdm', 'BktRO'])
        expect(seen.groups[`${bucket}-${role}Grp`]?.attached).toEqual([`${bucket}-${role}Plc`]);

      world.faults.eventualConsistency({ lag: 'calls', n: lag });
      expect((await world.api('PUT', `${path}/users/${user}`)).status).toBe(200);
      expect((await world.api('DELETE', `${path}/users/${user}`)).status).toBe(200);
      expect((await world.api('DELETE', path)).status).toBe(200);
      world.faults.clear();
      expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
    },
    { more: SANDBOX_ONLY.faults },
  );

  skippable(
    `ten users at once of a role made on demand while IAM hides new things from ${lag} call(s)`,
    async () => {
      const bucket = world.name('lagging');
      expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
      world.faults.eventualConsistency({ lag: 'calls', n: lag });
      const users = Array.from({ length: 10 }, (_, index) => `${bucket}-user${index}`);
      const replies = await Promise.all(
        users.map((UserName) =>
          world.api('POST', `/demo/buckets/${bucket}/users`, { User: { UserName }, Groups: ['BktROGrp'] }),
        ),
      );
      world.faults.clear();
      expect(replies.map(({ status }) => status)).toEqual(users.map(() => 200));
      expect((await world.snapshot(bucket)).groups[`${bucket}-BktROGrp`]).toMatchObject({
        members: users,
        attached: [`${bucket}-BktROPlc`],
      });
    },
    { more: SANDBOX_ONLY.faults },
  );
}

skippable(
  'a rollback while IAM hides new things leaves nothing behind',
  async () => {
    const bucket = world.name('lagging');
    world.faults.eventualConsistency({ lag: 'calls', n: 2 });
    world.faults.add({ kind: 'refuse', operation: 'AttachGroupPolicy' });
    const reply = await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
    world.faults.clear();
    expect(reply).toMatchObject({ status: 403, body: { state: 'rolled-back', code: 'AccessDenied' } });
    expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
  },
  { more: SANDBOX_ONLY.faults },
);
