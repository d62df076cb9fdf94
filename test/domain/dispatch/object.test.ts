import { GetBucketTaggingCommand, HeadBucketCommand } from '@aws-sdk/client-s3';
import { toDomainError } from '../../../src/base/errors';
import { asBucket, asWebsite } from '../../../src/domain/shared/subject';
import type { UploadInput } from '../../../src/domain/object/rules/shapes';
import type { ObjectSubject } from '../../support/mocks/provisioning';
import { awsError } from '../../support/mocks/mocked-aws';
import { mockedDesk } from '../../support/mocks/mocked-desk';
import { sent } from '../../support/mocks/mocked-run';
import { SITE, holdsNoSite, siteDomains } from '../../support/mocks/mocked-site';

const photos = asBucket('photos');

describe('the type of an upload', () => {
  test.each([
    ['guessed from the name', { filename: 'a/cat.jpg', contentType: true }, 'image/jpeg'],
    ['anything, where the name says nothing', { filename: 'README', contentType: true }, 'application/octet-stream'],
    ['what is asked for', { filename: 'cat.jpg', contentType: 'text/plain' }, 'text/plain'],
    ['up to the client', { filename: 'cat.jpg', contentType: false }, undefined],
    ['up to the client, where nobody says', { filename: 'cat.jpg' }, undefined],
  ] as const)('is %s', async (_, input, type) => {
    const { provisioning, account } = await mockedDesk();
    const { url, headers, fields } = await provisioning.uploadUrl(account, photos, input, 60);
    expect(headers).toEqual(type === undefined ? undefined : { 'Content-Type': type });
    expect(fields).toBeUndefined();
    const signed = new URL(url.reveal()).searchParams.get('X-Amz-SignedHeaders')?.split(';') ?? [];
    expect(signed.includes('content-type')).toBe(type !== undefined);

    const form = await provisioning.uploadUrl(account, photos, { ...input, form: true, contentLength: 10 }, 60);
    expect(form.fields?.['Content-Type']?.reveal()).toBe(type);
    // A form says it among its fields.
    expect(form.headers).toBeUndefined();
  });
});

test.each<readonly [string, UploadInput, object]>([
  [
    'a limit without a form, as no URL can hold it',
    { filename: 'a', contentLength: 1 },
    { kind: 'invalid', pointer: '/contentLength' },
  ],
  ['a key that clients would resolve', { filename: '../a' }, { kind: 'invalid', pointer: '/filename' }],
  [
    'a form for a name that S3 would replace',
    { filename: '${filename}', form: true },
    { kind: 'invalid', pointer: '/filename' },
  ],
])('%s is refused without a call', async (_, input, expected) => {
  const { provisioning, account, aws } = await mockedDesk();
  expect(await provisioning.uploadUrl(account, photos, input, 60).then(() => undefined, toDomainError)).toMatchObject(
    expected,
  );
  expect(sent(aws)).toEqual([]);
});

test('a download says what the file is to be called; a deletion is signed for itself', async () => {
  const { provisioning, account } = await mockedDesk();
  const download = await provisioning.downloadUrl(account, photos, 'cat.jpg', {
    seconds: 60,
    disposition: 'cat.jpg',
  });
  expect(new URL(download.url.reveal()).searchParams.get('response-content-disposition')).toBe(
    'attachment; filename="cat.jpg"',
  );
  expect(download.headers).toBeUndefined();
  const deletion = await provisioning.deleteUrl(account, photos, 'cat.jpg', 60);
  expect(new URL(deletion.url.reveal()).searchParams.get('x-id')).toBe('DeleteObject');
});

