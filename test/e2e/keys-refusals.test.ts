import { addKey, newKeyedUser } from '../support/e2e/keys';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { isAuditor } from '../support/e2e/target';
import { READ_TOKEN, startWorld, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ logLevel: 'debug' });
});
afterEach(() => world.target.sandbox?.faults.clear());
afterAll(() => world.stop());

const KEY = 'AKIAJTGA5ITTTJ7WOR7A';
const USER = '/demo/buckets/a-bucket/users/a-user';

describe('what cannot be meant is 400 that names what is allowed, and no call reaches AWS', () => {
  const requests: readonly (readonly [string, string, unknown, string])[] = [
    ['PATCH', USER, {}, 'at least one of Status, Groups'],
    ['PATCH', USER, { Status: 'inactive' }, 'Active, Inactive; did you mean \\"Inactive\\"?'],
    ['PATCH', USER, { Status: null }, 'at least one of Status, Groups'],
    ['PATCH', USER, { Status: ['Active'] }, 'Active, Inactive'],
    ['PATCH', USER, { Groups: [] }, 'at least 1 item'],
    ['PATCH', USER, { Groups: 'BktROGrp' }, 'must be an array'],
    ['PATCH', USER, { Groups: ['BktROGrp', 'BktROGrp'] }, 'twice'],
    ['PATCH', USER, { Groups: ['Reader'] }, 'BktAdmGrp, BktRWGrp, BktROGrp'],
    ['PATCH', USER, { Groups: ['WebAdmGrp'] }, 'BktAdmGrp, BktRWGrp, BktROGrp'],
    ['PATCH', USER, { Groups: [{ GroupName: 'BktROGrp' }] }, 'BktAdmGrp, BktRWGrp, BktROGrp'],
    ['PATCH', USER, { Status: 'Active', UserName: 'b' }, 'known: Status, Groups'],
    ['PATCH', USER, '{"__proto__": {"Status": "Inactive"}}', '__proto__'],
    ['PATCH', USER, [], 'must be a JSON object'],
    ['PATCH', `${USER}/keys/${KEY}`, {}, 'lacks'],
    ['PATCH', `${USER}/keys/${KEY}`, { Status: 'Expired' }, 'Active, Inactive'],
    ['PATCH', `${USER}/keys/${KEY}`, { Status: null }, 'Active, Inactive'],
    ['PATCH', `${USER}/keys/${KEY}`, { Status: 'Inactive', AccessKeyId: KEY }, 'known: Status'],
    ['PATCH', `${USER}/keys/short`, { Status: 'Inactive' }, '16 to 128 letters, digits and _'],
    ['PATCH', `${USER}/keys/${'A'.repeat(129)}`, { Status: 'Inactive' }, '16 to 128'],
    ['DELETE', `${USER}/keys/${KEY}%20`, undefined, '16 to 128'],
    ['DELETE', `${USER}/keys/..%2F..%2F${KEY}`, undefined, '16 to 128'],
    ['DELETE', `${USER}/keys/${KEY}%0A`, undefined, '16 to 128'],
    ['DELETE', `${USER}/keys?force=true`, undefined, 'unknown parameter'],
    ['GET', '/demo/buckets/a-bucket/users/a%20user/keys', undefined, '1 to 64 letters'],
    ['POST', `/demo/buckets/a-bucket/users/${'u'.repeat(65)}/keys`, undefined, '1 to 64 letters'],
    ['POST', '/demo/buckets/x/users/a-user/keys', undefined, '3 to 255'],
  ];
  for (const [method, path, body, says] of requests) {
    skippable(`${method} ${path.slice(0, 90)} ${body === undefined ? '' : JSON.stringify(body)}`.trim(), async () => {
      world.target.sandbox?.calls.clear();
      const reply = await world.api(method, path, body);
      expect(reply.status).toBe(400);
      expect(reply.text).toContain(says);
      expect(world.target.sandbox?.calls.all() ?? []).toEqual([]);
    });
  }

  skippable(
    'a method that is not answered is 405, a form with a file 415, a token that may only read 403',
    async () => {
      expect((await world.api('PUT', `${USER}/keys`)).headers.get('allow')).toBe('DELETE, GET, HEAD, OPTIONS, POST');
      expect((await world.api('GET', `${USER}/keys/${KEY}`)).headers.get('allow')).toBe('DELETE, OPTIONS, PATCH');
      expect((await world.api('PATCH', USER, 'x', { 'Content-Type': 'multipart/form-data' })).status).toBe(415);
      for (const [method, path] of [
        ['POST', `${USER}/keys`],
        ['DELETE', `${USER}/keys`],
        ['PATCH', USER],
      ] as const) {
        const body = method === 'PATCH' ? { Status: 'Inactive' } : undefined;
        expect((await world.api(method, path, body, { 'X-Auth-Token': READ_TOKEN })).status).toBe(403);
      }
    },
  );
});

