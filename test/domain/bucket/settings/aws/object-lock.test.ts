import { GetObjectLockConfigurationCommand, PutObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import { toDomainError } from '../../../../../src/base/errors';
import { objectLock } from '../../../../../src/domain/bucket/settings/aws/object-lock';
import { replaceSetting } from '../../../../../src/domain/bucket/settings/aws/replace';
import { awsError, mockedAws } from '../../../../support/mocks/mocked-aws';
import { stepAlone } from '../../../../support/steps';

const ON = { ObjectLockEnabled: 'Enabled' } as const;
const retained = (more: object) => ({ ...ON, Rule: { DefaultRetention: { Mode: 'GOVERNANCE' as const, ...more } } });
const MONTH = retained({ Days: 30 });
const refusalOf = (work: () => unknown) => {
  try {
    work();
    return undefined;
  } catch (thrown) {
    return toDomainError(thrown);
  }
};

test.each([
  ['both Days and Years', retained({ Days: 1, Years: 1 }), false],
  ['neither of them', retained({}), false],
  ['Days', MONTH, true],
  ['Years', retained({ Years: 1 }), true],
  ['no rule', ON, true],
])('a default retention with %s', (_, input, isTaken) => {
  const refusal = refusalOf(() => objectLock.check(input, {} as never));
  if (isTaken) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject({ kind: 'invalid', pointer: '/ObjectLock/Rule/DefaultRetention' });
});

test('a new bucket takes it only when it is made with object lock', () => {
  expect(refusalOf(() => objectLock.checkNew?.(MONTH, { objectLock: true }))).toBeUndefined();
  expect(refusalOf(() => objectLock.checkNew?.(MONTH, { objectLock: false }))).toMatchObject({
    pointer: '/ObjectLock',
  });
});

test.each([
  ['what AWS has', { ObjectLockConfiguration: MONTH }, MONTH],
  ['no zero for what was not set', { ObjectLockConfiguration: retained({ Days: 30, Years: 0 }) }, MONTH],
  ['the lock alone where there is no retention', { ObjectLockConfiguration: ON }, ON],
  ['nothing for a store’s empty document', {}, null],
])('reading gives %s', async (_, answer, expected) => {
  const aws = await mockedAws();
  aws.s3.on(GetObjectLockConfigurationCommand).resolves(answer);
  expect(await objectLock.read(aws.context, 'b')).toEqual(expected);
});

test('without a rule nothing has to be done on a bucket that is locked, with another rule it has', () => {
  expect(objectLock.isSame?.(ON, MONTH)).toBe(true);
  expect(objectLock.isSame?.(retained({ Days: 1 }), MONTH)).toBe(false);
  expect(objectLock.show?.(MONTH)).toEqual(MONTH);
  expect([objectLock.title('b', null), objectLock.title('b', ON)]).toEqual([
    'Remove the default retention of bucket b',
    'Set the object lock of bucket b',
  ]);
});

test('taking it away leaves the lock on', async () => {
  const aws = await mockedAws();
  await objectLock.remove?.(aws.context, 'b');
  expect(aws.s3.commandCalls(PutObjectLockConfigurationCommand)[0]?.args[0].input.ObjectLockConfiguration).toEqual(ON);
});

test.each([
  ['a retention', { ObjectLockConfiguration: MONTH }, [ON]],
  ['the lock alone', { ObjectLockConfiguration: ON }, []],
])('the undo of turning it on says that it stays; of %s it takes away what it can', async (_, now, puts) => {
  const aws = await mockedAws();
  aws.s3.on(GetObjectLockConfigurationCommand).resolves(now);
  const change = { context: aws.context, bucket: 'b', before: null, after: MONTH, all: {} };
  const undone = stepAlone(aws, replaceSetting(objectLock, change)).undo();
  await expect(undone.then(() => undefined, toDomainError)).resolves.toMatchObject({ kind: 'unsupported' });
  expect(
    aws.s3
      .commandCalls(PutObjectLockConfigurationCommand)
      .map(({ args: [{ input }] }) => input.ObjectLockConfiguration),
  ).toEqual(puts);
});

test('the undo of turning it on does nothing where it is not on', async () => {
  const aws = await mockedAws();
  aws.s3.on(GetObjectLockConfigurationCommand).rejects(awsError('ObjectLockConfigurationNotFoundError', 404));
  const change = { context: aws.context, bucket: 'b', before: null, after: MONTH, all: {} };
  await stepAlone(aws, replaceSetting(objectLock, change)).undo();
  expect(aws.s3.commandCalls(PutObjectLockConfigurationCommand)).toEqual([]);
});
