import { GetBucketLifecycleConfigurationCommand, type LifecycleRule as SdkRule } from '@aws-sdk/client-s3';
import { lifecycleRules } from '../../../../../src/domain/bucket/settings/rules/lifecycle';
import { droppedOf } from '../../../../../src/domain/bucket/settings/aws/kept-rules';
import { awsError, mockedAws } from '../../../../support/mocks/mocked-aws';
import { REFUSALS, errorOf } from '../../../../support/mocks/mocked-reads';

/** What a store tells of a lifecycle it has taken. */

const rule = (actions: Partial<SdkRule>): SdkRule => ({ ID: 'a', Status: 'Enabled', ...actions });

test.each<[string, string, SdkRule[] | undefined, string | undefined]>([
  ['kept', 'glacier', [rule({ Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] })], undefined],
  ['kept by another of its rules', 'expire-30', [rule({}), rule({ Expiration: { Days: 30 } })], undefined],
  // Versions that are replaced mean nothing where there are none.
  ['kept but for replaced versions', 'expire-30', [rule({ Expiration: { Days: 30 } })], undefined],
  ['kept as a rule that does nothing', 'glacier', [rule({})], 'Transitions'],
  ['kept with an empty list', 'deep-archive', [rule({ Transitions: [] })], 'Transitions'],
  ['kept as something else', 'abort-multipart', [rule({ Expiration: { Days: 30 } })], 'AbortIncompleteMultipartUpload'],
  ['not told of', 'expire-30', undefined, 'Expiration'],
])('%s: %s', async (_title, name, Rules, dropped) => {
  const { context, s3 } = await mockedAws({ iam: false });
  s3.on(GetBucketLifecycleConfigurationCommand, { Bucket: 'photos' }).resolves({ Rules });
  expect(await droppedOf(context, 'photos', lifecycleRules(name))).toEqual(dropped === undefined ? [] : [dropped]);
});

test('a lifecycle that is not there was not kept', async () => {
  const { context, s3 } = await mockedAws({ iam: false });
  s3.on(GetBucketLifecycleConfigurationCommand).rejects(awsError('NoSuchLifecycleConfiguration', 404));
  expect(await droppedOf(context, 'photos', lifecycleRules('glacier'))).toEqual(['Transitions']);
});

test.each(REFUSALS)('%s says nothing of it', async (code, status, kind, times) => {
  const { context, s3 } = await mockedAws({ iam: false });
  s3.on(GetBucketLifecycleConfigurationCommand).rejects(awsError(code, status));
  expect(await errorOf(droppedOf(context, 'photos', lifecycleRules('glacier')))).toMatchObject({ kind });
  expect(s3.commandCalls(GetBucketLifecycleConfigurationCommand)).toHaveLength(times);
});
