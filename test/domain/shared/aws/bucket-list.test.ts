import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { bucketCreated, bucketsBeginning, listBuckets, namesInUse } from '../../../../src/domain/shared/aws/bucket';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { REFUSALS, errorOf } from '../../../support/mocks/mocked-reads';

describe('the names of all buckets', () => {
  test('come sorted from all pages, empty ones in the midst and buckets without a name included', async () => {
    const { context, s3 } = await mockedAws();
    s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'b' }, {}], ContinuationToken: 't1' });
    s3.on(ListBucketsCommand, { ContinuationToken: 't1' }).resolves({ ContinuationToken: 't2' });
    s3.on(ListBucketsCommand, { ContinuationToken: 't2' }).resolves({
      Buckets: [{ Name: 'a' }],
      ContinuationToken: '',
    });
    expect(await listBuckets(context)).toEqual(['a', 'b']);
    expect(s3.commandCalls(ListBucketsCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { MaxBuckets: 10_000 },
      { MaxBuckets: 10_000, ContinuationToken: 't1' },
      { MaxBuckets: 10_000, ContinuationToken: 't2' },
    ]);
  });

  test.each([
    ['InvalidArgument', 400],
    ['NotImplemented', 501],
  ])('a store that refuses pages with %s is asked for all at once, AWS is not', async (code, status) => {
    for (const [iam, names] of [
      [false, ['photos']],
      [true, undefined],
    ] as const) {
      const { context, s3 } = await mockedAws({ iam });
      s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'photos', CreationDate: new Date(5_000) }] });
      s3.on(ListBucketsCommand, { MaxBuckets: 10_000 }).rejects(awsError(code, status));
      expect(await listBuckets(context).catch(() => undefined)).toEqual(names);
      expect(await bucketCreated(context, 'photos').catch(() => undefined)).toBe(names && 5_000);
    }
  });

  test.each(REFUSALS)('%s is no reason to ask a store for all at once', async (code, status, kind, times) => {
    const { context, s3 } = await mockedAws({ iam: false });
    s3.on(ListBucketsCommand).rejects(awsError(code, status));
    expect(await errorOf(listBuckets(context))).toMatchObject({ kind });
    expect(s3.commandCalls(ListBucketsCommand)).toHaveLength(times);
  });

  test.each([
    ['a longer name only', [{ Name: 'photos-2', CreationDate: new Date(1) }]],
    ['the bucket without a date', [{ Name: 'photos' }]],
    ['nothing', undefined],
  ])('%s tells no time of creation', async (_title, Buckets) => {
    const { context, s3 } = await mockedAws();
    s3.on(ListBucketsCommand, { Prefix: 'photos' }).resolves({ Buckets });
    expect(await bucketCreated(context, 'photos')).toBeUndefined();
  });
});

describe('an account whose buckets are in its own namespace', () => {
  const OWN = '-123456789012-us-east-1-an';
  const CreationDate = new Date(5_000);
  const Buckets = [{ Name: `b${OWN}`, CreationDate }, { Name: 'elsewhere' }, { Name: `a-b${OWN}` }, {}];

  test('lists its own by what callers call them, and knows which other names are in use', async () => {
    const { context, s3 } = await mockedAws({ bucketNamespace: 'account-regional' });
    s3.on(ListBucketsCommand).resolves({ Buckets });
    expect(await listBuckets(context)).toEqual(['a-b', 'b']);
    expect(await namesInUse(context)).toEqual(['b', 'elsewhere', 'a-b']);
    expect(await bucketsBeginning(context, 'b')).toEqual(['b']);
    expect(await bucketsBeginning(context, 'e')).toEqual(['elsewhere']);
  });

  test('tells when one was created by the name that S3 has', async () => {
    const { context, s3 } = await mockedAws({ bucketNamespace: 'account-regional' });
    s3.on(ListBucketsCommand, { Prefix: `b${OWN}` }).resolves({ Buckets });
    expect(await bucketCreated(context, 'b')).toBe(5_000);
  });
});
