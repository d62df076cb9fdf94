import { CANARY } from '../support/mocks/fake-provisioning';
import { startHttp, type HttpHarness } from '../support/http';

/** The same for the users of a bucket and of a website: the words in the operationIds differ. */
const FAMILIES = [
  { prefix: '', collection: '/v1/s3/demo/buckets', name: 'foobarbucketname' },
  { prefix: 'Website', collection: '/v1/s3/demo/websites', name: 'foobar.bulldogs.cloud' },
] as const;

let http: HttpHarness;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.close());

const ask: HttpHarness['ask'] = (...asked) => http.ask(...asked);

describe.each(FAMILIES)('below $collection', ({ prefix, collection, name }) => {
  const users = `${collection}/${name}/users`;
  const user = `${users}/somebucketuser`;
  const [first, second] = ['AKIA0000000000000001', 'AKIA0000000000000002'];

  beforeEach(async () => {
    expect((await http.send(collection, { method: 'POST', body: { BucketInput: { Bucket: name } } })).status).toBe(202);
    expect((await http.send(users, { method: 'POST', body: { User: { UserName: 'somebucketuser' } } })).status).toBe(
      200,
    );
  });

  test('a second key beside the first, its secret shown once', async () => {
    const added = await ask(`add${prefix}Key`, `${user}/keys`, { method: 'POST' });
    expect(added.status).toBe(200);
    expect(added.body).toEqual({
      AccessKey: {
        AccessKeyId: second,
        CreateDate: '2019-03-01T15:33:52Z',
        SecretAccessKey: CANARY,
        Status: 'Active',
        UserName: 'somebucketuser',
      },
    });
    expect(added.header('cache-control')).toBe('no-store');
    const listed = await ask(`list${prefix}Keys`, `${user}/keys`);
    const key = { CreateDate: '2019-03-01T15:33:52Z', Status: 'Active', UserName: 'somebucketuser' };
    expect(listed.body).toEqual([
      {
        AccessKeyId: first,
        ...key,
        LastUsed: { LastUsedDate: '2019-06-01T08:00:00Z', ServiceName: 's3', Region: null },
      },
      { AccessKeyId: second, ...key, LastUsed: null },
    ]);
    const third = await ask(`add${prefix}Key`, `${user}/keys`, { method: 'POST' });
    expect([third.status, third.header('retry-after')]).toEqual([409, undefined]);
    for (const seen of [listed, third]) expect(seen.text).not.toContain(CANARY);
    expect(JSON.stringify(http.lines)).not.toContain(CANARY);
    expect(http.provisioning.withdrawn).toEqual([]);
  });

  test('POST takes a body that is not needed and does not look at it', async () => {
    expect((await ask(`add${prefix}Key`, `${user}/keys`, { method: 'POST', body: 'not even JSON' })).status).toBe(200);
  });

  test('one key: off, on, deleted; keys of nobody are 404', async () => {
    const at = `${user}/keys/${first}`;
    const off = await ask(`set${prefix}KeyStatus`, at, { method: 'PATCH', body: { Status: 'Inactive' } });
    expect(off.body).toEqual({
      AccessKeyId: first,
      CreateDate: '2019-03-01T15:33:52Z',
      Status: 'Inactive',
      UserName: 'somebucketuser',
    });
    expect(off.header('x-operation-id')).toMatch(/^op-/);
    expect(
      (await ask(`set${prefix}KeyStatus`, at, { method: 'PATCH', body: { Status: 'Active' } })).body,
    ).toMatchObject({ Status: 'Active' });
    expect((await ask(`delete${prefix}Key`, at, { method: 'DELETE' })).body).toEqual({});
    expect((await ask(`delete${prefix}Key`, at, { method: 'DELETE' })).status).toBe(404);
    expect((await ask(`set${prefix}KeyStatus`, at, { method: 'PATCH', body: { Status: 'Active' } })).status).toBe(404);
  });

  test('all keys are revoked', async () => {
    await ask(`add${prefix}Key`, `${user}/keys`, { method: 'POST' });
    expect((await ask(`revoke${prefix}Keys`, `${user}/keys`, { method: 'DELETE' })).body).toEqual({
      DeletedKeyIds: [first, second],
    });
    expect((await ask(`list${prefix}Keys`, `${user}/keys`)).body).toEqual([]);
  });

  test('a user is turned off and moved, and answered as it is shown', async () => {
    const changed = await ask(`change${prefix}User`, user, {
      method: 'PATCH',
      body: { Status: 'Inactive', Groups: ['BktROGrp'] },
    });
    expect(changed.body).toMatchObject({
      AccessKeys: [{ Status: 'Inactive' }],
      Groups: [{ GroupName: `${name}-BktROGrp` }],
    });
    expect((await ask(`add${prefix}Key`, `${user}/keys`, { method: 'POST' })).status).toBe(409);
  });
});

test('WebAdmGrp is for websites alone', async () => {
  const change = (path: string) => http.send(path, { method: 'PATCH', body: { Groups: ['WebAdmGrp'] } });
  expect((await change('/v1/s3/demo/buckets/foobarbucketname/users/u')).status).toBe(400);
  expect((await change('/v1/s3/demo/websites/foobar.bulldogs.cloud/users/u')).status).toBe(404);
});

describe('the report', () => {
  const PATH = '/v1/s3/demo/keys';

  test('is asked for with a limit of 100, and shows nulls where AWS has no value', async () => {
    expect((await ask('reportKeys', PATH)).body).toEqual({
      Keys: [
        {
          AccessKeyId: 'AKIAJTGA5ITTTJ7WOR7A',
          CreateDate: '2019-03-19T18:31:14Z',
          Status: 'Active',
          UserName: 'all-100',
          LastUsed: null,
          ageDays: null,
          Bucket: 'foobarbucketname',
        },
      ],
      Marker: null,
    });
  });

  test('hands its query on', async () => {
    const { body } = await ask('reportKeys', `${PATH}?olderThan=36h&limit=7&marker=YQ`);
    expect(body).toMatchObject({ Keys: [{ UserName: '36h-7' }], Marker: 'YQ' });
  });

  test.each([
    'olderThan=90',
    'olderThan=',
    'limit=0',
    'limit=1001',
    'limit=a',
    'marker=%20',
    'older=1d',
    'limit=1&limit=1',
  ])('?%s is 400', async (query) => {
    expect((await ask('reportKeys', `${PATH}?${query}`)).status).toBe(400);
  });
});
