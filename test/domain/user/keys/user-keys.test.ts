import type { JsonValue } from '../../../../src/base/json';
import {
  type AccessKeyMetadata,
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  type Tag,
} from '@aws-sdk/client-iam';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import type { Recipe } from '../../../../src/engine/recipe';
import { addKey } from '../../../../src/domain/user/keys/add';
import { deleteKey } from '../../../../src/domain/user/keys/delete';
import { resetKeys } from '../../../../src/domain/user/keys/reset';
import { revokeKeys } from '../../../../src/domain/user/keys/revoke';
import { setKeyStatus } from '../../../../src/domain/user/keys/set-status';
import type { Target } from '../../../../src/domain/shared/operation';
import { lookAtKeys } from '../../../../src/domain/user/keys/user-keys';
import { secret } from '../../../../src/base/secret';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import {
  LONG_AGO,
  NOT_THERE,
  emptyIam,
  holdsRole,
  holdsUser,
  iamGroup,
  iamKey,
} from '../../../support/mocks/mocked-iam';
import { errorOf, titles, valueOf, waitsFor, writes, recipeFor } from '../../../support/mocks/mocked-run';

const ADA = { user: 'ada' };
const ADAS_KEY = { user: 'ada', params: { key: 'AKIA1' } };
const target: Target = { kind: 'bucket', account: 'demo', bucket: 'photos', user: 'ada', params: {} };
const inactive = (...ids: readonly string[]): Tag[] => [
  { Key: 'mallard:status', Value: ['Inactive', ...ids].join(' ') },
];

async function withAda(keys: readonly AccessKeyMetadata[], tags: Tag[] = []): Promise<MockedAws> {
  const aws = await mockedAws();
  emptyIam(aws);
  holdsRole(aws, 'photos-BktRO');
  holdsUser(aws, 'ada', { groups: [iamGroup('photos-BktROGrp')], keys: [...keys], tags });
  aws.iam
    .on(CreateAccessKeyCommand)
    .resolves({ AccessKey: { UserName: 'ada', AccessKeyId: 'AKIANEW', SecretAccessKey: 's', Status: 'Active' } });
  return aws;
}

const plans = {
  'adding a key': ({ context }: MockedAws) => recipeFor(context, addKey, ADA, {}),
  'resetting keys': ({ context }: MockedAws) => recipeFor(context, resetKeys, ADA, {}),
  'revoking keys': ({ context }: MockedAws) => recipeFor(context, revokeKeys, ADA, {}),
  'deleting a key': ({ context }: MockedAws) => recipeFor(context, deleteKey, ADAS_KEY, {}),
  'turning on a key': ({ context }: MockedAws) => recipeFor(context, setKeyStatus, ADAS_KEY, { Status: 'Active' }),
};

describe.each(Object.entries(plans))('%s', (_, plan) => {
  test.each([
    [
      'the user is gone though its group still lists it',
      (aws: MockedAws) => aws.iam.on(GetUserCommand).rejects(NOT_THERE),
      { kind: 'not-found', detail: 'there is no user ada of bucket photos' },
    ],
    [
      'the user is another bucket’s',
      (aws: MockedAws) => holdsUser(aws, 'ada', { groups: [iamGroup('videos-BktROGrp')] }),
      { kind: 'not-found' },
    ],
    [
      'the bucket is gone',
      (aws: MockedAws) => aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404)),
      { kind: 'not-found', detail: 'there is no bucket photos in this account' },
    ],
  ] as const)('does nothing when %s', async (__, prepare, expected) => {
    const aws = await withAda([iamKey('AKIA1', 'Inactive')]);
    prepare(aws);
    expect(await errorOf(aws, plan(aws) as Recipe<JsonValue, unknown>)).toMatchObject(expected);
    expect(writes(aws)).toEqual([]);
  });
});

test('what AWS does not tell of a key is looked at as the least it can mean', async () => {
  const aws = await withAda([{ Status: 'Inactive' }, { AccessKeyId: 'AKIA2', CreateDate: LONG_AGO }]);
  expect((await lookAtKeys(aws.context, target)).keys).toEqual([
    { id: '', active: false, created: null },
    { id: 'AKIA2', active: true, created: '2024-05-01T00:00:00.000Z' },
  ]);
});

