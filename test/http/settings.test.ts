import { resolve } from '../../src/http/contract/document';
import { lifecycleNames } from '../../src/domain/bucket/settings/rules/lifecycle';
import { isSettable, type Setting } from '../../src/domain/bucket/settings/aws/setting';
import { SETTINGS, settingsOf } from '../../src/domain/bucket/settings/aws/table';
import { INCLUDABLE } from '../../src/domain/bucket/settings/include';
import { shownPolicy } from '../../src/domain/bucket/settings/rules/policy';
import { type HttpHarness, startHttp } from '../support/http';

const BUCKETS = '/v1/s3/demo/buckets';
const BUCKET = `${BUCKETS}/foobarbucketname`;
const SITES = '/v1/s3/demo/websites';
const SITE = `${SITES}/foobar.bulldogs.cloud`;

let http: HttpHarness;
beforeAll(async () => {
  http = await startHttp();
  await http.send(BUCKETS, { method: 'POST', body: { BucketInput: { Bucket: 'foobarbucketname' } } });
  await http.send(SITES, { method: 'POST', body: { BucketInput: { Bucket: 'foobar.bulldogs.cloud' } } });
});
afterAll(() => http.close());

const ask: HttpHarness['ask'] = (...asked) => http.ask(...asked);

describe('what is included', () => {
  const SHOWN = {
    CORS: {
      CORSRules: [{ AllowedOrigins: ['https://authentik.company'], AllowedMethods: ['GET'], MaxAgeSeconds: 3000 }],
    },
    Versioning: null,
    Lifecycle: {
      Name: 'glacier',
      Rules: [
        {
          ID: 'glacier',
          Status: 'Enabled',
          Filter: { Prefix: '' },
          Transitions: [{ Days: 1, StorageClass: 'GLACIER' }],
        },
      ],
    },
    BucketPolicy: { Version: '2012-10-17', Statement: [] },
    PublicAccessBlock: null,
    ObjectLock: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } } },
    Encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
  };

  test.each([
    ['showBucket', BUCKET],
    ['showWebsite', SITE],
  ])('%s shows each in AWS’s shape, null where it was never set', async (operation, path) => {
    const plainly = (await ask(operation, path)).body as object;
    const { body } = await ask(operation, `${path}?include=${INCLUDABLE.join(',')}`);
    expect(body).toEqual({ ...plainly, ...SHOWN });
    expect((await ask(operation, `${path}?include=publicAccess`)).body).toEqual({
      ...plainly,
      PublicAccessBlock: null,
    });
  });

  test.each([
    'include=acl',
    'include=',
    'include=cors&include=policy',
    'include=cors,,policy',
    'include=%20cors',
    'Include=cors',
  ])('?%s is 400', async (query) => {
    for (const [operation, path] of [
      ['showBucket', BUCKET],
      ['showWebsite', SITE],
    ] as const) {
      expect((await ask(operation, `${path}?${query}`)).status).toBe(400);
    }
  });

  test('a policy that is no JSON is shown as it is', () => {
    expect(shownPolicy('not JSON')).toBe('not JSON');
  });

  const namesOf = (pattern: unknown) => [...new Set(String(pattern).match(/[A-Za-z]{2,}/g))].sort();
  const members = (schema: string, ...others: readonly string[]) =>
    Object.keys(resolve(`/components/schemas/${schema}/properties`).value)
      .filter((member) => !others.includes(member))
      .sort();
  const membersOf = (settings: readonly Setting[]) => settings.map(({ member }) => member).sort();
  const settable = SETTINGS.filter(isSettable);

  test('the document and the table of settings know the same members', () => {
    const { pattern } = resolve('/components/parameters/Include/schema').value;
    expect(namesOf(pattern)).toEqual([...INCLUDABLE].sort());
    for (const name of INCLUDABLE) expect(`${name},${name}`).toMatch(new RegExp(String(pattern)));
    const own = ['Tags', 'Logging', 'Empty', 'warnings', 'DNSRecord', 'Distribution', 'URL'];
    for (const schema of ['BucketDetails', 'WebsiteDetails'])
      expect(members(schema, ...own)).toEqual(membersOf(settingsOf(INCLUDABLE)));
    expect(members('CreateBucket', 'Tags', 'BucketInput')).toEqual(membersOf(settable));
    expect(members('UpdateBucket', 'Tags', 'Remove')).toEqual(membersOf(settable));
  });

  test('the document and the table of settings know the same members to be removed', () => {
    const enumOf = (schema: string) => [...(resolve(`/components/schemas/${schema}`).value['enum'] as string[])].sort();
    const removable = settable.filter(({ isRemovable }) => isRemovable);
    expect(enumOf('RemovableSetting')).toEqual(membersOf(removable));
    expect(enumOf('RemovableWebsiteSetting')).toEqual(membersOf(removable.filter(({ isOfWebsite }) => !isOfWebsite)));
    expect(resolve('/components/schemas/Lifecycle').value['enum']).toEqual(lifecycleNames);
  });
});