describe('where the bucket is', () => {
  const hostOf = async ({ provisioning, account }: Awaited<ReturnType<typeof mockedDesk>>, subject: ObjectSubject) =>
    new URL((await provisioning.downloadUrl(account, subject, 'a', { seconds: 60 })).url.reveal()).host;

  test('is asked once, and signed for', async () => {
    const desk = await mockedDesk();
    desk.aws.s3.on(HeadBucketCommand).resolves({ BucketRegion: 'eu-west-1' });
    expect([await hostOf(desk, photos), await hostOf(desk, photos)]).toEqual(
      Array(2).fill('photos.s3.eu-west-1.amazonaws.com'),
    );
    expect(sent(desk.aws)).toEqual(['HeadBucket']);
  });

  test('is the account’s region where the store does not tell', async () => {
    expect(await hostOf(await mockedDesk({ region: 'eu-central-1' }), photos)).toBe(
      'photos.s3.eu-central-1.amazonaws.com',
    );
  });

  test('may be a secret: an account that signs unseen does so all the same, and asks once; any other refuses', async () => {
    const hidden = async (changes: Parameters<typeof mockedDesk>[0]) => {
      const desk = await mockedDesk(changes);
      desk.aws.s3.on(HeadBucketCommand).rejects(awsError('Forbidden', 403));
      return desk;
    };
    const unseeing = await hidden({ presignUnseen: true });
    expect([await hostOf(unseeing, photos), await hostOf(unseeing, photos)]).toEqual(
      Array(2).fill('photos.s3.us-east-1.amazonaws.com'),
    );
    expect(sent(unseeing.aws)).toEqual(['HeadBucket']);
    const desk = await hidden({});
    expect(await hostOf(desk, photos).then(() => undefined, toDomainError)).toMatchObject({ kind: 'denied' });
  });

  test('is nowhere without the bucket, or without the website', async () => {
    const desk = await mockedDesk({ domains: siteDomains() });
    holdsNoSite(desk.aws);
    expect(await hostOf(desk, asWebsite(SITE)).then(() => undefined, toDomainError)).toMatchObject({
      kind: 'not-found',
      detail: `there is no website ${SITE} in this account`,
    });
    desk.aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
    expect(await hostOf(desk, photos).then(() => undefined, toDomainError)).toMatchObject({ kind: 'not-found' });
  });
});

describe('whose the bucket is', () => {
  type Desk = Awaited<ReturnType<typeof mockedDesk>>;
  const upload = ({ provisioning, account }: Desk) =>
    provisioning.uploadUrl(account, photos, { filename: 'a' }, 60).then(() => 'signed', toDomainError);
  const form = ({ provisioning, account }: Desk) =>
    provisioning.uploadUrl(account, photos, { filename: 'a', form: true }, 60).then(() => 'signed', toDomainError);
  const deletion = ({ provisioning, account }: Desk) =>
    provisioning.deleteUrl(account, photos, 'a', 60).then(() => 'signed', toDomainError);
  const download = ({ provisioning, account }: Desk) =>
    provisioning.downloadUrl(account, photos, 'a', { seconds: 60 }).then(() => 'signed', toDomainError);
  const tagged = (desk: Desk, org: string) =>
    desk.aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet: [{ Key: 'spinup:org', Value: org }] });

  test('is asked beside the bucket, once, for what writes alone', async () => {
    const desk = await mockedDesk();
    tagged(desk, 'acme');
    expect(await download(desk)).toBe('signed');
    expect(sent(desk.aws)).toEqual(['HeadBucket']);
    expect([await upload(desk), await form(desk), await deletion(desk)]).toEqual(['signed', 'signed', 'signed']);
    expect(sent(desk.aws)).toEqual(['HeadBucket', 'GetBucketTagging']);
  });

  test.each([
    ['uploads', upload],
    ['forms', form],
    ['deletions', deletion],
  ] as const)('another org’s: no %s, whatever the account is set to', async (_, ask) => {
    for (const presignUnseen of [false, true]) {
      const desk = await mockedDesk({ presignUnseen });
      tagged(desk, 'other');
      expect(await ask(desk)).toMatchObject({ kind: 'conflict', detail: expect.stringContaining('"other"') });
      expect(await ask(desk)).toMatchObject({ kind: 'conflict' });
      expect(await download(desk)).toBe('signed');
    }
  });

  test('a secret: no uploads, unless the account signs unseen, which asks once', async () => {
    const hidden = async (changes: Parameters<typeof mockedDesk>[0]) => {
      const desk = await mockedDesk(changes);
      desk.aws.s3.on(GetBucketTaggingCommand).rejects(awsError('AccessDenied', 403));
      return desk;
    };
    const desk = await hidden({});
    expect(await upload(desk)).toMatchObject({
      kind: 'denied',
      detail: expect.stringContaining('s3:GetBucketTagging'),
    });
    const unseeing = await hidden({ presignUnseen: true });
    expect([await upload(unseeing), await upload(unseeing)]).toEqual(['signed', 'signed']);
    expect(sent(unseeing.aws)).toEqual(['HeadBucket', 'GetBucketTagging']);
  });
});
