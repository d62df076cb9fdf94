import { PutBucketTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Operation, operations } from '../../src/http/contract/document';
import { operationTable } from '../../src/operations/table';
import { type IssuedKey, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { isRead } from '../support/e2e/sweep-kinds';
import { readFlowchart } from '../support/mermaid';
import { ORG, type Reply, startWorld } from '../support/e2e/world';

/** Every write of the table is asked what it would do, and then does it. */

const DEPLOY_SECONDS = 300;

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld({
    logLevel: 'debug',
    sandbox: { recordedCalls: 5_000, cloudfront: { deploySeconds: DEPLOY_SECONDS, distributionsPerAccount: 10_000 } },
  });
});
afterAll(() => world.stop());

interface Step {
  readonly title: string;
  readonly dependsOn: readonly number[];
}
interface PlannedStep extends Step {
  readonly touches: readonly { readonly action: string; readonly resource: string; readonly document?: unknown }[];
}
interface Plan {
  readonly kind: string;
  readonly steps: readonly PlannedStep[];
  readonly whenDelivered: readonly PlannedStep[];
  readonly mayGrow: boolean;
  readonly planDigest: string;
}
interface Refusal {
  readonly type: string;
  readonly detail: string;
  readonly planDigest?: string;
}

/** A request for a write. */
interface Sent {
  readonly method: string;
  /** Below `/v1/s3`. */
  readonly path: string;
  readonly body?: unknown;
}

const run = <B = Readonly<Record<string, unknown>>>({ method, path, body }: Sent, digest?: string) =>
  world.api<B>(method, path, body, digest === undefined ? {} : { 'If-Plan-Match': digest });
const dryRun = <B = Plan>({ method, path, body }: Sent, digest?: string): Promise<Reply<B>> =>
  run<B>({ method, path: `${path}?dryRun=true`, body }, digest);

const operationCalled = (id: string): Operation =>
  operations.find(({ operationId }) => operationId === id) as Operation;

const WRITES = operationTable.ids().filter((id) => operationTable.isWrite(id) && id !== 'runCleaner');

const bodyOf = (id: string, name: string): unknown => {
  switch (id.replace('Website', '')) {
    case 'create':
    case 'createBucket':
      return { BucketInput: { Bucket: name }, Tags: [{ Key: 'Application', Value: 'HowToGet' }] };
    case 'update':
    case 'updateBucket':
      return { Tags: [{ Key: 'Owner', Value: 'ada' }], Versioning: { Status: 'Enabled' } };
    case 'invalidateCache':
      return { CacheInvalidation: ['/*'] };
    case 'createUser':
      return { User: { UserName: `new-${name}` } };
    case 'changeUser':
      return { Status: 'Inactive', Groups: ['BktROGrp'] };
    case 'setKeyStatus':
      return { Status: 'Inactive' };
    default:
      return undefined;
  }
};

async function furnished(family: 'bucket' | 'website'): Promise<Readonly<Record<string, string>>> {
  const name = family === 'website' ? await world.newSite('dry') : world.name('dry');
  if (family === 'bucket')
    expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: name } })).status).toBe(202);
  const user = `user-${name}`;
  const made = await world.api<{ readonly AccessKey: IssuedKey }>('POST', `/demo/${family}s/${name}/users`, {
    User: { UserName: user },
  });
  expect(made.status).toBe(200);
  return { account: 'demo', [family]: name, user, key: made.body.AccessKey.AccessKeyId };
}

/** A request for that write that will be met, and the name of what it is about. */
async function prepared(id: string): Promise<{ readonly sent: Sent; readonly name: string }> {
  const { method, path } = operationCalled(id);
  if (id === 'createBucket' || id === 'createWebsite') {
    const name = id === 'createBucket' ? world.name('dry') : world.site('dry');
    const family = id === 'createBucket' ? 'buckets' : 'websites';
    return { name, sent: { method, path: `/demo/${family}`, body: bodyOf(id, name) } };
  }
  const family = path.includes('{website}') ? 'website' : 'bucket';
  const given = await furnished(family);
  const name = given[family] ?? '';
  const filled = path.replace(/\{(\w+)\}/g, (_, placeholder: string) => given[placeholder] ?? '');
  return { name, sent: { method, path: filled.replace(/^\/v1\/s3/, ''), body: bodyOf(id, name) } };
}