/** Holds the first call of an operation until it is let go. */
function held(operation: string): { readonly arrived: Promise<void> } {
  let tell: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (tell = resolve));
  world.faults.add({
    kind: 'latency',
    ms: 400,
    count: 1,
    operation,
    matching: ({ request }) => {
      if (isAuditor(request.headers['user-agent'])) return false;
      tell();
      return true;
    },
  });
  return { arrived };
}

describe('two changes of one user at once', () => {
  for (const [method, below, body] of [
    ['POST', '/keys', undefined],
    ['DELETE', '/keys', undefined],
    ['PATCH', `/keys/${KEY}`, { Status: 'Inactive' }],
    ['DELETE', `/keys/${KEY}`, undefined],
    ['PATCH', '', { Status: 'Inactive' }],
    ['PUT', '', undefined],
  ] as const) {
    skippable(
      `while a key is made, ${method} …/users/{user}${below} is 409 that may be tried again`,
      async () => {
        const { path, key } = await newKeyedUser(world);
        const { arrived } = held('CreateAccessKey');
        const first = world.api('POST', `${path}/keys`);
        await arrived;
        const second = await world.api(method, `${path}${below.replace(KEY, key.AccessKeyId)}`, body);
        expect(second).toMatchObject({ status: 409, body: { retryable: true, type: 'urn:mallard:problem:busy' } });
        expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
        expect((await first).status).toBe(200);
      },
      { more: SANDBOX_ONLY.faults },
    );
  }
});

describe('a client that hangs up', () => {
  skippable(
    'while its key is made: the key is withdrawn, the one before stays',
    async () => {
      const { bucket, user, path, key } = await newKeyedUser(world);
      await world.hangUp(
        'POST',
        `${path}/keys`,
        undefined,
        (leave) => void held('CreateAccessKey').arrived.then(leave),
      );
      await world.logged('answer not delivered');
      await world.logged('withdrawn, and nothing is changed');
      expect((await world.snapshot(bucket)).users[user]?.keys).toEqual({ [key.AccessKeyId]: 'Active' });
    },
    { more: SANDBOX_ONLY.faults },
  );
});

for (const lag of [1, 2, 3]) {
  skippable(
    `the whole life of keys while IAM hides new things from ${lag} call(s)`,
    async () => {
      const { bucket, user, path, key } = await newKeyedUser(world);
      world.faults.eventualConsistency({ lag: 'calls', n: lag });
      const added = await addKey(world, path);
      expect((await world.api('PATCH', path, { Groups: ['BktROGrp'] })).status).toBe(200);
      expect((await world.api('PATCH', path, { Status: 'Inactive' })).status).toBe(200);
      expect((await world.api('PATCH', path, { Status: 'Active' })).status).toBe(200);
      expect((await world.api('DELETE', `${path}/keys/${key.AccessKeyId}`)).status).toBe(200);
      world.faults.clear();
      expect((await world.snapshot(bucket)).users[user]).toMatchObject({
        groups: [`${bucket}-BktROGrp`],
        keys: { [added.AccessKeyId]: 'Active' },
      });
    },
    { more: SANDBOX_ONLY.faults },
  );
}

skippable(
  'the secret of a key whose making AWS answered with a lost reply is that of the key that is there',
  async () => {
    const { bucket, user, path, key } = await newKeyedUser(world);
    world.faults.add({ kind: 'lost-reply', operation: 'CreateAccessKey', count: 1 });
    const added = await addKey(world, path);
    world.faults.clear();
    expect(Object.keys((await world.snapshot(bucket)).users[user]?.keys ?? {}).sort()).toEqual(
      [key.AccessKeyId, added.AccessKeyId].sort(),
    );
  },
  { more: SANDBOX_ONLY.faults },
);
