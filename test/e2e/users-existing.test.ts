import { CreateUserCommand, ListAccessKeysCommand, ListGroupsForUserCommand } from '@aws-sdk/client-iam';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { ORG, startWorld, type World } from '../support/e2e/world';

/** One person in several buckets, with one key; and the list that shows who may do what. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

async function newBucket(stem = 'shared'): Promise<string> {
  const bucket = world.name(stem);
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
  return bucket;
}

const post = (bucket: string, body: object, headers?: Readonly<Record<string, string>>) =>
  world.api('POST', `/demo/buckets/${bucket}/users`, body, headers);

async function withUser(): Promise<{ readonly home: string; readonly other: string; readonly user: string }> {
  const [home, other] = [await newBucket('home'), await newBucket('other')];
  const user = `${home}-ada`;
  expect((await post(home, { User: { UserName: user, Tags: [{ Key: 'Team', Value: 'birds' }] } })).status).toBe(200);
  return { home, other, user };
}

async function groupsOf(UserName: string): Promise<readonly (string | undefined)[]> {
  const { Groups = [] } = await world.auditor.iam.send(new ListGroupsForUserCommand({ UserName }));
  return Groups.map(({ GroupName }) => GroupName).sort();
}

const keysOf = async (UserName: string): Promise<number> =>
  (await world.auditor.iam.send(new ListAccessKeysCommand({ UserName }))).AccessKeyMetadata?.length ?? 0;

describe('a user of another bucket', () => {
  skippable('is refused without Existing, by an answer that says how', async () => {
    const { other, user } = await withUser();
    const { status, body } = await post(other, { User: { UserName: user } });
    expect(status).toBe(409);
    expect(body['detail']).toContain('"Existing": true');
  });

  skippable('joins with Existing, keeps its key, and leaves one bucket at a time', async () => {
    const { home, other, user } = await withUser();
    const { status, body } = await post(other, { User: { UserName: user }, Groups: ['BktROGrp'], Existing: true });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        User: { UserName: user, Tags: expect.arrayContaining([{ Key: 'Team', Value: 'birds' }]) },
        AccessKey: null,
      },
    });
    expect(await groupsOf(user)).toEqual([`${home}-BktAdmGrp`, `${other}-BktROGrp`].sort());
    expect(await keysOf(user)).toBe(1);
    expect((await world.api('DELETE', `/demo/buckets/${home}`)).status).toBe(200);
    expect(await groupsOf(user)).toEqual([`${other}-BktROGrp`]);
    expect((await world.api('DELETE', `/demo/buckets/${other}/users/${user}`)).status).toBe(200);
    await expect(groupsOf(user)).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  skippable('joins once, however often it is asked', async () => {
    const { other, user } = await withUser();
    const asked = { User: { UserName: user }, Existing: true };
    const headers = { 'Idempotency-Key': world.name('key') };
    const [first, again] = [await post(other, asked, headers), await post(other, asked, headers)];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.text).toBe(first.text);
    expect((await post(other, asked)).status).toBe(200);
  });

  skippable(
    'is in no new group when the joining fails',
    async () => {
      const { home, other, user } = await withUser();
      world.faults.add({ kind: 'refuse', operation: 'AddUserToGroup' });
      expect((await post(other, { User: { UserName: user }, Groups: ['BktROGrp'], Existing: true })).status).toBe(403);
      world.faults.clear();
      expect(await groupsOf(user)).toEqual([`${home}-BktAdmGrp`]);
      expect(await keysOf(user)).toBe(1);
    },
    { more: SANDBOX_ONLY.faults },
  );
});

describe('Existing', () => {
  skippable('for a user that is not there is 404', async () => {
    expect((await post(await newBucket(), { User: { UserName: world.name('none') }, Existing: true })).status).toBe(
      404,
    );
  });

  skippable('for a user without our mark, or of another org, is 409', async () => {
    const bucket = await newBucket();
    const strangers = [
      { name: world.name('person'), Tags: [] },
      { name: world.name('theirs'), Tags: [{ Key: 'spinup:org', Value: `not-${ORG}` }] },
    ];
    for (const { name, Tags } of strangers) {
      await world.auditor.iam.send(new CreateUserCommand({ UserName: name, Tags }));
      expect((await post(bucket, { User: { UserName: name }, Existing: true })).status).toBe(409);
      expect(await groupsOf(name)).toEqual([]);
    }
  });

  skippable('with tags is 400: a user that exists keeps its own', async () => {
    const { other, user } = await withUser();
    const { status, body } = await post(other, {
      User: { UserName: user, Tags: [{ Key: 'a', Value: 'b' }] },
      Existing: true,
    });
    expect({ status, body }).toMatchObject({ status: 400, body: { pointer: '/User/Tags' } });
  });
});

skippable('the list of users shows groups, status, tags and the age of keys', async () => {
  const { home, user } = await withUser();
  const off = `${home}-eve`;
  expect((await post(home, { User: { UserName: off }, Groups: ['BktRWGrp', 'BktROGrp'] })).status).toBe(200);
  expect((await world.api('PATCH', `/demo/buckets/${home}/users/${off}`, { Status: 'Inactive' })).status).toBe(200);
  const { body } = await world.api<readonly unknown[]>('GET', `/demo/buckets/${home}/users`);
  expect(body).toMatchObject([
    {
      UserName: user,
      Groups: [`${home}-BktAdmGrp`],
      Status: 'Active',
      Tags: expect.arrayContaining([{ Key: 'Team', Value: 'birds' }]),
      AccessKeys: [{ Status: 'Active', CreateDate: expect.stringMatching(/Z$/) }],
    },
    {
      UserName: off,
      Groups: [`${home}-BktROGrp`, `${home}-BktRWGrp`],
      Status: 'Inactive',
      AccessKeys: [{ Status: 'Inactive' }],
    },
  ]);
});