/** The same plan as a flowchart: each sentence, each arrow, and nothing else. */
async function expectDrawn({ method, path, body }: Sent, { steps, whenDelivered, planDigest }: Plan): Promise<void> {
  const drawn = await world.api<string>(method, `${path}?dryRun=true&format=mermaid`, body);
  expect([drawn.status, drawn.headers.get('content-type')]).toEqual([200, 'application/vnd.mermaid']);
  expect(drawn.headers.get('plan-digest')).toBe(planDigest);
  const { comments, nodes, arrows } = readFlowchart(drawn.text);
  expect(comments).toContain(`planDigest: ${planDigest}`);
  const all = [...steps, ...whenDelivered];
  expect([...nodes.values()].map((label) => label.replace(/ \(point of no return\)$/, ''))).toEqual(
    all.map(({ title }) => title),
  );
  expect(arrows).toHaveLength(all.reduce((sum, { dependsOn }) => sum + dependsOn.length, 0));
}

const changes = () => (world.target.sandbox?.calls.all() ?? []).filter((call) => !isRead(call));
const forget = () => world.target.sandbox?.calls.clear();

function plannedBy({ headers }: Reply): readonly Step[] {
  const id = headers.get('x-operation-id') ?? '';
  const line = world.lines.find((one) => one.includes(id) && one.includes('"planned"')) ?? '{}';
  return (JSON.parse(line) as { readonly steps: readonly Step[] }).steps;
}

/** Steps that look, or stand for what they will add. */
const LOOKS = /^(?:See |Confirm |Read |Remove users? |Remove the users |.* has no DNS records)/;
const saysNothing = ({ title, touches }: PlannedStep) => touches.length === 0 && !LOOKS.test(title);

const edgesOf = (steps: readonly Step[]) => steps.map(({ title, dependsOn }) => ({ title, dependsOn }));

describe('a dry run of', () => {
  for (const id of WRITES) {
    skippable(
      `${id} changes nothing, and says what is done when it is asked for with the plan’s digest`,
      async () => {
        const { sent, name } = await prepared(id);
        forget();
        const told = await dryRun(sent);
        expect({ status: told.status, text: told.status === 200 ? '' : told.text }).toEqual({ status: 200, text: '' });
        expect(told.headers.get('content-type')).toBe('application/vnd.mallard.plan+json; charset=utf-8');
        expect(told.headers.get('x-operation-id')).toBeNull();
        expect(told.body.steps.length).toBeGreaterThan(0);
        expect(told.body.steps.filter(saysNothing).map(({ title }) => title)).toEqual([]);
        expect((await dryRun(sent)).body).toEqual(told.body);
        await expectDrawn(sent, told.body);
        expect((await dryRun(sent, told.body.planDigest)).status).toBe(200);
        expect((await dryRun<Refusal>(sent, 'another')).status).toBe(412);

        const refused = await run<Refusal>(sent, `${'A'.repeat(43)}.`);
        expect([refused.status, refused.body.type]).toEqual([412, 'urn:mallard:problem:precondition-failed']);
        expect(refused.body.planDigest).toBe(told.body.planDigest);
        expect(refused.body.detail).toContain(`step 1 "${told.body.steps[0]?.title ?? ''}" was added`);
        expect(changes()).toEqual([]);

        const done = await run(sent, told.body.planDigest);
        expect({ status: done.status < 300, text: done.status < 300 ? '' : done.text }).toEqual({
          status: true,
          text: '',
        });
        expect(edgesOf(told.body.steps)).toEqual(edgesOf(plannedBy(done)));
        expect(told.text).toContain(name);
      },
      { more: SANDBOX_ONLY.calls },
    );
  }
});

const refusalOf = ({ status, body }: Reply<Refusal>) => ({ status, type: body.type, detail: body.detail });

/** The dry run is refused as the write is, and neither changes anything. */
async function expectRefused(sent: Sent, status: number): Promise<void> {
  forget();
  const told = refusalOf(await dryRun<Refusal>(sent));
  expect([sent, told.status, told.detail]).toEqual([sent, status, expect.any(String)]);
  expect(refusalOf(await run<Refusal>(sent))).toEqual(told);
  expect(changes()).toEqual([]);
}

