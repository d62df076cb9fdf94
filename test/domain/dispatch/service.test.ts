import { GetBucketTaggingCommand, HeadBucketCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { toDomainError } from '../../../src/base/errors';
import type { Asked } from '../../../src/domain/dispatch/service';
import { awsError } from '../../support/mocks/mocked-aws';
import { mockedDesk, type MockedDesk } from '../../support/mocks/mocked-desk';
import { emptyIam } from '../../support/mocks/mocked-iam';
import { writes } from '../../support/mocks/mocked-run';

const asking = ({ account }: MockedDesk, operationId: string, more: Partial<Asked> = {}): Asked => ({
  operationId,
  account,
  name: '',
  user: '',
  params: {},
  query: {},
  body: undefined,
  ...more,
});
const creation = { body: { BucketInput: { Bucket: 'photos' } } };

async function free(): Promise<MockedDesk> {
  const desk = await mockedDesk();
  emptyIam(desk.aws);
  desk.aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
  return desk;
}

const errorOf = (work: Promise<unknown>) => work.then(() => undefined, toDomainError);

describe('a dry run', () => {
  test('tells the plan and changes nothing', async () => {
    const desk = await free();
    const told = await desk.service.dryRun(asking(desk, 'createBucket', { ...creation, query: { dryRun: 'true' } }));
    expect(told).toMatchObject({ plan: { kind: 'create-bucket', title: 'Create bucket photos' } });
    expect(writes(desk.aws)).toEqual([]);
  });

  test('with another digest is refused, with its own it is told again', async () => {
    const desk = await free();
    const told = await desk.service.dryRun(asking(desk, 'createBucket', creation));
    const ifPlanMatch = 'plan' in told ? told.plan.planDigest : '';
    expect(await desk.service.dryRun(asking(desk, 'createBucket', { ...creation, ifPlanMatch }))).toEqual(told);
    const other = asking(desk, 'createBucket', { ...creation, ifPlanMatch: 'another' });
    expect(await errorOf(desk.service.dryRun(other))).toMatchObject({ kind: 'precondition-failed' });
  });

  test('of the cleaner is its own report', async () => {
    const desk = await free();
    expect(await desk.service.dryRun(asking(desk, 'runCleaner', { body: {} }))).toMatchObject({
      report: { distributions: [], orphans: [] },
    });
  });

  test('of another org’s bucket is refused as the write is', async () => {
    const desk = await mockedDesk();
    desk.aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet: [{ Key: 'spinup:org', Value: 'other' }] });
    desk.aws.s3.on(ListObjectVersionsCommand).resolves({});
    expect(await errorOf(desk.service.dryRun(asking(desk, 'deleteBucket', { name: 'photos' })))).toMatchObject({
      kind: 'conflict',
    });
  });
});

test('a write runs only while its plan has the digest', async () => {
  const desk = await free();
  const { outcome } = await desk.service.write(asking(desk, 'createBucket', { ...creation, ifPlanMatch: 'another' }));
  expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'precondition-failed' } });
  expect(writes(desk.aws)).toEqual([]);
});

test.each([
  ['read', 'a write', 'createBucket', (desk: MockedDesk, asked: Asked) => desk.service.read(asked)],
  ['written', 'a read', 'listBuckets', (desk: MockedDesk, asked: Asked) => desk.service.write(asked)],
  ['run dry', 'a read', 'listBuckets', (desk: MockedDesk, asked: Asked) => desk.service.dryRun(asked)],
] as const)('what is %s must not be %s', async (_, is, operationId, ask) => {
  const desk = await mockedDesk();
  const error = await errorOf(ask(desk, asking(desk, operationId, creation)));
  expect(error).toMatchObject({ kind: 'unforeseen', detail: `${operationId} is ${is}` });
});
