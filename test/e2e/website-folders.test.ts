import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  ListAccessKeysCommand,
  ListGroupsForUserCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { isAuditor } from '../support/e2e/target';

/** The deletion of sites whose users are limited to folders. */

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());
afterEach(() => world.target.sandbox?.faults.clear());

async function addUser(site: string, stem: string, Path: string, Groups?: readonly string[]): Promise<string> {
  const user = `${stem}-${site}`;
  const { status, text } = await world.api('POST', `${onSite(site)}/users`, {
    User: { UserName: user, Path },
    ...(Groups && { Groups }),
  });
  expect({ status, text: status === 200 ? '' : text }).toEqual({ status: 200, text: '' });
  return user;
}

const join = (user: string, group: string) =>
  world.auditor.iam.send(new AddUserToGroupCommand({ UserName: user, GroupName: group }));
const usersOf = async (site: string) => Object.keys((await world.snapshot(site)).users);
const sorted = (names: unknown): readonly string[] => [...(names as readonly string[])].sort();

skippable(
  'users of several folders, of a folder and the whole site, and many of one folder go, and are named once',
  async () => {
    const site = await world.newSite('folders');
    const both = await addUser(site, 'both', '/docs/');
    const wide = await addUser(site, 'wide', '/');
    const many: string[] = [];
    // More than are worked on at once.
    for (let n = 0; n < 9; n += 1) many.push(await addUser(site, `reader${String(n)}`, '/docs/api/', ['BktROGrp']));
    await join(both, `${site}-docs_api-BktROGrp`);
    await join(wide, `${site}-docs-BktRWGrp`);
    const { status, body } = await world.api('DELETE', onSite(site));
    expect({ status, users: sorted(body['Users']) }).toEqual({ status: 200, users: sorted([both, wide, ...many]) });
    expect(sorted(body['Groups'])).toEqual([
      `${site}-BktAdmGrp`,
      `${site}-WebAdmGrp`,
      `${site}-docs-BktRWGrp`,
      `${site}-docs_api-BktROGrp`,
    ]);
    expect(await world.siteSnapshot(site)).toMatchObject({
      buckets: {},
      users: {},
      groups: {},
      policies: {},
      records: [],
    });
  },
);

skippable(
  'a user of a folder that is somebody else’s as well is only taken out of it: key and other group stay',
  async () => {
    const site = await world.newSite('folders');
    const shared = await addUser(site, 'shared', '/docs/');
    const own = await addUser(site, 'own', '/docs/');
    const elsewhere = world.name('elsewhere');
    const { iam } = world.auditor;
    await iam.send(new CreateGroupCommand({ GroupName: elsewhere }));
    await join(shared, elsewhere);
    const { status, body } = await world.api('DELETE', onSite(site));
    expect({ status, users: body['Users'] }).toEqual({ status: 200, users: [own] });
    const { Groups = [] } = await iam.send(new ListGroupsForUserCommand({ UserName: shared }));
    expect(Groups.map(({ GroupName }) => GroupName)).toEqual([elsewhere]);
    expect((await iam.send(new ListAccessKeysCommand({ UserName: shared }))).AccessKeyMetadata).toHaveLength(1);
    expect((await world.siteSnapshot(site)).groups).toEqual({});
    await iam.send(new RemoveUserFromGroupCommand({ GroupName: elsewhere, UserName: shared }));
    await iam.send(new DeleteGroupCommand({ GroupName: elsewhere }));
  },
);

for (const operation of ['RemoveUserFromGroup', 'DeleteAccessKey', 'DeleteUser']) {
  skippable(
    `a user of a folder for whom ${operation} is refused is named, holds up no other, and goes when the deletion is repeated`,
    async () => {
      const site = await world.newSite('folders');
      const [stuck, free, other] = [
        await addUser(site, 'stuck', '/docs/'),
        await addUser(site, 'free', '/docs/'),
        await addUser(site, 'other', '/blog/'),
      ];
      world.faults.add({
        kind: 'refuse',
        operation,
        matching: ({ request }) =>
          !isAuditor(request.headers['user-agent']) && request.body.includes(`UserName=${stuck}`),
      });
      const { status, body } = await world.api('DELETE', onSite(site));
      world.faults.clear();
      expect({ status, state: body['state'], code: body['code'] }).toEqual({
        status: 403,
        state: 'failed',
        code: 'AccessDenied',
      });
      const left = JSON.stringify(body['left']);
      expect(left).toContain(operation);
      expect([stuck, free, other].map((user) => left.includes(user))).toEqual([true, false, false]);
      expect(await usersOf(site)).toEqual([stuck]);
      const { Users = [] } = await world.auditor.iam.send(new GetGroupCommand({ GroupName: `${site}-docs-BktRWGrp` }));
      expect(Users.map(({ UserName }) => UserName)).toEqual([stuck]);
      const again = await world.api('DELETE', onSite(site));
      expect({ status: again.status, users: again.body['Users'] }).toEqual({ status: 200, users: [stuck] });
      expect(await world.siteSnapshot(site)).toMatchObject({ buckets: {}, users: {}, groups: {}, policies: {} });
      expect((await world.api('DELETE', onSite(site))).status).toBe(404);
    },
    { more: SANDBOX_ONLY.faults },
  );
}

skippable(
  'a read on a folder’s role that is refused stops the deletion before anything is lost',
  async () => {
    const site = await world.newSite('folders');
    await addUser(site, 'editor', '/docs/');
    const before = await world.siteSnapshot(site);
    world.faults.add({
      kind: 'refuse',
      operation: 'GetGroup',
      matching: ({ request }) => !isAuditor(request.headers['user-agent']) && request.body.includes('-docs-BktRWGrp'),
    });
    const { status, body } = await world.api('DELETE', onSite(site));
    world.faults.clear();
    expect({ status, state: body['state'] }).toEqual({ status: 403, state: 'rolled-back' });
    expect(await world.siteSnapshot(site)).toEqual(before);
  },
  { more: SANDBOX_ONLY.faults },
);
