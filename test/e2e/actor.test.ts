import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { accounts } from '../support/e2e/target';

/** Whom a caller claims to ask for is written down as claimed, and goes nowhere else. */

const ACTOR = 'canary-of-the-actor';
const ROLE = 'actor-provisioner';

let world: SiteWorld;
/** Everything that was sent to AWS. */
const sent: string[] = [];
beforeAll(async () => {
  const { accessKeyId: akid, secretAccessKey: secret } = accounts.other;
  world = await startSiteWorld({ logLevel: 'trace', demo: { akid, secret, role: ROLE, sourceIdentity: true } });
  const { iam } = world.auditor;
  const Principal = { AWS: `arn:aws:iam::${accounts.other.id}:root` };
  const Action = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action }] };
  const all = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  await iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  await iam.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'all', PolicyDocument: JSON.stringify(all) }));
  const handle = Object.getOwnPropertyDescriptor(NodeHttpHandler.prototype, 'handle')
    ?.value as NodeHttpHandler['handle'];
  jest.spyOn(NodeHttpHandler.prototype, 'handle').mockImplementation(function (
    this: NodeHttpHandler,
    request,
    options,
  ) {
    const { method, hostname, path, query, headers } = request;
    const body: unknown = request.body;
    const text = body instanceof Uint8Array ? Buffer.from(body).toString('latin1') : body;
    sent.push(JSON.stringify({ method, hostname, path, query, headers, body: text }));
    return handle.call(this, request, options);
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await world.stop();
});

const claimed = async (method: string, path: string, body?: unknown): Promise<number> =>
  (await world.api(method, path, body, { 'X-Actor': ACTOR })).status;

/** A whole story of a bucket and a website, each write asked for on somebody's behalf. */
async function story(): Promise<void> {
  const bucket = world.name('claimed');
  const site = world.site('claimed');
  const onBucket = `/demo/buckets/${bucket}`;
  const onSite = `/demo/websites/${site}`;
  const [ann, ben] = [`${bucket}-ann`, `${bucket}-ben`];
  const statuses = [
    await claimed('POST', '/demo/buckets', { BucketInput: { Bucket: bucket }, Tags: [{ Key: 'a', Value: 'b' }] }),
    await claimed('POST', `${onBucket}/users`, { User: { UserName: ann } }),
    await claimed('POST', `${onBucket}/users/${ann}/keys`),
    await claimed('PUT', `${onBucket}/users/${ann}`),
    await claimed('PUT', onBucket, { Tags: [{ Key: 'a', Value: 'c' }] }),
    await claimed('GET', `${onBucket}/users/${ann}`),
    await claimed('DELETE', `${onBucket}?dryRun=true`),
    await claimed('DELETE', onBucket),
    await claimed('POST', '/demo/websites', { BucketInput: { Bucket: site } }),
    await claimed('POST', `${onSite}/users`, { User: { UserName: ben } }),
    await claimed('PATCH', onSite, { CacheInvalidation: ['/*'] }),
    await claimed('DELETE', onSite),
    await claimed('POST', '/demo/cleaner/run'),
  ];
  expect(statuses.filter((status) => status >= 300)).toEqual([]);
}

/** Without the members that are named and documented as what was claimed. */
const withoutClaims = (line: string): string => {
  const { actor, ...rest } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return JSON.stringify([rest, actor === ACTOR ? '' : actor]);
};

skippable(
  'an actor reaches the history and its own member of log lines, but no call to AWS, nothing in AWS and no metric',
  async () => {
    await story();
    expect(sent.length).toBeGreaterThan(100);
    for (const part of ['AssumeRole', 'CreatePolicy', 'rrset', 'invalidation', 'tagging'])
      expect([part, sent.some((request) => request.includes(part))]).toEqual([part, true]);
    expect(sent.filter((request) => request.includes(ACTOR))).toEqual([]);
    expect(world.target.sandbox?.state.take()).not.toContain(ACTOR);
    expect((await world.api<string>('GET', '/metrics')).text).not.toContain(ACTOR);

    expect(world.lines.filter((line) => line.includes(`"actor":"${ACTOR}"`)).length).toBeGreaterThan(20);
    expect(world.lines.filter((line) => withoutClaims(line).includes(ACTOR))).toEqual([]);
    const { body } = await world.api<{ readonly operations: readonly { readonly actor: string | null }[] }>(
      'GET',
      '/demo/operations',
    );
    expect(new Set(body.operations.map(({ actor }) => actor))).toEqual(new Set([ACTOR]));
    const history = JSON.stringify(body.operations.map(({ actor: _, ...rest }) => rest));
    expect(history).not.toContain(ACTOR);
  },
  { more: SANDBOX_ONLY.policies },
);