test.each(['adding a key', 'resetting keys', 'turning on a key'] as const)(
  '%s of an Inactive user waits until it is Active',
  async (work) => {
    const aws = await withAda([iamKey('AKIA1', 'Inactive')], inactive('AKIA1'));
    expect(await errorOf(aws, plans[work](aws) as Recipe<JsonValue, unknown>)).toMatchObject({
      kind: 'conflict',
      detail: expect.stringContaining(`before ${work}`),
    });
    expect(writes(aws)).toEqual([]);
  },
);

test.each(['deleting a key', 'turning on a key'] as const)('%s that is not the user’s', async (work) => {
  const aws = await withAda([iamKey('AKIA9')]);
  expect(await errorOf(aws, plans[work](aws) as Recipe<JsonValue, unknown>)).toMatchObject({
    kind: 'not-found',
    detail: 'there is no access key AKIA1 of user ada',
  });
  expect(writes(aws)).toEqual([]);
});

test('a third key is refused with the names of the two there are', async () => {
  const aws = await withAda([iamKey('AKIA1'), iamKey('AKIA2', 'Inactive')]);
  expect(await errorOf(aws, plans['adding a key'](aws))).toMatchObject({
    kind: 'conflict',
    detail: expect.stringContaining('AKIA1 and AKIA2 (Inactive)'),
  });
  expect(writes(aws)).toEqual([]);
});

test('a second key is made beside the first, and the first can be deleted', async () => {
  const aws = await withAda([iamKey('AKIA1')]);
  expect((await valueOf(aws, plans['adding a key'](aws))).AccessKey).toMatchObject({
    AccessKeyId: 'AKIANEW',
    UserName: 'ada',
  });
  await valueOf(aws, plans['deleting a key'](aws));
  expect(writes(aws)).toEqual(['CreateAccessKey', 'DeleteAccessKey']);
  expect(aws.iam.commandCalls(DeleteAccessKeyCommand)[0]?.args[0].input).toEqual({
    UserName: 'ada',
    AccessKeyId: 'AKIA1',
  });
});

test('keys are revoked one and all; the answer names them', async () => {
  const aws = await withAda([iamKey('AKIA1'), iamKey('AKIA2', 'Inactive')]);
  expect(await valueOf(aws, plans['revoking keys'](aws))).toEqual({ DeletedKeyIds: ['AKIA1', 'AKIA2'] });
  expect(writes(aws)).toEqual(['DeleteAccessKey', 'DeleteAccessKey']);
});

describe('turning a key', () => {
  const turn = (aws: MockedAws, status: 'Active' | 'Inactive') =>
    valueOf(aws, recipeFor(aws.context, setKeyStatus, ADAS_KEY, { Status: status }));

  test.each([
    ['off', iamKey('AKIA1'), 'Inactive', [], ['UpdateAccessKey']],
    ['on', iamKey('AKIA1', 'Inactive'), 'Active', [], ['UpdateAccessKey']],
    ['off that is off already', iamKey('AKIA1', 'Inactive'), 'Inactive', [], []],
    [
      'off by name takes it off the list of those that come back',
      iamKey('AKIA1', 'Inactive'),
      'Inactive',
      inactive('AKIA1'),
      ['TagUser'],
    ],
  ] as const)('%s', async (_, key, status, tags, expected) => {
    const aws = await withAda([key], [...tags]);
    expect(await turn(aws, status)).toEqual({
      AccessKeyId: 'AKIA1',
      UserName: 'ada',
      Status: status,
      CreateDate: LONG_AGO,
    });
    expect(writes(aws)).toEqual(expected);
  });

  test('whose age AWS does not tell gives none', async () => {
    const aws = await withAda([{ AccessKeyId: 'AKIA1', Status: 'Active' }]);
    expect(await turn(aws, 'Inactive')).toEqual({
      AccessKeyId: 'AKIA1',
      UserName: 'ada',
      Status: 'Inactive',
      CreateDate: undefined,
    });
  });
});

