import { TagResourceCommand } from '@aws-sdk/client-cloudfront';
import { TagPolicyCommand, TagUserCommand } from '@aws-sdk/client-iam';
import { GetBucketTaggingCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { type Operation, operations } from '../../src/http/contract/document';
import { type IssuedKey, onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { isAuditor } from '../support/e2e/target';
import { ORG, type Reply } from '../support/e2e/world';

/** What carries another org's tag can be looked at, and nothing in it is changed: asked of every route of the contract. */

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());
afterEach(() => world.target.sandbox?.faults.clear());

/** A bucket or a website with a user and its key. */
interface Subject {
  readonly family: 'bucket' | 'website';
  readonly name: string;
  /** Below `/v1/s3`. */
  readonly path: string;
  readonly user: string;
  readonly key: string;
}

const FAMILIES = ['bucket', 'website'] as const;

async function furnished(family: Subject['family']): Promise<Subject> {
  const name = family === 'website' ? await world.newSite('theirs') : world.name('theirs');
  const path = `/demo/${family}s/${name}`;
  if (family === 'bucket')
    expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: name } })).status).toBe(202);
  const user = `user-${name}`;
  const made = await world.api<{ readonly AccessKey: IssuedKey }>('POST', `${path}/users`, {
    User: { UserName: user },
  });
  expect(made.status).toBe(200);
  return { family, name, path, user, key: made.body.AccessKey.AccessKeyId };
}

async function retag(Bucket: string, org: string | undefined): Promise<void> {
  const { s3 } = world.auditor;
  const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
  const others = TagSet.filter(({ Key }) => Key !== 'spinup:org');
  await s3.send(
    new PutBucketTaggingCommand({
      Bucket,
      Tagging: { TagSet: [...others, ...(org === undefined ? [] : [{ Key: 'spinup:org', Value: org }])] },
    }),
  );
}

/** What an operation is sent that would be taken of a bucket or website of ours. */
const bodiesOf = ({ name }: Subject): Readonly<Record<string, unknown>> => ({
  createBucket: { BucketInput: { Bucket: name } },
  createWebsite: { BucketInput: { Bucket: name } },
  updateBucket: { Tags: [] },
  updateWebsite: { Tags: [] },
  invalidateCache: { CacheInvalidation: ['/*'] },
  createUser: { User: { UserName: `new-${name}` } },
  createWebsiteUser: { User: { UserName: `new-${name}`, Path: '/docs/' } },
  changeUser: { Status: 'Inactive' },
  changeWebsiteUser: { Groups: ['BktRWGrp'] },
  setKeyStatus: { Status: 'Inactive' },
  setWebsiteKeyStatus: { Status: 'Inactive' },
  signUpload: { filename: 'a.txt' },
  signWebsiteUpload: { filename: 'a.txt' },
  signStorageUpload: { filename: 'a.txt' },
});

const isRead = ({ method }: Operation): boolean => method === 'GET' || method === 'HEAD';
const placeholdersOf = ({ path }: Operation): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** Operations on one bucket or website, its creation included: a route that is new to the contract is among them. */
const ofSubject = (family: Subject['family'], wanted: (operation: Operation) => boolean): readonly Operation[] =>
  operations.filter(
    (operation) =>
      wanted(operation) &&
      (placeholdersOf(operation).includes(family) ||
        operation.operationId === (family === 'bucket' ? 'createBucket' : 'createWebsite')),
  );

function ask(subject: Subject, operation: Operation): Promise<Reply> {
  const { family, name, user, key } = subject;
  const given: Readonly<Record<string, string>> = {
    account: 'demo',
    [family]: name,
    user,
    key,
    tool: 'env',
    path: 'a.txt',
  };
  const path = operation.path
    .replace(/\{(\w+)\}/g, (_, placeholder: string) => given[placeholder] ?? `unknown-${placeholder}`)
    .replace(/^\/v1\/s3/, '');
  const body = bodiesOf(subject)[operation.operationId];
  if (operation.body !== undefined && body === undefined) throw new Error(`say what ${operation.operationId} is sent`);
  return world.api(operation.method, path, body);
}

const stateOf = ({ family, name }: Subject) => (family === 'website' ? world.siteSnapshot(name) : world.snapshot(name));

