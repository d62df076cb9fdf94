import {
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam';
import {
  personalLeft,
  type PersonalResult,
  removePersonalPolicy,
} from '../../../src/domain/access/remove-personal-policy';
import type { StepHandle } from '../../../src/engine/plan';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { arnOfPolicy } from '../../support/mocks/mocked-iam';
import { walkForward } from '../../support/mocks/mocked-walk';
import { changes } from '../../support/steps';

const PolicyArn = arnOfPolicy('photos');
const policy = { name: 'photos', arn: PolicyArn, stays: null };

async function withVersions(): Promise<MockedAws> {
  const aws = await mockedAws();
  aws.iam.on(ListPolicyVersionsCommand).resolves({
    Versions: [{ VersionId: 'v1' }, { VersionId: 'v2', IsDefaultVersion: true }],
  });
  aws.iam.on(ListEntitiesForPolicyCommand).resolves({});
  return aws;
}

/** Removes the policy; gives what became of it, and what was sent. */
async function removing(
  aws: MockedAws,
  one: typeof policy | (Omit<typeof policy, 'stays'> & { readonly stays: string }) = policy,
  because?: string | null,
) {
  let result: PersonalResult;
  const { outcome } = await walkForward(aws, (step, pivot) => {
    const user =
      because === undefined
        ? undefined
        : step({ title: 'See', after: [pivot], run: () => Promise.resolve({ because }) });
    const end: StepHandle<PersonalResult> = removePersonalPolicy(aws.context, one, step, [pivot], user);
    step({
      title: 'Note',
      needs: { end },
      run: (results) => {
        result = results.end;
        return Promise.resolve();
      },
    });
  });
  return { state: outcome.state, result, sent: changes(aws.iam) };
}

const ALL_GONE = {
  DeletePolicyVersion: [{ PolicyArn, VersionId: 'v1' }],
  DeletePolicy: [{ PolicyArn }],
};

test.each([
  ['nothing is said of its user', undefined],
  ['its user goes', null],
])('where %s, it goes with all its versions', async (_, because) => {
  const aws = await withVersions();
  expect(await removing(aws, policy, because)).toEqual({
    state: 'succeeded',
    result: { deleted: true, stays: null },
    sent: ALL_GONE,
  });
});

test('where its user stays, it stays, and nobody asks', async () => {
  const aws = await withVersions();
  expect(await removing(aws, policy, 'It is used.')).toEqual({
    state: 'succeeded',
    result: { deleted: false, stays: null },
    sent: {},
  });
  expect(aws.iam.calls()).toHaveLength(0);
});

test('one that others have stays, and says why', async () => {
  const aws = await withVersions();
  const stays = 'It is used.';
  expect(await removing(aws, { ...policy, stays })).toMatchObject({ result: { deleted: false, stays }, sent: {} });
});

test('a version that may not be deleted keeps it, and is no failure', async () => {
  const aws = await withVersions();
  aws.iam.on(DeletePolicyVersionCommand).rejects(awsError('AccessDenied', 403));
  aws.iam.on(DeletePolicyCommand).rejects(awsError('DeleteConflict', 409));
  const { state, result } = await removing(aws);
  expect(state).toBe('succeeded');
  expect(personalLeft(policy, result)).toEqual([
    { Resource: 'policy photos', because: expect.stringContaining('something else hangs on it') as unknown },
  ]);
});

test.each([
  ['no such policy', undefined, undefined, []],
  ['one that was deleted', policy, { deleted: true, stays: null }, []],
  ['one whose user stayed', policy, { deleted: false, stays: null }, []],
  [
    'one that stays',
    policy,
    { deleted: false, stays: 'It is used.' },
    [{ Resource: 'policy photos', because: 'It is used.' }],
  ],
])('of %s is told: %j', (_, one, end, left) => {
  expect(personalLeft(one, end)).toEqual(left);
});
