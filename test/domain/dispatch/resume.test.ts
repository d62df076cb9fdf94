import { toDomainError } from '../../../src/base/errors';
import type { Config } from '../../../src/config/types';
import { recipeOf } from '../../../src/domain/dispatch/recipe';
import { resumedRecipe } from '../../../src/domain/dispatch/resume';
import type { JournalRecord } from '../../../src/engine/journal';
import { revokeKeys } from '../../../src/domain/user/keys/revoke';
import type { Target } from '../../../src/domain/shared/operation';
import { operationTable } from '../../../src/operations/table';
import { mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { titles } from '../../support/mocks/mocked-run';

const input = { target: { kind: 'bucket', account: 'demo', bucket: 'photos', user: 'ada', params: {} }, input: {} };
const preImage = {
  keys: [{ id: 'AKIA1', active: true, created: null }],
  status: { inactive: false, turnedOff: [] },
};
const journal: JournalRecord = {
  operationId: 'op-1',
  kind: 'revoke-keys',
  startedAt: '2030-01-01T00:00:00.000Z',
  title: 'Revoke the access keys of user ada of bucket photos',
  state: 'running',
  recovery: 'forward-after-pivot',
  claims: ['demo/user/ada'],
  version: 1,
  input,
  preImage,
};

async function resumed(changes: Partial<JournalRecord>, aws: MockedAws) {
  const { account } = aws.context.session;
  const config = { org: 'acme', accounts: new Map([[account.name, account]]) } as unknown as Config;
  const scopes: string[] = [];
  const made = resumedRecipe(
    { ...journal, ...changes },
    {
      config,
      table: operationTable,
      partitionOf: () => 'aws',
      open: async (_, { policy }) => {
        scopes.push(policy);
        return aws.context;
      },
    },
  );
  return { ...(await made), scopes };
}

test('a run of a former process gets the recipe that it had, with the rights of its subject', async () => {
  const aws = await mockedAws();
  const { recipe, target, scopes } = await resumed({}, aws);
  expect(target).toEqual(input.target);
  expect(titles(recipe.plan(preImage, 'op-1', input))).toEqual(['Delete access key AKIA1 of user ada']);
  expect(recipe.claims).toEqual(recipeOf(aws.context, revokeKeys, { target, input: {}, nonce: 'op-1' }).claims);
  expect(scopes).toEqual([expect.stringContaining('arn:aws:s3:::photos')]);
});

test.each([
  [
    'of an account that is configured no longer',
    { input: { ...input, target: { ...input.target, account: 'gone' } } },
    'there is no account gone',
  ],
  ['of a newer version', { version: 2 }, 'its version is 2, and this service knows 1'],
  ['of a kind that nobody knows', { kind: 'paint-bucket' }, 'knows no operation paint-bucket'],
  ['without a target', { input: 'nobody' }, 'does not say whom it is about'],
  [
    'of an account that had its buckets in another namespace',
    { input: { ...input, bucketNamespace: 'account-regional' } },
    'another namespace (bucketNamespace "account-regional")',
  ],
])('a run %s is not taken up', async (_, changes, detail) => {
  const aws = await mockedAws();
  const error = await resumed(changes, aws).then(() => undefined, toDomainError);
  expect(error).toMatchObject({ kind: 'unsupported', detail: expect.stringContaining(detail) });
});

test('a run in the namespace of its account is taken up there, and nowhere else', async () => {
  const own = await mockedAws({ bucketNamespace: 'account-regional' });
  const { target } = (await resumed({}, await mockedAws())).recipe.input as { target: Target };
  const { input: kept } = recipeOf(own.context, revokeKeys, { target, input: {}, nonce: 'op-1' });
  const { scopes } = await resumed({ input: kept }, own);
  expect(scopes).toEqual([expect.stringContaining('arn:aws:s3:::photos-123456789012-us-east-1-an')]);
  expect(await resumed({}, own).then(() => undefined, toDomainError)).toMatchObject({ kind: 'unsupported' });
});