describe.each(FAMILIES)('a %s of another org', (family) => {
  skippable(
    `refuses every write on a ${family} of another org with 409 saying whose it is, and changes nothing`,
    async () => {
      const subject = await furnished(family);
      await retag(subject.name, 'other');
      const before = await stateOf(subject);
      for (const operation of ofSubject(family, (one) => !isRead(one))) {
        const { status, body } = await ask(subject, operation);
        expect([operation.operationId, status, body['type']]).toEqual([
          operation.operationId,
          409,
          'urn:mallard:problem:conflict',
        ]);
        expect(body['detail']).toContain('belongs to the org "other"');
      }
      expect(await stateOf(subject)).toEqual(before);
    },
    { timeoutMs: 60_000 },
  );

  skippable(`answers every read of a ${family} of another org, and shows the tag`, async () => {
    const subject = await furnished(family);
    await retag(subject.name, 'other');
    for (const operation of ofSubject(family, isRead))
      expect([operation.operationId, (await ask(subject, operation)).status]).toEqual([operation.operationId, 200]);
    expect((await world.api('GET', subject.path)).body['Tags']).toContainEqual({ Key: 'spinup:org', Value: 'other' });
  });

  skippable(
    `takes every write on a ${family} without the tag, as the predecessor left it`,
    async () => {
      for (const operation of ofSubject(family, (one) => !isRead(one) && !one.operationId.startsWith('create'))) {
        const subject = await furnished(family);
        await retag(subject.name, undefined);
        const { status, text } = await ask(subject, operation);
        expect([operation.operationId, status < 300 ? '' : text]).toEqual([operation.operationId, '']);
      }
    },
    { timeoutMs: 60_000 },
  );

  skippable(
    `refuses every write on a ${family} whose tags may not be read with 403 saying so, and changes nothing`,
    async () => {
      const subject = await furnished(family);
      const before = await stateOf(subject);
      for (const operation of ofSubject(family, (one) => !isRead(one) && !one.operationId.startsWith('create'))) {
        world.faults.add({
          kind: 'refuse',
          operation: 'GetBucketTagging',
          matching: ({ request }) => !isAuditor(request.headers['user-agent']),
        });
        const { status, body } = await ask(subject, operation);
        world.faults.clear();
        expect([operation.operationId, status, body['code']]).toEqual([operation.operationId, 403, 'AccessDenied']);
      }
      expect(await stateOf(subject)).toEqual(before);
      world.faults.add({
        kind: 'refuse',
        operation: 'GetBucketTagging',
        matching: ({ request }) => !isAuditor(request.headers['user-agent']),
      });
      const { body } = await world.api('DELETE', subject.path);
      expect(body['detail']).toContain('s3:GetBucketTagging');
    },
    { more: SANDBOX_ONLY.faults, timeoutMs: 60_000 },
  );
});

skippable(
  'a distribution of another org: its website is not updated, invalidated, deleted or given users, and is shown',
  async () => {
    const subject = await furnished('website');
    const { ARN } = await world.onlyDistribution(subject.name);
    await world.cloudfront.send(
      new TagResourceCommand({ Resource: ARN, Tags: { Items: [{ Key: 'spinup:org', Value: 'other' }] } }),
    );
    const before = await stateOf(subject);
    for (const [method, path, body] of [
      ['PUT', '', { Tags: [] }],
      ['PATCH', '', { CacheInvalidation: ['/*'] }],
      ['DELETE', '', undefined],
      ['POST', '/users', { User: { UserName: `new-${subject.name}` } }],
    ] as const) {
      const { status, body: answer } = await world.api(method, `${subject.path}${path}`, body);
      expect([method, status]).toEqual([method, 409]);
      expect(answer['detail']).toMatch(/^distribution [A-Z0-9]+ of website .* belongs to the org "other"/);
      expect([method, await stateOf(subject)]).toEqual([method, before]);
    }
    expect((await world.api('GET', onSite(subject.name))).status).toBe(200);
  },
);

skippable('a user of another org in a group of ours: neither keys nor groups nor status are changed', async () => {
  const subject = await furnished('bucket');
  await world.auditor.iam.send(
    new TagUserCommand({ UserName: subject.user, Tags: [{ Key: 'spinup:org', Value: 'other' }] }),
  );
  const before = await stateOf(subject);
  const ofUser = ofSubject(
    'bucket',
    (one) => !isRead(one) && one.path.includes('/users/{user}') && one.operationId !== 'deleteUser',
  );
  expect(ofUser.length).toBeGreaterThan(4);
  for (const operation of ofUser) {
    const { status, body } = await ask(subject, operation);
    expect([operation.operationId, status]).toEqual([operation.operationId, 409]);
    expect(body['detail']).toContain(`user ${subject.user} belongs to the org "other"`);
  }
  expect(await stateOf(subject)).toEqual(before);
  const shown = await world.api<{ readonly User: { readonly Tags: readonly unknown[] } }>(
    'GET',
    `${subject.path}/users/${subject.user}`,
  );
  expect(shown.body.User.Tags).toContainEqual({ Key: 'spinup:org', Value: 'other' });
});

skippable('a role’s policy of another org: nobody new is given its rights', async () => {
  const subject = await furnished('bucket');
  const PolicyArn = `arn:aws:iam::${world.accountId}:policy/${subject.name}-BktAdmPlc`;
  await world.auditor.iam.send(new TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'spinup:org', Value: 'other' }] }));
  const { status, body } = await world.api('POST', `${subject.path}/users`, {
    User: { UserName: `new-${subject.name}` },
  });
  expect({ status, detail: body['detail'] }).toEqual({
    status: 409,
    detail: expect.stringContaining(`policy ${subject.name}-BktAdmPlc belongs to the org "other"`),
  });
});

skippable('what GET shows of a bucket of ours may be PUT back', async () => {
  const { path } = await furnished('bucket');
  const { body } = await world.api('GET', path);
  expect(body['Tags']).toEqual([{ Key: 'spinup:org', Value: ORG }]);
  expect((await world.api('PUT', path, { Tags: body['Tags'] })).status).toBe(200);
});
