import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import { addKey, inUse, newBucket, newKeyedUser, type UsedKey } from '../support/e2e/keys';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { LOG_BUCKET, ORG, startWorld, type World } from '../support/e2e/world';

interface ReportedKey extends UsedKey {
  readonly ageDays: number;
  readonly Bucket: string;
}

interface Report {
  readonly Keys: readonly ReportedKey[];
  readonly Marker: string | null;
}

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const page = (query: string) => world.api<Report>('GET', `/demo/keys${query}`);

/** All pages, with the number of keys on each. */
async function whole(
  query = '',
): Promise<{ readonly keys: readonly ReportedKey[]; readonly sizes: readonly number[] }> {
  const keys: ReportedKey[] = [];
  const sizes: number[] = [];
  let marker: string | null = '';
  while (marker !== null) {
    const { status, body } = await page(`?limit=3${query}${marker === '' ? '' : `&marker=${marker}`}`);
    expect(status).toBe(200);
    keys.push(...body.Keys);
    sizes.push(body.Keys.length);
    marker = body.Marker;
  }
  return { keys, sizes };
}

/** An emulator's account is not a test's alone. */
const of = (keys: readonly ReportedKey[], ...buckets: readonly string[]) =>
  keys.filter(({ Bucket }) => buckets.includes(Bucket));

interface TakenUser {
  readonly name: string;
  readonly groups: readonly string[];
  readonly keys: { readonly id: string; createdAt: number }[];
}

/** Changes the users of the account in the sandbox's state, which nobody can age or multiply through its API. */
function changeUsers(change: (users: readonly TakenUser[]) => readonly TakenUser[]): void {
  const { sandbox } = world.target;
  if (sandbox === undefined) throw new Error('only the sandbox has a state to change');
  const taken = JSON.parse(sandbox.state.take()) as {
    readonly iam: { readonly id: string; users: readonly TakenUser[] }[];
  };
  for (const account of taken.iam) if (account.id === world.accountId) account.users = change(account.users);
  sandbox.state.restore(JSON.stringify(taken));
}

const HOUR_MS = 3_600_000;

skippable('names every key of every user of ours once, with its bucket, age and last use, in pages', async () => {
  const first = await newKeyedUser(world);
  const second = await newKeyedUser(world, { bucket: first.bucket, Groups: ['BktROGrp'] });
  const elsewhere = await newKeyedUser(world);
  const added = await addKey(world, first.path);
  await world.api('PATCH', `${second.path}/keys/${second.key.AccessKeyId}`, { Status: 'Inactive' });
  const { keys, sizes } = await whole();
  expect(Math.max(...sizes)).toBeLessThanOrEqual(3);
  const found = of(keys, first.bucket, elsewhere.bucket);
  expect(
    found.map(({ AccessKeyId, Bucket, UserName, Status }) => [AccessKeyId, Bucket, UserName, Status]).sort(),
  ).toEqual(
    [
      [first.key.AccessKeyId, first.bucket, first.user, 'Active'],
      [added.AccessKeyId, first.bucket, first.user, 'Active'],
      [second.key.AccessKeyId, first.bucket, second.user, 'Inactive'],
      [elsewhere.key.AccessKeyId, elsewhere.bucket, elsewhere.user, 'Active'],
    ].sort(),
  );
  for (const key of found) expect(key).toMatchObject({ ageDays: 0, LastUsed: null, CreateDate: expect.any(String) });
  expect(keys.map(({ UserName }) => UserName)).toEqual(keys.map(({ UserName }) => UserName).sort());
});

skippable('tells when a key was last used', async () => {
  const { bucket, key } = await newKeyedUser(world);
  await inUse(world, bucket, key).list();
  const [found] = of((await whole()).keys, bucket);
  expect(found?.LastUsed).toEqual({ LastUsedDate: expect.any(String), ServiceName: 's3', Region: 'us-east-1' });
});