describe('what may be set', () => {
  const put = (path: string, body: unknown) =>
    ask(path === BUCKET ? 'updateBucket' : 'updateWebsite', path, { method: 'PUT', body });
  const rule = { AllowedOrigins: ['*'], AllowedMethods: ['GET'] };

  test.each([
    { CORS: { CORSRules: [rule] } },
    { Remove: ['CORS'] },
    { Remove: ['Lifecycle', 'CORS'], CORS: null, BucketPolicy: null, PublicAccessBlock: null },
    { Versioning: { Status: 'Suspended' } },
    { Lifecycle: 'glacier' },
    { Lifecycle: { Name: 'glacier', Rules: [{ ID: 'glacier' }] } },
    { Lifecycle: { Name: 'glacier', Rules: null } },
    { Tags: [], Lifecycle: null },
  ])('%j, on buckets and websites', async (body) => {
    expect([(await put(BUCKET, body)).status, (await put(SITE, body)).status]).toEqual([200, 200]);
  });

  test.each([{ BucketPolicy: true }, { BucketPolicy: '{}' }, { BucketPolicy: {} }, { PublicAccessBlock: {} }])(
    '%j is the website’s own',
    async (body) => {
      expect((await put(SITE, body)).body).toMatchObject({
        status: 400,
        detail: `/${String(Object.keys(body)[0])} is not allowed here: it is the website's own, and follows from the origin that the domain is configured with; leave it out`,
      });
    },
  );

  test.each([
    [
      { Lifecycle: 'glacie' },
      '/Lifecycle must be one of deep-archive, glacier, intelligent-tiering, expire-30, abort-multipart; did you mean "glacier"?',
    ],
    [
      { Lifecycle: {} },
      '/Lifecycle lacks "Name"; leave Lifecycle out to keep what there is; an update removes it by "Remove": ["Lifecycle"]',
    ],
    [{ Lifecycle: [] }, '/Lifecycle must be a string or an object'],
    [
      { Lifecycle: { Name: 'glacier', rules: [] } },
      '/Lifecycle has an unknown member "rules"; known: Name, Rules; did you mean "Rules"?',
    ],
    [
      { CORS: {} },
      '/CORS lacks "CORSRules"; leave CORS out to keep what there is; an update removes it by "Remove": ["CORS"]',
    ],
    [{ Remove: ['Tags'] }, '/Remove/0 must be one of CORS, Lifecycle, BucketPolicy'],
    [{ Remove: 'CORS' }, '/Remove must be an array'],
    [{ Tags: null, CORS: null }, 'the body must have at least one of Tags, CORS'],
    [
      { CORS: { CORSRules: [{}] } },
      '/CORS/CORSRules/0 lacks "AllowedOrigins"; /CORS/CORSRules/0 lacks "AllowedMethods"',
    ],
    [
      { CORS: { CORSRules: [{ ...rule, AllowedOrigins: ['a b'] }] } },
      '/CORS/CORSRules/0/AllowedOrigins/0 must be 1 to 1,024 printable ASCII characters without spaces',
    ],
    [{ CORS: { CORSRules: [{ ...rule, MaxAgeSeconds: -1 }] } }, '/CORS/CORSRules/0/MaxAgeSeconds must be >= 0'],
    [
      { Versioning: { Status: 'enabled' } },
      '/Versioning/Status must be one of Enabled, Suspended; did you mean "Enabled"?',
    ],
    [
      { Versioning: { Status: 'Enabled', MFADelete: 'Enabled' } },
      '/Versioning has an unknown member "MFADelete"; known: Status',
    ],
    [{ PublicAccessBlock: { BlockPublicAcls: 'true' } }, '/PublicAccessBlock/BlockPublicAcls must be a boolean'],
    [{ BucketPolicy: [] }, '/BucketPolicy must be an object or a string'],
    [
      { Encryption: null },
      'the body has an unknown member "Encryption"; known: Tags, CORS, Versioning, Lifecycle, ObjectLock, PublicAccessBlock, BucketPolicy, Remove',
    ],
  ])('%j is 400, saying what is allowed', async (body, detail) => {
    expect((await put(BUCKET, body)).body).toMatchObject({ status: 400, detail: expect.stringContaining(detail) });
  });

  test('a new bucket has nothing that could be removed: null is not meant, and Remove is unknown', async () => {
    for (const member of ['CORS', 'Lifecycle', 'BucketPolicy', 'Versioning', 'PublicAccessBlock', 'Tags']) {
      const body = { BucketInput: { Bucket: `another-${member.toLowerCase()}` }, [member]: null };
      expect((await ask('createBucket', BUCKETS, { method: 'POST', body })).status).toBe(202);
    }
    const refused = await ask('createBucket', BUCKETS, {
      method: 'POST',
      body: { BucketInput: { Bucket: 'another' }, Remove: ['CORS'] },
    });
    expect(refused.body).toMatchObject({ status: 400, detail: expect.stringContaining('unknown member "Remove"') });
  });
});
