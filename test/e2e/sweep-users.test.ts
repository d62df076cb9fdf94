import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { BELONGINGS, give } from '../support/e2e/belongings';
import type { Scenario } from '../support/e2e/sweep';
import type { Facts } from '../support/e2e/sweep-facts';
import { KEY_PROMISE, SWEPT, makeBucket, must, onSwept, sweepAll } from '../support/e2e/sweep-suite';
import type { World } from '../support/e2e/world';

const USER = 'swept-user';
const onUser = `${onSwept}/users/${USER}`;

const makeUser = async (world: World): Promise<void> => {
  await makeBucket(world);
  await must(world, 'POST', `${onSwept}/users`, { User: { UserName: USER } });
};

async function keyIds({ auditor }: World): Promise<string[]> {
  const { AccessKeyMetadata = [] } = await auditor.iam.send(new ListAccessKeysCommand({ UserName: USER }));
  return AccessKeyMetadata.map(({ AccessKeyId = '' }) => AccessKeyId);
}

const activeKeys = (facts: Facts): number =>
  (facts.get(`user ${USER}`)?.match(/"active":true,[^}]*"id":"AKIA/g) ?? []).length;

/** Whoever had a working key has one afterwards. */
const keepsAKey: NonNullable<Scenario['safety']> = (before, after) =>
  activeKeys(before) > 0 && activeKeys(after) === 0 ? ['the user is left without a working key'] : [];

/** Deletions of keys that are active when the reset begins: they follow the answer. */
const active: string[] = [];

const reset = (title: string, arrange: (world: World) => Promise<void>): Scenario => ({
  title,
  nature: 'change',
  request: { method: 'PUT', path: onUser },
  promises: KEY_PROMISE,
  safety: keepsAKey,
  arrange: async (world) => {
    await makeUser(world);
    await arrange(world);
    const { AccessKeyMetadata = [] } = await world.auditor.iam.send(new ListAccessKeysCommand({ UserName: USER }));
    active.splice(
      0,
      active.length,
      ...AccessKeyMetadata.flatMap(({ AccessKeyId = '', Status }) => (Status === 'Active' ? [AccessKeyId] : [])),
    );
  },
  follows: ({ operation, key }) => operation === 'DeleteAccessKey' && active.some((id) => key.includes(id)),
});

const scenarios: readonly Scenario[] = [
  {
    title: 'update bucket',
    nature: 'change',
    request: { method: 'PUT', path: onSwept, body: { Tags: [{ Key: 'Application', Value: 'Another' }] } },
    arrange: makeBucket,
  },
  reset('reset with no key', async (world) => {
    for (const AccessKeyId of await keyIds(world)) {
      await world.auditor.iam.send(new DeleteAccessKeyCommand({ UserName: USER, AccessKeyId }));
    }
  }),
  reset('reset with one key', async () => undefined),
  reset('reset with two keys, one of them inactive', async ({ auditor }) => {
    const { AccessKey } = await auditor.iam.send(new CreateAccessKeyCommand({ UserName: USER }));
    await auditor.iam.send(
      new UpdateAccessKeyCommand({ UserName: USER, AccessKeyId: AccessKey?.AccessKeyId, Status: 'Inactive' }),
    );
  }),
  {
    title: 'delete user',
    nature: 'destroy',
    request: { method: 'DELETE', path: onUser },
    arrange: makeUser,
  },
  {
    title: 'delete user with everything that can hang on it',
    nature: 'destroy',
    request: { method: 'DELETE', path: onUser },
    arrange: async (world) => {
      await makeUser(world);
      for (const what of BELONGINGS) await give(world.auditor, USER, what);
      const PolicyArn = `arn:aws:iam::${world.accountId}:policy/${SWEPT}-BktAdmPlc`;
      await world.auditor.iam.send(new AttachUserPolicyCommand({ UserName: USER, PolicyArn }));
      await world.auditor.iam.send(new CreateAccessKeyCommand({ UserName: USER }));
    },
  },
];

sweepAll('every AWS call of a change fails in every way', scenarios);
