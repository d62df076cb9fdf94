import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { readSetting, readSettings } from '../../../../../src/domain/bucket/settings/aws/read';
import type { Setting } from '../../../../../src/domain/bucket/settings/aws/setting';
import { settingsOf } from '../../../../../src/domain/bucket/settings/aws/table';
import { awsError, mockedAws } from '../../../../support/mocks/mocked-aws';
import { REFUSALS, errorOf } from '../../../../support/mocks/mocked-reads';

const named = (name: string): Setting => settingsOf([name])[0] as Setting;
const ALL = settingsOf(['cors', 'versioning', 'lifecycle', 'policy', 'publicAccess', 'encryption']);
const OPEN = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

test('answers without content are settings that were never made', async () => {
  const { context, s3 } = await mockedAws();
  expect((await readSettings(context, 'photos', ALL)).settings).toEqual({
    cors: null,
    versioning: null,
    lifecycle: null,
    policy: null,
    publicAccess: null,
    encryption: null,
  });
  s3.on(GetPublicAccessBlockCommand).resolves({ PublicAccessBlockConfiguration: {} });
  expect(await readSetting(context, 'photos', named('publicAccess'))).toEqual(OPEN);
  expect(s3.calls()).toHaveLength(ALL.length + 1);
  for (const { args } of s3.calls())
    expect(args[0].input).toEqual({ Bucket: 'photos', ExpectedBucketOwner: '123456789012' });
});

test('what AWS tells is what is read', async () => {
  const { context, s3 } = await mockedAws();
  const CORSRules = [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }];
  const Rules = [{ ID: 'a', Status: 'Enabled' as const, Expiration: { Days: 1 } }];
  const encryption = [
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const }, BucketKeyEnabled: false },
  ];
  s3.on(GetBucketCorsCommand).resolves({ CORSRules });
  s3.on(GetBucketVersioningCommand).resolves({ Status: 'Suspended' });
  s3.on(GetBucketLifecycleConfigurationCommand).resolves({
    Rules,
    TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
  });
  s3.on(GetBucketPolicyCommand).resolves({ Policy: '{}' });
  s3.on(GetPublicAccessBlockCommand).resolves({ PublicAccessBlockConfiguration: { BlockPublicPolicy: true } });
  s3.on(GetBucketEncryptionCommand).resolves({ ServerSideEncryptionConfiguration: { Rules: encryption } });
  expect(await readSettings(context, 'photos', ALL)).toMatchObject({
    settings: {
      cors: { CORSRules },
      versioning: 'Suspended',
      lifecycle: { rules: Rules, minimumSize: 'varies_by_storage_class' },
      policy: '{}',
      publicAccess: { ...OPEN, BlockPublicPolicy: true },
      encryption: { Rules: encryption },
    },
  });
});

const READS = [
  ['cors', GetBucketCorsCommand, 'NoSuchCORSConfiguration'],
  ['lifecycle', GetBucketLifecycleConfigurationCommand, 'NoSuchLifecycleConfiguration'],
  ['policy', GetBucketPolicyCommand, 'NoSuchBucketPolicy'],
  ['publicAccess', GetPublicAccessBlockCommand, 'NoSuchPublicAccessBlockConfiguration'],
  ['encryption', GetBucketEncryptionCommand, 'ServerSideEncryptionConfigurationNotFoundError'],
] as const;

test.each(READS)(
  '%s that was never set; without a bucket, or without a word why, that is not known',
  async (name, command, code) => {
    const { context, s3 } = await mockedAws();
    s3.on(command).rejects(awsError(code, 404));
    expect(await readSetting(context, 'photos', named(name))).toBeNull();
    s3.on(command).rejects(awsError('NoSuchBucket', 404));
    expect(await errorOf(readSetting(context, 'photos', named(name)))).toMatchObject({ kind: 'not-found' });
    s3.on(command).rejects(
      Object.assign(awsError('NotFound', 404), { $response: { headers: { 'content-length': '0' } } }),
    );
    expect(await errorOf(readSetting(context, 'photos', named(name)))).toMatchObject({ kind: 'not-found' });
  },
);

test.each(REFUSALS)('%s', async (code, status, kind, times) => {
  const { context, s3 } = await mockedAws();
  s3.on(GetBucketCorsCommand).rejects(awsError(code, status));
  expect(await errorOf(readSettings(context, 'photos', settingsOf(['cors'])))).toMatchObject({ kind });
  expect(s3.commandCalls(GetBucketCorsCommand)).toHaveLength(times);
});

test('a setting that a store lacks is null with a warning; on AWS that is an error', async () => {
  for (const iam of [false, true]) {
    const { context, s3 } = await mockedAws({ iam });
    s3.on(GetBucketEncryptionCommand).rejects(awsError('NotImplemented', 501));
    const read = readSettings(context, 'photos', settingsOf(['encryption', 'versioning']));
    if (iam) expect(await errorOf(read)).toMatchObject({ kind: 'unsupported' });
    else {
      const warning = 'this store has no default encryption: it answered GetBucketEncryption with NotImplemented';
      expect(await read).toEqual({ settings: { encryption: null, versioning: null }, warnings: [warning, undefined] });
    }
  }
});