describe('strangers are never in it', () => {
  skippable(
    'users without a bucket, in groups that only look like ours, of another org, of our own stores',
    async () => {
      const { iam } = world.auditor;
      const { bucket, user } = await newKeyedUser(world);
      const stranger = async (
        stem: string,
        groups: readonly string[],
        tags: Readonly<Record<string, string>> = {},
      ): Promise<void> => {
        const UserName = world.name(stem);
        await iam.send(
          new CreateUserCommand({ UserName, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
        );
        await iam.send(new CreateAccessKeyCommand({ UserName }));
        for (const GroupName of groups) {
          // A group of that name may be there already, and is ours then.
          await iam.send(new CreateGroupCommand({ GroupName })).catch(() => undefined);
          await iam.send(new AddUserToGroupCommand({ GroupName, UserName }));
        }
      };
      await stranger('nobody', []);
      await stranger('lookalike', [
        `my${bucket}-BktAdmGrp`,
        `${bucket}-BktAdmGrp-old`,
        `${bucket}-x-BktROGrp`,
        `${world.name('gone')}-BktROGrp`,
      ]);
      await stranger('tagged', [], { 'spinup:org': ORG });
      await stranger('otherorg', [`${bucket}-BktAdmGrp`], { 'spinup:org': 'another-org' });
      await stranger('logs', [`${LOG_BUCKET}-BktROGrp`], { 'spinup:org': ORG, 'mallard:bucket': LOG_BUCKET });
      await iam.send(new CreateGroupCommand({ GroupName: `${bucket}-BktRWGrp`, Path: '/elsewhere/' }));
      await stranger('path', []);
      const { keys } = await whole();
      expect(keys.filter(({ UserName }) => /^(nobody|lookalike|tagged|otherorg|logs|path)-/.test(UserName))).toEqual(
        [],
      );
      expect(of(keys, bucket).map(({ UserName }) => UserName)).toEqual([user]);
    },
  );

  skippable('a user named like a bucket only when the bucket’s policy is attached to it', async () => {
    const { iam } = world.auditor;
    const [mine, theirs] = [await newBucket(world), await newBucket(world)];
    for (const UserName of [mine, theirs]) {
      await iam.send(new CreateUserCommand({ UserName }));
      await iam.send(new CreateAccessKeyCommand({ UserName }));
    }
    const PolicyArn = `arn:aws:iam::${world.accountId}:policy/${mine}-BktAdmPlc`;
    await iam.send(new AttachUserPolicyCommand({ UserName: mine, PolicyArn }));
    expect(of((await whole()).keys, mine, theirs).map(({ UserName, Bucket }) => [UserName, Bucket])).toEqual([
      [mine, mine],
    ]);
  });
});

describe('olderThan', () => {
  skippable(
    'gives the keys that were made at least so long ago',
    async () => {
      const users = [await newKeyedUser(world), await newKeyedUser(world), await newKeyedUser(world)];
      const ages = [90 * 24, 89 * 24 + 23, 2].map((hours, n) => ({ id: users[n]?.key.AccessKeyId, hours }));
      const now = Date.now();
      changeUsers((all) => {
        for (const key of all.flatMap(({ keys }) => keys)) {
          const age = ages.find(({ id }) => id === key.id);
          if (age !== undefined) key.createdAt = now - age.hours * HOUR_MS;
        }
        return all;
      });
      const found = async (olderThan: string) =>
        (await whole(`&olderThan=${olderThan}`)).keys.map(({ AccessKeyId, ageDays }) => [AccessKeyId, ageDays]);
      const [ninety, almost, fresh] = ages.map(({ id }) => id);
      expect(await found('90d')).toEqual([[ninety, 90]]);
      expect((await found('89d')).sort()).toEqual(
        [
          [ninety, 90],
          [almost, 89],
        ].sort(),
      );
      expect((await found('2h')).sort()).toEqual(
        [
          [ninety, 90],
          [almost, 89],
          [fresh, 0],
        ].sort(),
      );
      expect(await found('91d')).toEqual([]);
    },
    { more: SANDBOX_ONLY.clock },
  );
});

describe('what is no query', () => {
  skippable('is 400 naming the form', async () => {
    for (const olderThan of ['90', 'd', '90days', '-1d', '1.5d', '90D', '1w', '', '999999d', '90d ', '٩٠d']) {
      const { status, body } = await page(`?olderThan=${encodeURIComponent(olderThan)}`);
      expect({ olderThan, status }).toEqual({ olderThan, status: 400 });
      expect(body).toMatchObject({ detail: expect.stringContaining('like 90d or 36h') });
    }
    for (const limit of ['0', '-1', '1001', 'x', '1.5', '']) expect((await page(`?limit=${limit}`)).status).toBe(400);
    for (const marker of ['', '!', 'Li4v', Buffer.from('a/b').toString('base64url'), 'x'.repeat(301)]) {
      expect({ marker, status: (await page(`?marker=${marker}`)).status }).toEqual({ marker, status: 400 });
    }
    for (const query of ['?olderthan=1d', '?limit=1&limit=2', '?constructor=1'])
      expect((await page(query)).status).toBe(400);
    expect((await world.api('GET', '/nobody/keys')).status).toBe(404);
    expect((await world.api('POST', '/demo/keys')).status).toBe(405);
  });
});

describe('its cost', () => {
  /** The same user so many times, with keys of their own. */
  const multiply = (count: number): void =>
    changeUsers((users) => {
      const [one] = users.filter(({ keys }) => keys.length > 0);
      if (one === undefined) throw new Error('there is no user with keys');
      return Array.from({ length: count }, (_, n) => {
        const number = String(n).padStart(4, '0');
        return {
          ...one,
          name: `many-${number}`,
          id: `AIDAMANY${number}`,
          keys: one.keys.map((key) => ({ ...key, id: `AKIAMANY00000000${number}` })),
        };
      });
    });

  skippable(
    'at 500 users: four calls find them, then one a user and one a key',
    async () => {
      await newKeyedUser(world);
      multiply(500);
      const { calls } = world.target.sandbox ?? { calls: undefined };
      calls?.clear();
      const { body } = await page('?limit=1000');
      const made = calls?.all() ?? [];
      expect(body.Keys).toHaveLength(500);
      expect(body.Marker).toBeNull();
      const counted = (operation: string) => made.filter((call) => call.operation === operation).length;
      expect(counted('ListAccessKeys')).toBe(500);
      expect(counted('GetAccessKeyLastUsed')).toBe(500);
      expect(made.length).toBeLessThanOrEqual(1_004);
    },
    { more: SANDBOX_ONLY.calls },
  );

  skippable(
    'in round trips is a part of it: at most eight calls are under way at once',
    async () => {
      await newKeyedUser(world);
      multiply(48);
      const { calls } = world.target.sandbox ?? { calls: undefined };
      world.faults.add({ kind: 'latency', ms: 60 });
      calls?.clear();
      const { body } = await page('?limit=1000');
      world.faults.clear();
      const made = calls?.all() ?? [];
      expect(body.Keys).toHaveLength(48);
      expect(mostAtOnce(made)).toBeLessThanOrEqual(8);
      // 13 when every worker is on time, 97 one after the other; a slow machine lies in between.
      expect(calls?.depth() ?? Infinity).toBeLessThanOrEqual(48);
    },
    { more: SANDBOX_ONLY.calls },
  );

  skippable(
    'of one page follows the page, not the account; markers lead through all of it',
    async () => {
      await newKeyedUser(world);
      multiply(500);
      const { calls } = world.target.sandbox ?? { calls: undefined };
      calls?.clear();
      const { body } = await page('?limit=20');
      expect(body.Keys).toHaveLength(20);
      expect(calls?.all().length ?? Infinity).toBeLessThanOrEqual(4 + 20 + 1 + 8 + 20);
      const next = await page(`?limit=20&marker=${body.Marker ?? ''}`);
      expect(next.body.Keys.map(({ UserName }) => UserName)).toEqual(
        Array.from({ length: 20 }, (_, n) => `many-${String(n + 20).padStart(4, '0')}`),
      );
    },
    { more: SANDBOX_ONLY.calls },
  );

  skippable(
    'is bounded when no key fits: a page looks at 500 users and goes on',
    async () => {
      await newKeyedUser(world);
      multiply(620);
      const { calls } = world.target.sandbox ?? { calls: undefined };
      calls?.clear();
      const { body } = await page('?olderThan=90d');
      expect(body.Keys).toEqual([]);
      expect(body.Marker).not.toBeNull();
      expect(calls?.all().filter(({ operation }) => operation === 'ListAccessKeys').length).toBe(500);
      expect((await page(`?olderThan=90d&marker=${body.Marker ?? ''}`)).body).toEqual({ Keys: [], Marker: null });
    },
    { more: SANDBOX_ONLY.calls },
  );
});

/** Most calls under way at one moment, by the record's own count of starts and ends. */
function mostAtOnce(calls: readonly { readonly started: number; readonly ended: number }[]): number {
  const moments = calls
    .flatMap(
      ({ started, ended }) =>
        [
          [started, 1],
          [ended, -1],
        ] as const,
    )
    .sort(([a], [b]) => a - b);
  let now = 0;
  return Math.max(...moments.map(([, change]) => (now += change)));
}
