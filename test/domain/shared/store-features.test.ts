import { bareContext } from '../../support/bare-context';
import type { AwsSession } from '../../../src/aws/types';
import { definePlan, type StepSpec } from '../../../src/engine/plan';
import { type DomainError, DomainFailure } from '../../../src/base/errors';
import type { Context } from '../../../src/domain/shared/context';
import {
  answerWithWarnings,
  optional,
  optionally,
  type StoreFeature,
  warned,
} from '../../../src/domain/shared/store-features';
import { SETTINGS } from '../../../src/domain/bucket/settings/aws/table';
import { tagging } from '../../../src/domain/bucket/settings/aws/tags';
import { createTestClock } from '../../support/clock';
import { scopeOn } from '../../support/steps';
import { accountOf } from '../../aws/fixtures';

/** What is read here of a context. */
const contextOf = (iam: boolean): Context => {
  const account = accountOf({ iam });
  return bareContext({ session: { account } as unknown as AwsSession, clock: createTestClock() });
};
/** What is known of a setting as something that a store may lack. */
const featureOf = (name: string): StoreFeature =>
  name === 'tagging' ? tagging.feature : (SETTINGS.find((one) => one.name === name)?.feature as StoreFeature);
const CORS = featureOf('cors');
const STORE = contextOf(false);
const AWS = contextOf(true);
const SCOPE = scopeOn(createTestClock());

const refusal = (
  kind: 'unsupported' | 'invalid' | 'denied' | 'exists' | 'conflict',
  code?: string,
  call = 'PutBucketCors',
): DomainError =>
  ({
    kind,
    detail: `S3 answered ${call} with ${code ?? 'nothing'}`,
    origin: { call, service: 's3', effect: 'none', ...(code !== undefined && { code }) },
  }) satisfies DomainError;
const ends = (error: DomainError) => () => Promise.reject(new DomainFailure(error));
const outage: DomainError = {
  kind: 'unavailable',
  detail: 'no answer',
  retryAfterSeconds: 10,
  origin: { code: 'NotImplemented', call: 'PutBucketCors' },
};

describe('what counts as a missing feature', () => {
  test.each<[string, DomainError, string]>([
    [
      'cors',
      refusal('unsupported', 'NotImplemented'),
      'this store has no CORS rules: it answered PutBucketCors with NotImplemented',
    ],
    [
      'policy',
      refusal('unsupported', 'MethodNotAllowed', 'PutBucketPolicy'),
      'this store has no bucket policies: it answered PutBucketPolicy with MethodNotAllowed',
    ],
    [
      'versioning',
      refusal('unsupported', undefined, 'PutBucketVersioning'),
      'this store has no versioning: it answered PutBucketVersioning with an error without a code',
    ],
    // Taken for CreateBucket.
    [
      'publicAccess',
      refusal('invalid', 'MalformedXML', 'PutPublicAccessBlock'),
      'this store has no public access block: it answered PutPublicAccessBlock with MalformedXML',
    ],
    [
      'logging',
      refusal('exists', 'BucketAlreadyOwnedByYou', 'PutBucketLogging'),
      'this store has no access logging: it answered PutBucketLogging with BucketAlreadyOwnedByYou',
    ],
    // MinIO of some years ago.
    [
      'encryption',
      refusal('invalid', 'InvalidArgument', 'PutBucketEncryption'),
      'this store has no default encryption: it answered PutBucketEncryption with InvalidArgument',
    ],
    [
      'lifecycle',
      refusal('invalid', 'InvalidStorageClass', 'PutBucketLifecycleConfiguration'),
      'this store has no lifecycle rules of this kind: it answered PutBucketLifecycleConfiguration with InvalidStorageClass',
    ],
    ['lifecycle', { kind: 'unsupported', detail: 'said by ourselves' }, 'said by ourselves'],
  ])('%s: %j', async (feature, error, warning) => {
    expect(await optionally(STORE, featureOf(feature), ends(error))).toEqual({ warning });
    // On AWS nothing is left out.
    await expect(optionally(AWS, featureOf(feature), ends(error))).rejects.toMatchObject({ error });
  });

  test.each<[string, string, DomainError]>([
    ['a refusal of permission', 'tagging', refusal('denied', 'AccessDenied')],
    ['an outage, whatever its code', 'tagging', outage],
    ['throttling', 'tagging', { kind: 'throttled', detail: 'slow', retryAfterSeconds: 1 }],
    ['another change under way', 'tagging', { kind: 'contended', detail: 'later' }],
    [
      'a mistake in the configuration',
      'logging',
      { kind: 'misconfigured', detail: 'no such bucket', setting: 'accessLog' },
    ],
    ['a bad value of the caller’s', 'tagging', refusal('invalid', 'InvalidTag')],
    ['a bad policy of the caller’s', 'policy', refusal('invalid', 'MalformedPolicy')],
    ['a lifecycle that is wrong', 'lifecycle', refusal('invalid', 'InvalidArgument')],
    ['a state that forbids it', 'versioning', refusal('conflict', 'InvalidBucketState')],
    ['a bucket that is gone', 'tagging', { kind: 'not-found', detail: 'no bucket' }],
    ['what nobody foresaw', 'tagging', { kind: 'unforeseen', detail: 'oh' }],
  ])('not %s', async (_title, feature, error) => {
    await expect(optionally(STORE, featureOf(feature), ends(error))).rejects.toMatchObject({ error });
  });

  test('a read that succeeds gives its value', async () => {
    expect(await optionally(STORE, tagging.feature, () => Promise.resolve(['a']))).toEqual({ value: ['a'] });
  });
});

