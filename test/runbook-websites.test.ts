import { CreateGroupCommand, CreatePolicyCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { PERMISSIONS, type RunbookWorld, startRunbookWorld, WEBSITE_PERMISSIONS } from './support/runbook-world';
import { ACCOUNT } from './support/sandbox/start';

/** As runbook.test.ts, with what docs/permissions.md asks for in addition for websites, object URLs and the cleaner. */

const CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT.id}:certificate/11111111-2222-3333-4444-555555555555`;
const PRIVATE_CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT.id}:certificate/22222222-2222-3333-4444-555555555555`;
/** One site on each kind of origin. */
const SITES = ['docs.example.org', 'docs.example.net'] as const;

let world: RunbookWorld;
beforeAll(async () => {
  world = await startRunbookWorld(
    [PERMISSIONS, WEBSITE_PERMISSIONS],
    {
      domains: {
        'example.org': { hostedZoneID: 'Z0RUNBOOKPUBLIC' },
        'example.net': { hostedZoneID: 'Z0RUNBOOKPRIVATE', origin: 'private', certArn: PRIVATE_CERTIFICATE },
      },
    },
    {
      cloudfront: { deploySeconds: 0 },
      certificates: [
        { accountId: ACCOUNT.id, arn: CERTIFICATE, domainName: '*.example.org' },
        { accountId: ACCOUNT.id, arn: PRIVATE_CERTIFICATE, domainName: '*.example.net' },
      ],
      hostedZones: [
        { accountId: ACCOUNT.id, id: 'Z0RUNBOOKPUBLIC', name: 'example.org' },
        { accountId: ACCOUNT.id, id: 'Z0RUNBOOKPRIVATE', name: 'example.net' },
      ],
    },
  );
});
afterAll(() => world.stop());

type Call = readonly [method: string, path: string, body?: unknown];

/** Sends them in turn; every one must be answered with `status`. */
async function all(status: number, calls: readonly Call[]): Promise<void> {
  for (const [method, path, body] of calls) {
    const answer = await world.api(method, path, body);
    expect({ method, path, ...answer }).toMatchObject({ method, path, status });
  }
}

describe.each(SITES)('%s, with the permissions of docs/permissions.md and no others,', (site) => {
  const on = `/websites/${site}`;

  test('is created and shown', async () => {
    await all(202, [
      [
        'POST',
        '/websites',
        {
          BucketInput: { Bucket: site },
          Tags: [
            { Key: 'a', Value: 'b' },
            { Key: 'c', Value: 'd' },
          ],
        },
      ],
    ]);
    await all(200, [
      ['GET', '/websites'],
      ['HEAD', on],
      ['GET', on],
      ['GET', `${on}/duck`],
    ]);
  });

  test('is changed, and its cache emptied', async () => {
    await all(200, [
      ['PUT', on, { Tags: [{ Key: 'e', Value: 'f' }], Versioning: { Status: 'Enabled' } }],
      ['PATCH', on, { CacheInvalidation: ['/*'] }],
    ]);
  });

  test('gets users, also of a folder, and they are shown, changed and deleted', async () => {
    await all(200, [
      ['POST', `${on}/users`, { User: { UserName: `${site}-whole` } }],
      ['POST', `${on}/users`, { User: { UserName: `${site}-folder`, Path: '/guides/' } }],
      ['POST', `${on}/users`, { User: { UserName: `${site}-gone`, Path: '/news/' } }],
      ['GET', `${on}/users`],
      ['GET', `${on}/users/${site}-folder`],
      ['PUT', `${on}/users/${site}-folder`],
      ['PATCH', `${on}/users/${site}-folder`, { Groups: ['BktROGrp'] }],
      ['DELETE', `${on}/users/${site}-gone`],
      ['GET', '/keys'],
    ]);
  });

  test('gives URLs of objects that upload, download and delete', async () => {
    const signed = async (...[method, path, body]: Call): Promise<string> => {
      const { text } = await world.api(method, `${on}/objects${path}`, body);
      return (JSON.parse(text) as { readonly url: string }).url;
    };
    const sent = [
      await fetch(await signed('POST', '', { filename: 'a.txt' }), { method: 'PUT', body: 'a' }),
      await fetch(await signed('GET', '/a.txt')),
      await fetch(await signed('DELETE', '/a.txt'), { method: 'DELETE' }),
    ];
    expect(sent.map(({ status }) => status)).toEqual([200, 200, 204]);
  });

  test('stays while it holds something, and is deleted when it is empty, with all versions of its greeting pages', async () => {
    await all(409, [['DELETE', on]]);
    const s3 = world.aws.s3();
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: site, Prefix: 'a.txt' }),
    );
    for (const { Key, VersionId } of [...Versions, ...DeleteMarkers])
      await s3.send(new DeleteObjectCommand({ Bucket: site, Key, VersionId }));
    await all(200, [['DELETE', on]]);
    await all(404, [['HEAD', on]]);
  });

  test('is rolled back when its DNS records fail', async () => {
    const rule = world.aws.sandbox.faults.add({ kind: 'refuse', operation: 'ChangeResourceRecordSets' });
    const { status, text } = await world.api('POST', '/websites', { BucketInput: { Bucket: `failing-${site}` } });
    rule.remove();
    expect({ status, ...(JSON.parse(text) as object) }).toMatchObject({
      status: 403,
      state: 'rolled-back',
      failedStep: expect.stringContaining('Point'),
    });
  });
});

test('the cleaner, with the same permissions, lists and deletes named orphans', async () => {
  const iam = world.aws.iam();
  await iam.send(new CreateGroupCommand({ GroupName: 'departed-WebAdmGrp' }));
  const ours = [
    { Key: 'spinup:org', Value: 'acme' },
    { Key: 'mallard:operation', Value: 'op' },
  ];
  await iam.send(
    new CreatePolicyCommand({ PolicyName: 'departed-WebAdmPlc', PolicyDocument: PERMISSIONS, Tags: ours }),
  );
  await iam.send(
    new CreateUserCommand({
      UserName: 'departed-user',
      Tags: [
        { Key: 'spinup:org', Value: 'acme' },
        { Key: 'mallard:bucket', Value: 'departed' },
      ],
    }),
  );
  await all(200, [
    ['GET', '/cleaner'],
    [
      'POST',
      '/cleaner/run',
      { orphans: ['group/departed-WebAdmGrp', 'policy/departed-WebAdmPlc', 'user/departed-user'] },
    ],
  ]);
  const { text } = await world.api('GET', '/cleaner');
  expect(JSON.parse(text)).toMatchObject({ distributions: [], orphans: [] });
});
