import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { accounts, targetName } from '../support/e2e/target';
import { startWorld, TOKEN, type World } from '../support/e2e/world';

interface Keyed {
  readonly AccessKey?: { readonly AccessKeyId: string; readonly SecretAccessKey: string };
}

let world: World;
const secrets = new Map<string, string>([
  ['the token', TOKEN],
  ['the secret of the account', accounts.demo.secretAccessKey],
]);
/** Every answer that is not meant to hold a secret. */
const answers: string[] = [];

beforeAll(async () => {
  world = await startWorld({ logLevel: 'trace' });
});
afterAll(() => world.stop());

async function step(
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
): Promise<number> {
  const reply = await world.api<Keyed | undefined>(method, path, body, headers);
  const key = typeof reply.body === 'object' ? reply.body.AccessKey : undefined;
  if (key === undefined) answers.push(reply.text, JSON.stringify([...reply.headers]));
  else {
    secrets.set(`the secret of ${key.AccessKeyId}`, key.SecretAccessKey);
    expect(reply.headers.get('cache-control')).toContain('no-store');
  }
  return reply.status;
}

/** A whole story: everything that can be asked for, in order and out of it. */
async function story(): Promise<void> {
  const bucket = world.name('story');
  const path = `/demo/buckets/${bucket}`;
  const users = `${path}/users`;
  expect(
    await step('POST', '/demo/buckets', { BucketInput: { Bucket: bucket }, Tags: [{ Key: 'a', Value: 'b' }] }),
  ).toBe(202);
  expect(await step('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).toBe(409);
  for (const [user, group] of [
    ['ann', 'BktAdmGrp'],
    ['ben', 'BktRWGrp'],
    ['cyd', 'BktROGrp'],
  ] as const) {
    expect(await step('POST', users, { User: { UserName: `${bucket}-${user}` }, Groups: [group] })).toBe(200);
  }
  expect(await step('POST', users, { User: { UserName: `${bucket}-ann` } })).toBe(409);
  expect(await step('PUT', `${users}/${bucket}-ann`)).toBe(200);
  expect(await step('GET', `${users}/${bucket}-ann`)).toBe(200);
  expect(await step('GET', users)).toBe(200);
  expect(await step('POST', `${users}/${bucket}-ann/keys`)).toBe(200);
  expect(await step('POST', `${users}/${bucket}-ann/keys`)).toBe(409);
  expect(await step('GET', `${users}/${bucket}-ann/keys`)).toBe(200);
  expect(await step('GET', '/demo/keys')).toBe(200);
  expect(await step('PATCH', `${users}/${bucket}-ann`, { Status: 'Inactive', Groups: ['BktROGrp'] })).toBe(200);
  expect(await step('PATCH', `${users}/${bucket}-ann`, { Status: 'Active' })).toBe(200);
  expect(await step('DELETE', `${users}/${bucket}-ann/keys`)).toBe(200);
  expect(await step('GET', `${path}/duck?user=${bucket}-ben`)).toBe(200);
  expect(await step('GET', `${path}/clients/aws?user=${bucket}-ben`)).toBe(200);
  expect(await step('GET', path)).toBe(200);
  expect(await step('GET', '/demo/buckets', undefined, { 'X-Auth-Token': `${TOKEN}-wrong` })).toBe(403);
  expect(await step('GET', `/demo/buckets?X-Auth-Token=${TOKEN}`)).toBe(400);
  expect(await step('POST', users, `{"User": {"UserName": "x"}, "token": "${TOKEN}"`)).toBe(400);
  expect(await step('DELETE', `${users}/${bucket}-cyd`)).toBe(200);
  expect(await step('DELETE', path)).toBe(200);
  expect(await step('DELETE', path)).toBe(404);
}

/** What went wrong along the way, with a key in hand: an undo, a lost reply, a client that is gone. */
async function mishaps(): Promise<void> {
  const bucket = world.name('mishap');
  const users = `/demo/buckets/${bucket}/users`;
  expect(await step('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).toBe(202);
  world.faults.add({ kind: 'refuse', operation: 'AddUserToGroup' });
  expect(await step('POST', users, { User: { UserName: `${bucket}-a` } })).toBe(403);
  world.faults.clear();
  world.faults.add({ kind: 'lost-reply', operation: 'CreateAccessKey', count: 1 });
  expect(await step('POST', users, { User: { UserName: `${bucket}-b` } })).toBe(200);
  world.faults.clear();
  world.faults.add({ kind: 'lost-reply', operation: 'CreateAccessKey', count: 1 });
  expect(await step('POST', `${users}/${bucket}-b/keys`)).toBe(200);
  world.faults.clear();
  world.faults.add({ kind: 'error', operation: 'CreateAccessKey' });
  expect(await step('PUT', `${users}/${bucket}-b`)).toBe(503);
  world.faults.clear();
}

function expectNoSecret(where: string, text: string): void {
  for (const [name, secret] of secrets) {
    // Only the name of what leaked: a failing test must not print it once more.
    const leaks = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)].some((form) =>
      text.includes(form),
    );
    expect({ where, leaks: leaks ? name : 'nothing' }).toEqual({ where, leaks: 'nothing' });
  }
}

skippable(
  'no secret reaches the log at level trace, the metrics, or any answer but the one that hands it out',
  async () => {
    await story();
    if (targetName === 'sandbox') await mishaps();
    const metrics = await world.api<string>('GET', '/metrics');
    expect(secrets.size).toBeGreaterThanOrEqual(6);
    expect(world.lines.length).toBeGreaterThan(100);
    expectNoSecret('the log', world.lines.join(''));
    expectNoSecret('the metrics', metrics.text);
    expectNoSecret('the answers', answers.join('\n'));
    // The log is of use: it does name what was done.
    expect(world.lines.join('')).toContain('CreateAccessKey');
  },
);

skippable('no name that a caller chose becomes a label of the metrics', async () => {
  const bucket = world.name('labelled');
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
  await world.api('GET', `/demo/buckets/${bucket}/users/${bucket}-nobody`);
  await world.api('GET', `/${bucket}/buckets`);
  expect((await world.api<string>('GET', '/metrics')).text).not.toContain(bucket);
});

skippable(
  'every line of a request carries its id, and the sandbox sees every one of its calls in the log',
  async () => {
    const bucket = world.name('traced');
    const id = `e2e-${bucket}`;
    world.target.sandbox?.calls.clear();
    const reply = await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } }, { 'X-Request-Id': id });
    expect(reply.headers.get('x-request-id')).toBe(id);
    const logged = world.lines.filter((line) => line.includes(`"requestId":"${id}"`));
    expect(
      logged
        .filter((line) => line.includes('"operation started"'))
        .map((line) => (JSON.parse(line) as { tokenId: string }).tokenId),
    ).toEqual(['all']);
    const made = world.target.sandbox?.calls
      .all()
      .map(({ operation }) => operation)
      .sort();
    expect(
      logged
        .filter((line) => line.includes('"AWS call"'))
        .map((line) => (JSON.parse(line) as { operation: string }).operation)
        .sort(),
    ).toEqual(made);
  },
  { more: SANDBOX_ONLY.faults },
);
