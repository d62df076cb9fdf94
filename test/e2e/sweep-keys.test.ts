import { CreateAccessKeyCommand, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import type { Scenario } from '../support/e2e/sweep';
import { KEY_PROMISE, makeBucket, must, onSwept, sweepAll } from '../support/e2e/sweep-suite';
import type { World } from '../support/e2e/world';

const USER = 'swept-user';
const onUser = `${onSwept}/users/${USER}`;

/** The ids of a user's keys are known once it is made, and the same in every run of a scenario. */
const ids: string[] = [];

const makeUser =
  (keys: 1 | 2) =>
  async (world: World): Promise<void> => {
    await makeBucket(world);
    await must(world, 'POST', `${onSwept}/users`, { User: { UserName: USER } });
    if (keys === 2) await world.auditor.iam.send(new CreateAccessKeyCommand({ UserName: USER }));
    const { AccessKeyMetadata = [] } = await world.auditor.iam.send(new ListAccessKeysCommand({ UserName: USER }));
    ids.splice(0, ids.length, ...AccessKeyMetadata.map(({ AccessKeyId = '' }) => AccessKeyId));
  };

/** The path is asked for when it is sent: after `arrange`. */
const onFirstKey = (method: string, body?: unknown): Scenario['request'] => ({
  method,
  get path() {
    return `${onUser}/keys/${ids[0] ?? ''}`;
  },
  ...(body !== undefined && { body }),
});

const turnedOff = async (world: World): Promise<void> => {
  await makeUser(2)(world);
  await must(world, 'PATCH', onUser, { Status: 'Inactive' });
};

const scenarios: readonly Scenario[] = [
  {
    title: 'add a key',
    nature: 'create',
    request: { method: 'POST', path: `${onUser}/keys` },
    promises: KEY_PROMISE,
    arrange: makeUser(1),
  },
  {
    title: 'turn a key off',
    nature: 'change',
    request: onFirstKey('PATCH', { Status: 'Inactive' }),
    arrange: makeUser(1),
  },
  { title: 'delete a key', nature: 'destroy', request: onFirstKey('DELETE'), arrange: makeUser(1) },
  {
    title: 'revoke two keys',
    nature: 'change',
    request: { method: 'DELETE', path: `${onUser}/keys` },
    arrange: makeUser(2),
  },
  {
    title: 'turn a user off',
    nature: 'change',
    request: { method: 'PATCH', path: onUser, body: { Status: 'Inactive' } },
    arrange: makeUser(1),
  },
  {
    title: 'turn a user on',
    nature: 'change',
    request: { method: 'PATCH', path: onUser, body: { Status: 'Active' } },
    arrange: turnedOff,
  },
  {
    title: 'move a user to a group that is made on the way',
    nature: 'change',
    request: { method: 'PATCH', path: onUser, body: { Groups: ['BktROGrp'] } },
    arrange: makeUser(1),
  },
];

sweepAll('every AWS call of a change of keys fails in every way', scenarios);