describe('a dry run is refused like the write itself', () => {
  skippable(
    'where the request is wrong, or what is there forbids it',
    async () => {
      const { bucket: name = '', user = '' } = await furnished('bucket');
      const other = world.name('other');
      const path = `/demo/buckets/${name}`;
      await expectRefused({ method: 'POST', path: '/demo/buckets', body: { BucketInput: { Bucket: name } } }, 409);
      await expectRefused({ method: 'POST', path: '/demo/buckets', body: { BucketInput: { Bucket: 'A_B' } } }, 400);
      await expectRefused({ method: 'POST', path: '/demo/buckets', body: { Bucket: name } }, 400);
      await expectRefused({ method: 'PUT', path, body: { Tags: [{ Key: 'aws:x', Value: '1' }] } }, 400);
      await expectRefused({ method: 'DELETE', path: `/demo/buckets/${other}` }, 404);
      await expectRefused({ method: 'POST', path: `${path}/users`, body: { User: { UserName: user } } }, 409);
      await expectRefused({ method: 'DELETE', path: `${path}/users/nobody-${name}` }, 404);
      await expectRefused({ method: 'DELETE', path: `${path}/users/${user}/keys/AKIAAAAAAAAAAAAAAAAA` }, 404);
      await expectRefused({ method: 'DELETE', path: `/demo/websites/${world.site('none')}` }, 404);
      await world.auditor.s3.send(new PutObjectCommand({ Bucket: name, Key: 'a.txt', Body: 'a' }));
      await expectRefused({ method: 'DELETE', path }, 409);
    },
    { more: SANDBOX_ONLY.calls },
  );

  skippable(
    'where the bucket or website belongs to another org',
    async () => {
      for (const id of WRITES.filter((one) => one !== 'createBucket' && one !== 'createWebsite')) {
        const { sent, name: Bucket } = await prepared(id);
        const TagSet = [{ Key: 'spinup:org', Value: 'other' }];
        await world.auditor.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
        await expectRefused(sent, 409);
      }
    },
    { more: SANDBOX_ONLY.calls },
  );

  skippable('where dryRun is neither true nor false; false is as if it were not there', async () => {
    const name = world.name('dry');
    const body = { BucketInput: { Bucket: name } };
    expect((await world.api('POST', '/demo/buckets?dryRun=yes', body)).status).toBe(400);
    expect((await world.api('POST', '/demo/buckets?dryRun=false', body)).status).toBe(202);
  });
});

describe('If-Plan-Match', () => {
  const users = (name: string, UserName: string): Promise<Reply> =>
    world.api('POST', `/demo/buckets/${name}/users`, { User: { UserName } });

  skippable('refuses a plan that has changed since, says what differs first, and gives the new digest', async () => {
    const { bucket: name = '' } = await furnished('bucket');
    const sent = { method: 'DELETE', path: `/demo/buckets/${name}` };
    const { planDigest } = (await dryRun(sent)).body;
    const late = `late-${name}`;
    expect((await users(name, late)).status).toBe(200);
    const before = await world.snapshot(name);
    const grown = await run<Refusal>(sent, planDigest);
    expect([grown.status, grown.body.type]).toEqual([412, 'urn:mallard:problem:precondition-failed']);
    expect(grown.body.detail).toMatch(new RegExp(`step \\d+ ".*${late}.*" was added`));
    expect(await world.snapshot(name)).toEqual(before);
    expect(grown.body.planDigest).toBe((await dryRun(sent)).body.planDigest);

    expect((await world.api('DELETE', `/demo/buckets/${name}/users/${late}`)).status).toBe(200);
    const shrunk = await run<Refusal>(sent, grown.body.planDigest);
    expect([shrunk.status, shrunk.body.planDigest]).toEqual([412, planDigest]);
    expect(shrunk.body.detail).toMatch(/step \d+ of the dry run was removed/);
    expect((await run(sent, planDigest)).status).toBe(200);
  });

  skippable('holds for what was asked as well, whatever the order of its members', async () => {
    const { bucket: name = '' } = await furnished('bucket');
    const asking = (Value: string, swapped = false): Sent => ({
      method: 'PUT',
      path: `/demo/buckets/${name}`,
      body: { Tags: [swapped ? { Value, Key: 'Owner' } : { Key: 'Owner', Value }] },
    });
    const { planDigest } = (await dryRun(asking('ada'))).body;
    const refused = await run<Refusal>(asking('bob'), planDigest);
    expect([refused.status, refused.body.detail]).toEqual([
      412,
      expect.stringContaining(`step 1 was changed to "Replace the tags of bucket ${name}"`),
    ]);
    expect((await run(asking('ada', true), planDigest)).status).toBe(200);
  });
});