describe('a reset', () => {
  const [one, two, fresh] = [
    'Delete access key AKIA1 of user ada',
    'Delete access key AKIA2 of user ada',
    'Create an access key for user ada',
  ];
  const made = {
    AccessKeyId: 'AKIANEW',
    UserName: 'ada',
    Status: 'Active',
    CreateDate: undefined,
    SecretAccessKey: secret('s'),
  } as const;
  const used =
    (...dates: readonly (string | undefined)[]) =>
    (aws: MockedAws) =>
      dates.forEach((date, n) =>
        aws.iam.on(GetAccessKeyLastUsedCommand, { AccessKeyId: `AKIA${String(n + 1)}` }).resolves({
          AccessKeyLastUsed: {
            LastUsedDate: date === undefined ? undefined : new Date(date),
            ServiceName: 's3',
            Region: 'us-east-1',
          },
        }),
      );

  /** What is done before the answer, and what follows it, delivered or not. */
  async function phases(keys: readonly AccessKeyMetadata[], prepare: (aws: MockedAws) => void = () => undefined) {
    const aws = await withAda(keys);
    prepare(aws);
    const recipe = plans['resetting keys'](aws);
    const seen = await recipe.look();
    const after = (delivered: boolean) =>
      recipe.afterwards?.({ DeletedKeyIds: [], AccessKey: made }, delivered, seen, 'op-1');
    const told = after(false);
    return {
      plan: recipe.plan(seen, 'op-1', recipe.input),
      delivered: titles(after(true)?.plan ?? { steps: [] }),
      undelivered: [titles(told?.plan ?? { steps: [] }), told?.error?.detail] as const,
      lastUseAsked: aws.iam.commandCalls(GetAccessKeyLastUsedCommand).length,
    };
  }
  const withdrawn = ['Withdraw access key AKIANEW of user ada, whose secret reached nobody'];

  test('with one key makes the new one; the old one goes when the answer is out, and stays when it never is', async () => {
    const { plan, delivered, undelivered } = await phases([iamKey('AKIA1')]);
    expect(titles(plan)).toEqual([fresh]);
    expect(delivered).toEqual([one]);
    expect(undelivered).toEqual([withdrawn, expect.stringContaining('the key from before (AKIA1) stays; reset again')]);
  });

  test('with two keys makes room with the inactive one, whatever its age, and asks nobody which is used', async () => {
    const { plan, delivered, undelivered, lastUseAsked } = await phases([iamKey('AKIA1'), iamKey('AKIA2', 'Inactive')]);
    expect(titles(plan)).toEqual([two, fresh]);
    expect(waitsFor(plan, fresh)).toEqual([two]);
    expect(delivered).toEqual([one]);
    expect(undelivered).toEqual([withdrawn, expect.stringContaining('AKIA1')]);
    expect(lastUseAsked).toBe(0);
  });

  test.each([
    ['was used longest ago', used('2026-05-01T00:00:00Z', '2026-04-01T00:00:00Z'), two, one],
    ['was never used', used('2026-05-01T00:00:00Z', undefined), two, one],
    ['is older, when neither was used', used(undefined, undefined), one, two],
  ])('with two active keys makes room with that which %s', async (_, prepare, room, rest) => {
    const { plan, delivered } = await phases([iamKey('AKIA1'), iamKey('AKIA2')], prepare);
    expect(titles(plan)).toEqual([room, fresh]);
    expect(delivered).toEqual([rest]);
  });

  test('with two inactive keys keeps the new one, though nobody knows its secret: it is the only active one', async () => {
    const { delivered, undelivered } = await phases([iamKey('AKIA1', 'Inactive'), iamKey('AKIA2', 'Inactive')]);
    expect(delivered).toEqual([two]);
    expect(undelivered).toEqual([[], expect.stringContaining('only active key; reset again')]);
  });

  test('of a user without keys gives it one, and takes it back when it reaches nobody', async () => {
    const aws = await withAda([]);
    expect(await valueOf(aws, plans['resetting keys'](aws))).toMatchObject({
      DeletedKeyIds: [],
      AccessKey: { AccessKeyId: 'AKIANEW' },
    });
    const { delivered, undelivered } = await phases([]);
    expect(delivered).toEqual([]);
    expect(undelivered).toEqual([withdrawn, expect.stringContaining('reset again')]);
  });

  test('names all the old keys in its answer, in the order in which they go', async () => {
    const aws = await withAda([iamKey('AKIA1'), iamKey('AKIA2', 'Inactive')]);
    expect(await valueOf(aws, plans['resetting keys'](aws))).toMatchObject({
      DeletedKeyIds: ['AKIA2', 'AKIA1'],
      AccessKey: { AccessKeyId: 'AKIANEW' },
    });
    expect(writes(aws)).toEqual(['DeleteAccessKey', 'CreateAccessKey', 'DeleteAccessKey']);
  });
});
