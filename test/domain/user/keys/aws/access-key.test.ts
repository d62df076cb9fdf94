import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { deleteKey } from '../../../../../src/domain/access/aws/delete-key';
import { createKey, turnKey, withdrawKey } from '../../../../../src/domain/user/keys/aws/access-key';
import { secret } from '../../../../../src/base/secret';
import { errors } from '../../../../support/errors';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { changes, handle, stepAlone } from '../../../../support/steps';

const listed = (...ids: readonly (string | undefined)[]) => ({
  AccessKeyMetadata: ids.map((AccessKeyId) => ({ AccessKeyId, UserName: 'u' })),
});
const removed = (...ids: readonly string[]) => ids.map((AccessKeyId) => ({ UserName: 'u', AccessKeyId }));
const gone = awsError('NoSuchEntity', 404);
const lost = awsError('ServiceFailure', 500);

describe('a new key', () => {
  const creating = ({ context }: MockedAws) => stepAlone(context, createKey(context, { user: 'u', before: ['OLD'] }));
  const made = (AccessKeyId: string) =>
    ({
      AccessKey: { UserName: 'u', AccessKeyId, SecretAccessKey: 'shh', Status: 'Active', CreateDate: new Date(0) },
    }) as const;

  test('is made after what it depends on', async () => {
    const { context } = await mockedAws();
    const user = handle();
    expect(createKey(context, { user: 'u', before: [], after: [user] }).after).toEqual([user]);
  });

  test('is given with its secret', async () => {
    const aws = await mockedAws();
    aws.iam.on(CreateAccessKeyCommand).resolves(made('NEW'));
    const key = await creating(aws).run();
    expect({ ...key, SecretAccessKey: key.SecretAccessKey.reveal() }).toEqual(made('NEW').AccessKey);
  });

  test('whose reply was lost is removed, and another is made', async () => {
    const aws = await mockedAws();
    aws.iam.on(CreateAccessKeyCommand).rejectsOnce(lost).resolves(made('NEW'));
    // IAM shows the lost one late: two listings must agree.
    aws.iam
      .on(ListAccessKeysCommand)
      .resolvesOnce(listed('OLD'))
      .resolves(listed('OLD', 'LOST', undefined));
    expect(await creating(aws).perform()).toMatchObject({ state: 'done', result: { AccessKeyId: 'NEW' } });
    expect(changes(aws.iam)).toMatchObject({ DeleteAccessKey: removed('LOST'), CreateAccessKey: [{}, {}] });
  });

  test('is made at once after an attempt that was refused: there is nothing to look for', async () => {
    const aws = await mockedAws();
    aws.iam.on(CreateAccessKeyCommand).rejectsOnce(gone).resolves(made('NEW'));
    expect(await creating(aws).perform()).toMatchObject({ state: 'done' });
    expect(aws.iam.commandCalls(ListAccessKeysCommand)).toEqual([]);
  });

  // The caller of a reset waits for it; the maker of a user waits for IAM to know the user.
  test.each([
    ['a user that was there', undefined, 5_000],
    ['a user that was made a moment ago', true as const, 30_000],
  ])('of %s is given up when IAM fails for too long', async (_, isFreshUser, most) => {
    const aws = await mockedAws();
    aws.iam.on(CreateAccessKeyCommand).rejects(gone);
    const { context } = aws;
    const begin = context.clock.monotonic();
    const spec = createKey(context, { user: 'u', before: ['OLD'], ...(isFreshUser && { isFreshUser }) });
    expect(await stepAlone(context, spec).perform()).toMatchObject({ error: { kind: 'not-found' } });
    expect(context.clock.monotonic() - begin).toBeLessThanOrEqual(most);
    expect(context.clock.monotonic() - begin).toBeGreaterThan(most / 2);
  });

  test.each([
    ['nothing', {}],
    ['no id', { AccessKey: { ...made('NEW').AccessKey, AccessKeyId: undefined } }],
    ['no secret', { AccessKey: { ...made('NEW').AccessKey, SecretAccessKey: undefined } }],
  ])('of whose answer there is %s is of no use: the undo looks for it', async (_, answer) => {
    const aws = await mockedAws();
    aws.iam.on(CreateAccessKeyCommand).resolves(answer);
    aws.iam.on(ListAccessKeysCommand).resolves(listed('OLD', 'NEW'));
    const step = creating(aws);
    expect(await step.perform()).toMatchObject({ state: 'unclear', error: { kind: 'unforeseen' } });
    await step.undo();
    expect(changes(aws.iam)).toEqual({ CreateAccessKey: [{ UserName: 'u' }], DeleteAccessKey: removed('NEW') });
  });

  test.each([
    ['that IAM does not know yet', [gone, gone], 3],
    ['that somebody else has deleted', [gone, gone, gone, gone, gone, gone], 6],
  ])('is taken back, also one %s', async (_, refusals, times) => {
    const aws = await mockedAws();
    const removal = aws.iam.on(DeleteAccessKeyCommand);
    for (const refusal of refusals) removal.rejectsOnce(refusal);
    await creating(aws).undo({
      UserName: 'u',
      AccessKeyId: 'NEW',
      Status: 'Active',
      CreateDate: undefined,
      SecretAccessKey: secret('shh'),
    });
    expect(changes(aws.iam)).toEqual({ DeleteAccessKey: Array.from({ length: times }, () => removed('NEW')[0]) });
  });

  test('is not looked for without end where no two listings agree', async () => {
    const aws = await mockedAws();
    let listing = 0;
    aws.iam.on(ListAccessKeysCommand).callsFake(() => listed('OLD', ...((listing += 1) % 2 === 0 ? ['NEW'] : [])));
    await creating(aws).undo();
    expect(aws.iam.commandCalls(ListAccessKeysCommand)).toHaveLength(6);
    expect(changes(aws.iam)).toEqual({ DeleteAccessKey: removed('NEW') });
  });
});