skippable('a dry run is no operation: it claims nothing and the log has none', async () => {
  const { bucket: name = '' } = await furnished('bucket');
  const isAnOperation = (line: string) => line.includes('"operation started"');
  const before = world.lines.filter(isAnOperation).length;
  expect(before).toBeGreaterThan(0);
  expect((await dryRun({ method: 'DELETE', path: `/demo/buckets/${name}` })).body.mayGrow).toBe(true);
  expect(world.lines.filter(isAnOperation)).toHaveLength(before);
});

describe('what a plan says of its steps', () => {
  const touched = ({ steps }: Plan) => steps.flatMap(({ touches }) => touches);

  skippable('names what is made, with its document, and no operation', async () => {
    const Bucket = world.name('dry');
    const body = { BucketInput: { Bucket }, Tags: [{ Key: 'Owner', Value: 'ada' }], Lifecycle: 'expire-30' };
    const told = await dryRun({ method: 'POST', path: '/demo/buckets', body });
    expect(touched(told.body)).toEqual(
      expect.arrayContaining([
        {
          action: 'create',
          resource: `bucket ${Bucket}`,
          document: {
            Tags: expect.arrayContaining([
              { Key: 'Owner', Value: 'ada' },
              { Key: 'spinup:org', Value: ORG },
            ]),
            ObjectLockEnabledForBucket: false,
          },
        },
        expect.objectContaining({
          resource: `policy ${Bucket}-BktAdmPlc`,
          document: expect.objectContaining({ Statement: expect.anything() }),
        }),
        { action: 'create', resource: `group ${Bucket}-BktAdmGrp` },
        expect.objectContaining({ resource: `lifecycle of bucket ${Bucket}`, document: expect.anything() }),
      ]),
    );
    expect(told.text).not.toContain('mallard:operation');
  });

  skippable('tells what a reset of keys deletes when its answer has arrived', async () => {
    const { bucket: name = '', user = '', key = '' } = await furnished('bucket');
    const { body } = await dryRun({ method: 'PUT', path: `/demo/buckets/${name}/users/${user}` });
    expect(touched(body)).toEqual([{ action: 'create', resource: `access key of user ${user}` }]);
    expect(body.whenDelivered.flatMap(({ touches }) => touches)).toEqual([
      { action: 'delete', resource: `access key ${key} of user ${user}` },
    ]);
  });
});

skippable(
  'a store without IAM is only read by the dry runs of its buckets, too',
  async () => {
    const plain = await startWorld({ sandbox: { plain: {}, recordedCalls: 1_000 } });
    try {
      const name = plain.name('dry');
      const path = `/demo/buckets/${name}`;
      const made = { BucketInput: { Bucket: name }, Lifecycle: 'expire-30' };
      const update = { Tags: [{ Key: 'Owner', Value: 'ada' }], Versioning: { Status: 'Enabled' } };
      for (const [method, at, body] of [
        ['POST', '/demo/buckets', made],
        ['PUT', path, update],
        ['DELETE', path, undefined],
      ] as const) {
        plain.target.sandbox?.calls.clear();
        const told = await plain.api<Plan>(method, `${at}?dryRun=true`, body);
        expect([method, told.status]).toEqual([method, 200]);
        expect(plain.target.sandbox?.calls.all().filter((call) => !isRead(call))).toEqual([]);
        const done = await plain.api(method, at, body, { 'If-Plan-Match': told.body.planDigest });
        expect([method, done.status < 300]).toEqual([method, true]);
      }
    } finally {
      await plain.stop();
    }
  },
  { more: SANDBOX_ONLY.stores },
);