describe('an optional step', () => {
  const undone: string[] = [];
  const spec = (run: () => Promise<void>): StepSpec<Record<never, never>, void> => ({
    title: 'Set it',
    run,
    undo: () => {
      undone.push('undone');
      return Promise.resolve();
    },
  });
  beforeEach(() => undone.splice(0));

  test('that was done has no warning and is undone', async () => {
    const step = optional(
      STORE,
      CORS,
      spec(() => Promise.resolve()),
    );
    const result = await step.run({}, SCOPE);
    expect(result).toBeUndefined();
    await step.undo?.({ needs: {}, result }, SCOPE);
    expect(undone).toEqual(['undone']);
  });

  test('that the store does not know gives its warning, and there is nothing to undo', async () => {
    const step = optional(STORE, CORS, spec(ends(refusal('unsupported', 'NotImplemented'))));
    const result = await step.run({}, SCOPE);
    expect(result).toContain('NotImplemented');
    await step.undo?.({ needs: {}, result }, SCOPE);
    expect(undone).toEqual([]);
  });

  test('that failed and may have landed is undone', async () => {
    const step = optional(STORE, CORS, spec(ends(outage)));
    await expect(step.run({}, SCOPE)).rejects.toMatchObject({ error: outage });
    await step.undo?.({ needs: {}, result: undefined }, SCOPE);
    expect(undone).toEqual(['undone']);
  });

  test('on AWS fails as ever', async () => {
    const error = refusal('unsupported', 'NotImplemented');
    await expect(optional(AWS, CORS, spec(ends(error))).run({}, SCOPE)).rejects.toMatchObject({ error });
  });

  test('whose landing is looked for with a call that the store does not know ends with the warning', async () => {
    const base = spec(() => Promise.resolve());
    const unknown = optional(STORE, CORS, { ...base, alreadyDone: ends(refusal('unsupported', 'NotImplemented')) });
    expect(await unknown.alreadyDone?.({}, SCOPE)).toEqual({ result: expect.stringContaining('NotImplemented') });
    const landed = optional(STORE, CORS, { ...base, alreadyDone: () => Promise.resolve({ result: undefined }) });
    expect(await landed.alreadyDone?.({}, SCOPE)).toEqual({ result: undefined });
    const absent = optional(STORE, CORS, { ...base, alreadyDone: () => Promise.resolve(undefined) });
    expect(await absent.alreadyDone?.({}, SCOPE)).toBeUndefined();
  });
});

describe('warnings of a plan', () => {
  const run = () => Promise.resolve(undefined);
  const planOf = (count: number) =>
    definePlan('p', 'P', (step) => {
      const bucket = step<string>({ title: 'make', run: () => Promise.resolve('b') });
      const steps = Array.from({ length: count }, (_, n) =>
        step<string | undefined>({ title: `step ${String(n)}`, run }),
      );
      return answerWithWarnings({ bucket }, steps, (results, said) => ({ Bucket: results.bucket, ...said }));
    });

  test('stand in the answer in the order of the steps, each once', () => {
    expect(planOf(4).answer(['b', 'one', undefined, 'two', 'one'])).toEqual({ Bucket: 'b', warnings: ['one', 'two'] });
  });

  test('are no member where there is none', () => {
    expect(planOf(2).answer(['b', undefined, undefined])).toEqual({ Bucket: 'b' });
    expect(planOf(0).answer(['b'])).toEqual({ Bucket: 'b' });
    expect(warned([undefined])).toEqual({});
  });
});