describe('a key that is deleted', () => {
  const deleting = ({ context }: MockedAws) => stepAlone(context, deleteKey(context, 'u', 'K', []));

  test.each([
    ['that has just been made and is not known yet', [gone]],
    ['that nobody knows any more', [gone, gone, gone, gone, gone]],
  ])('is deleted, also one %s', async (_, refusals) => {
    const aws = await mockedAws();
    const removal = aws.iam.on(DeleteAccessKeyCommand);
    for (const refusal of refusals) removal.rejectsOnce(refusal);
    expect(await deleting(aws).perform()).toEqual({ state: 'done', result: undefined });
  });

  test.each([
    ['still there', listed('K', 'L'), undefined],
    ['not there', listed('L'), { result: undefined }],
  ])('is known to be deleted or not: it is %s', async (_, answer, expected) => {
    const aws = await mockedAws();
    aws.iam.on(ListAccessKeysCommand).resolves(answer);
    expect(await deleting(aws).alreadyDone()).toEqual(expected);
  });

  test('that is still there needs no undo', async () => {
    const aws = await mockedAws();
    aws.iam.on(ListAccessKeysCommand).resolves(listed('K'));
    await deleting(aws).undo();
    expect(changes(aws.iam)).toEqual({});
  });

  test.each([
    ['the reply said so, whatever IAM shows', true, listed('K')],
    ['it is there no more', false, listed('L')],
  ])('cannot be brought back, and the undo says so: %s', async (_, isSent, shown) => {
    const aws = await mockedAws();
    aws.iam.on(ListAccessKeysCommand).resolves(shown);
    const step = deleting(aws);
    if (isSent) await step.perform();
    await expect(step.undo()).rejects.toMatchObject({
      error: { kind: 'conflict', detail: expect.stringContaining('access key K is deleted') as unknown },
    });
  });
});

describe('a key that is turned', () => {
  test.each([
    ['off', 'Inactive', 'Active'],
    ['on', 'Active', 'Inactive'],
  ] as const)('%s is turned back by the undo', async (word, to, back) => {
    const aws = await mockedAws();
    const spec = turnKey(aws.context, 'u', 'K', to, []);
    const step = stepAlone(aws.context, spec);
    aws.iam.on(UpdateAccessKeyCommand).rejectsOnce(gone).resolves({});
    expect(await step.perform()).toEqual({ state: 'done', result: undefined });
    await step.undo();
    expect(spec.title).toBe(`Turn ${word} access key K of user u`);
    const sent = (Status: string) => ({ UserName: 'u', AccessKeyId: 'K', Status });
    expect(changes(aws.iam)).toEqual({ UpdateAccessKey: [sent(to), sent(to), sent(back)] });
    expect([errors.notFound, errors.throttled, errors.denied].map(step.retries)).toEqual([true, true, false]);
  });
});

test('a key whose secret reached nobody is withdrawn, however late IAM knows it', async () => {
  const aws = await mockedAws();
  aws.iam.on(DeleteAccessKeyCommand).rejectsOnce(gone).resolves({});
  await stepAlone(aws.context, withdrawKey(aws.context, 'u', 'K')).perform();
  expect(changes(aws.iam)).toEqual({ DeleteAccessKey: removed('K', 'K') });
});
