import { GetPolicyCommand } from '@aws-sdk/client-iam';
import { GetBucketTaggingCommand, HeadBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { answer, definePlan } from '../../../src/engine/plan';
import { fail, toDomainError } from '../../../src/base/errors';
import { type GuardedRecipe, onlyOurs, placeOfNew } from '../../../src/domain/access/only-ours';
import { awsError, type MockedAws, mockedAws } from '../../support/mocks/mocked-aws';
import { errorOf, run, sent } from '../../support/mocks/mocked-run';

const TAGS = [{ Key: 'spinup:org', Value: 'acme' }];

/** A write that changes nothing, and gives what its look saw. */
function recipe(look: GuardedRecipe<string, string>['look'] = async () => 'seen'): GuardedRecipe<string, string> {
  return {
    kind: 'toy',
    title: 'Toy',
    version: 1,
    input: null,
    claims: ['demo/toy'],
    recovery: 'forward',
    look,
    plan: (seen) => definePlan('toy', 'Toy', () => answer({}, () => seen)),
  };
}

async function aws(tagging: (aws: MockedAws) => unknown): Promise<MockedAws> {
  const mocked = await mockedAws();
  tagging(mocked);
  return mocked;
}

const tagged = (TagSet: { readonly Key: string; readonly Value: string }[]) =>
  aws(({ s3 }) => s3.on(GetBucketTaggingCommand).resolves({ TagSet }));
const refused = (code: string, status: number) =>
  aws(({ s3 }) => s3.on(GetBucketTaggingCommand).rejects(awsError(code, status)));

describe('a write on a bucket that may be there', () => {
  test.each([
    ['ours', TAGS],
    ['nobody’s', [{ Key: 'a', Value: 'b' }]],
  ])('goes on when its tags say %s, which it is given and are read once', async (_, tags) => {
    const mocked = await tagged(tags);
    const guarded = onlyOurs(
      mocked.context,
      'photos',
      recipe(async (tagging) => String((await tagging)?.length)),
    );
    expect(await run(mocked, guarded)).toEqual({ state: 'succeeded', value: '1' });
    expect(sent(mocked)).toEqual(['GetBucketTagging']);
  });

  test('is refused when they name another org, whatever the look has found wrong', async () => {
    const mocked = await tagged([{ Key: 'spinup:org', Value: 'other' }]);
    for (const look of [undefined, async () => fail({ kind: 'not-found', detail: 'no user ada' })]) {
      expect(await errorOf(mocked, onlyOurs(mocked.context, 'photos', recipe(look)))).toMatchObject({
        kind: 'conflict',
        detail: expect.stringContaining('"other"'),
      });
    }
  });

  test('says what its look has found wrong when the bucket is ours, or not there', async () => {
    const look = async () => fail({ kind: 'exists', detail: 'a user ada' });
    for (const mocking of [() => tagged(TAGS), () => refused('NoSuchBucket', 404)]) {
      const mocked = await mocking();
      expect(await errorOf(mocked, onlyOurs(mocked.context, 'photos', recipe(look)))).toMatchObject({ kind: 'exists' });
    }
  });

  test('goes on without a bucket', async () => {
    const mocked = await refused('NoSuchBucket', 404);
    expect(await run(mocked, onlyOurs(mocked.context, 'photos', recipe()))).toMatchObject({ state: 'succeeded' });
  });

  test.each([
    [undefined, { kind: 'denied', detail: expect.stringContaining('s3:GetBucketTagging') }],
    [awsError('Forbidden', 403), { kind: 'denied', detail: 'access to bucket photos is denied' }],
    [awsError('NotFound', 404), undefined],
  ])('is refused when its tags may not be read; the bucket itself answering %s', async (head, expected) => {
    const mocked = await refused('AccessDenied', 403);
    if (head !== undefined) mocked.s3.on(HeadBucketCommand).rejects(head);
    const error = await errorOf(mocked, onlyOurs(mocked.context, 'photos', recipe()));
    if (expected === undefined) expect(error).toBeUndefined();
    else expect(error).toMatchObject(expected);
  });

  test.each([
    ['that repairs its policy', true, 'acme', true],
    ['that does something else', false, 'acme', false],
    ['that repairs its policy, where the admin policy is another org’s', true, 'other', false],
    ['that repairs its policy, where there is no admin policy', true, undefined, false],
  ])('when its policy hides the tags, one %s', async (_title, repairs, org, goesOn) => {
    const mocked = await refused('AccessDenied', 403);
    mocked.s3.on(HeadBucketCommand).rejects(awsError('Forbidden', 403));
    const arn = 'arn:aws:iam::123456789012:policy/photos-BktAdmPlc';
    if (org === undefined) mocked.iam.on(GetPolicyCommand).rejects(awsError('NoSuchEntity', 404));
    else
      mocked.iam
        .on(GetPolicyCommand, { PolicyArn: arn })
        .resolves({ Policy: { Arn: arn, Tags: [{ Key: 'spinup:org', Value: org }] } });
    const error = await errorOf(mocked, onlyOurs(mocked.context, 'photos', { ...recipe(), repairs }));
    if (goesOn) expect(error).toBeUndefined();
    else expect(error).toMatchObject({ kind: 'denied' });
  });

  test('ends as AWS says when its tags cannot be read now', async () => {
    const mocked = await refused('InternalError', 500);
    expect(await errorOf(mocked, onlyOurs(mocked.context, 'photos', recipe()))).toMatchObject({ kind: 'unavailable' });
  });
});

describe('the place of a new bucket', () => {
  const placeIn = ({ context }: MockedAws) => placeOfNew(context, 'photos').then((presence) => presence, toDomainError);

  test('is free for one call', async () => {
    const mocked = await aws(({ s3 }) => s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404)));
    expect(await placeIn(mocked)).toBe('absent');
    expect(sent(mocked)).toEqual(['HeadBucket']);
  });

  test.each([
    ['ours', () => tagged(TAGS), 'present'],
    ['somebody’s who does not show it', () => refused('AccessDenied', 403), 'present'],
    ['gone meanwhile', () => refused('NoSuchBucket', 404), 'present'],
    [
      'another org’s',
      () => tagged([{ Key: 'spinup:org', Value: 'other' }]),
      { kind: 'conflict', detail: expect.stringContaining('"other"') },
    ],
    ['not to be told now', () => refused('InternalError', 500), { kind: 'unavailable' }],
  ])('is taken by a bucket that is %s', async (_, mocking, expected) => {
    const place = await placeIn(await mocking());
    if (typeof expected === 'string') expect(place).toBe(expected);
    else expect(place).toMatchObject(expected);
  });
});

test('a name by which S3 knows another bucket of the account is taken where the account has names of its own', async () => {
  const { context, s3 } = await mockedAws({ bucketNamespace: 'account-regional' });
  s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
  s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'photos' }] });
  expect(await placeOfNew(context, 'photos').then(() => undefined, toDomainError)).toMatchObject({ kind: 'exists' });
  s3.on(ListBucketsCommand).resolves({});
  expect(await placeOfNew(context, 'photos')).toBe('absent');
});
