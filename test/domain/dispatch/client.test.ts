import { ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import plist from 'plist';
import { toDomainError } from '../../../src/base/errors';
import { asBucket, asWebsite } from '../../../src/domain/shared/subject';
import { awsError } from '../../support/mocks/mocked-aws';
import { mockedDesk, type MockedDesk } from '../../support/mocks/mocked-desk';
import { emptyIam, holdsUser, iamGroup, iamKey } from '../../support/mocks/mocked-iam';
import { sent } from '../../support/mocks/mocked-run';
import { SITE, holdsNoSite, holdsSite, siteDistribution, siteDomains } from '../../support/mocks/mocked-site';

// The real one, counted.
const build = jest.spyOn(jest.requireActual<{ build: (value: object) => string }>('plist/lib/build'), 'build');

const photos = asBucket('photos');
const site = asWebsite(SITE);
const textsMade = () => build.mock.calls.length;
const opened = async ({ provisioning, account }: MockedDesk, subject = photos, options = {}) =>
  plist.parse(await provisioning.bookmark(account, subject, options));

describe('bookmarks', () => {
  test('are made once, and once more when 1,000 others have been asked for', async () => {
    const { provisioning, account } = await mockedDesk();
    const ask = (path?: string) => provisioning.bookmark(account, photos, path === undefined ? {} : { path });
    const made = textsMade();
    const first = await ask();
    expect([await ask(), await ask('/'), textsMade() - made]).toEqual([first, first, 1]);
    for (let n = 1; n < 1_000; n += 1) await ask(`folder-${String(n)}`);
    await ask();
    expect(textsMade() - made).toBe(1_000);
    await ask('one-more');
    expect(await ask()).toBe(first);
    expect(textsMade() - made).toBe(1_002);
  });

  test('of a bucket and of the website in it are two', async () => {
    const desk = await mockedDesk({ domains: siteDomains() });
    holdsSite(desk.aws, siteDistribution());
    expect(await opened(desk, asBucket(SITE))).toMatchObject({
      'Web URL': `https://s3.us-east-1.amazonaws.com/${SITE}`,
    });
    expect(await opened(desk, site)).toMatchObject({ 'Web URL': `https://${SITE}` });
    expect(await opened(desk, asBucket(SITE))).toMatchObject({
      'Web URL': `https://s3.us-east-1.amazonaws.com/${SITE}`,
    });
  });

  test('of a bucket that was seen a moment ago ask AWS nothing, those of one that is not there every time', async () => {
    const desk = await mockedDesk();
    await opened(desk);
    await opened(desk, photos, { path: 'a' });
    expect(sent(desk.aws)).toEqual(['HeadBucket']);
    desk.aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
    for (const bucket of ['videos', 'videos'])
      expect(await opened(desk, asBucket(bucket)).then(() => undefined, toDomainError)).toMatchObject({
        kind: 'not-found',
      });
    expect(sent(desk.aws)).toEqual(['HeadBucket', 'HeadBucket', 'HeadBucket']);
  });

  test('and other files are of the region the bucket is in, which a store may not tell', async () => {
    const desk = await mockedDesk();
    desk.aws.s3.on(HeadBucketCommand, { Bucket: 'far' }).resolves({ BucketRegion: 'eu-west-1' });
    for (const [name, region] of [
      ['far', 'eu-west-1'],
      ['photos', 'us-east-1'],
    ] as const) {
      expect(await opened(desk, asBucket(name))).toMatchObject({
        'Web URL': `https://${name}.s3.${region}.amazonaws.com`,
      });
      const { text } = await desk.provisioning.clientFile(desk.account, asBucket(name), 'rclone', {});
      expect(text).toContain(`region = ${region}\n`);
    }
    expect(sent(desk.aws)).toEqual(['HeadBucket', 'HeadBucket']);
  });

  test('of a website that is none', async () => {
    const desk = await mockedDesk({ domains: siteDomains() });
    holdsNoSite(desk.aws);
    expect(await opened(desk, site).then(() => undefined, toDomainError)).toMatchObject({
      kind: 'not-found',
      detail: `there is no website ${SITE} in this account`,
    });
  });
});

describe('as a user', () => {
  async function withAda(groups: readonly ReturnType<typeof iamGroup>[]): Promise<MockedDesk> {
    const desk = await mockedDesk({ domains: siteDomains() });
    emptyIam(desk.aws);
    holdsSite(desk.aws, siteDistribution());
    holdsUser(desk.aws, 'ada', {
      groups: [...groups],
      keys: [iamKey('AKIAOLD'), iamKey('AKIANEW'), iamKey('AKIAOFF', 'Inactive')],
    });
    return desk;
  }
  const folder = iamGroup(`${SITE}-api-BktRWGrp`, `/${SITE}/api/`);

  test('the newest key that is on stands in it; without one there is none', async () => {
    const desk = await withAda([iamGroup('photos-BktROGrp')]);
    expect(await opened(desk, photos, { user: 'ada' })).toMatchObject({ Username: 'AKIANEW', Path: '/photos' });
    desk.aws.iam.on(ListAccessKeysCommand).resolves({ AccessKeyMetadata: [iamKey('AKIAOFF', 'Inactive')] });
    expect(await opened(desk, photos, { user: 'ada' })).not.toHaveProperty('Username');
  });

  test('of one folder it opens there, or further in, and nowhere else', async () => {
    const desk = await withAda([folder]);
    expect(await opened(desk, site, { user: 'ada' })).toMatchObject({ Path: `/${SITE}/api` });
    expect(await opened(desk, site, { user: 'ada', path: 'api/v1' })).toMatchObject({ Path: `/${SITE}/api/v1` });
    expect(await opened(desk, site, { user: 'ada', path: 'img' }).then(() => undefined, toDomainError)).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining('can open api'),
    });
  });

  test.each([
    ['the predecessor’s, who is an admin', 'photos', [], ['photos-BktAdmPlc'], true],
    ['an admin', 'ada', [iamGroup('photos-BktAdmGrp')], [], true],
    ['a writer', 'ada', [iamGroup('photos-BktRWGrp')], [], false],
    ['nobody yet, who will be an admin', undefined, [], [], true],
  ] as const)('%s: ACLs are set by those who may', async (_, user, groups, attached, setsAcls) => {
    const desk = await withAda([]);
    if (user !== undefined) holdsUser(desk.aws, user, { groups: [...groups], attached, keys: [iamKey('AKIA1')] });
    const { text } = await desk.provisioning.clientFile(
      desk.account,
      photos,
      'rclone',
      user === undefined ? {} : { user },
    );
    expect(text.includes('acl = bucket-owner-full-control')).toBe(setsAcls);
    expect(text).toContain(`access_key_id = ${user === undefined ? 'REPLACE_WITH_ACCESS_KEY_ID' : 'AKIA1'}`);
  });

  test('of others it is not found', async () => {
    const desk = await withAda([iamGroup('videos-BktROGrp')]);
    expect(await opened(desk, photos, { user: 'ada' }).then(() => undefined, toDomainError)).toMatchObject({
      kind: 'not-found',
      detail: 'there is no user ada of bucket photos',
    });
  });
});

test.each([
  ['a folder that clients would resolve', { path: '../other' }],
  ['an impossible user', { user: 'a/b' }],
])('%s is refused without a call', async (_, options) => {
  const desk = await mockedDesk();
  expect(await opened(desk, photos, options).then(() => undefined, toDomainError)).toMatchObject({ kind: 'invalid' });
  expect(sent(desk.aws)).toEqual([]);
});
