import { GetBucketTaggingCommand, HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { accounts } from '../support/e2e/target';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { startWorld, type World } from '../support/e2e/world';

/**
 * Names that us-east-1 gave until 1 March 2018: "could be up to 255 characters long … could contain uppercase letters and
 * underscores" (S3 User Guide, general purpose bucket naming rules). Such buckets live on.
 */
const OLD = ['My_Old_Bucket', 'UPPER.case', '_begins-so', '192.168.5.4', `long-${'x'.repeat(250)}`];

let world: World;

beforeAll(async () => {
  const buckets = OLD.map((name) => ({ accountId: accounts.demo.id, name, region: 'us-east-1' }));
  world = await startWorld({ sandbox: { buckets } });
});

afterAll(() => world.stop());

const onSandbox = { more: SANDBOX_ONLY.seeds };

const on = (bucket: string, rest = ''): string => `/demo/buckets/${bucket}${rest}`;

for (const bucket of OLD) {
  skippable(
    `a bucket of before 2018 (${bucket}) is listed, shown, tagged and deleted like others`,
    async () => {
      expect((await world.api<readonly string[]>('GET', '/demo/buckets')).body).toContain(bucket);
      expect((await world.api('HEAD', on(bucket))).status).toBe(200);
      expect((await world.api('GET', on(bucket))).status).toBe(200);
      expect((await world.api('GET', on(bucket, '/users'))).body).toEqual([]);
      expect((await world.api('PUT', on(bucket), { Tags: [{ Key: 'COA', Value: 'old' }] })).status).toBe(200);
      const { TagSet } = await world.auditor.s3.send(new GetBucketTaggingCommand({ Bucket: bucket }));
      expect(TagSet).toContainEqual({ Key: 'COA', Value: 'old' });
      expect((await world.api('DELETE', on(bucket))).status).toBe(200);
      await expect(world.auditor.s3.send(new HeadBucketCommand({ Bucket: bucket }))).rejects.toThrow();
    },
    onSandbox,
  );
}

describe('a bucket of before 2018', () => {
  const bucket = 'Kept_Bucket';
  const long = `kept-${'y'.repeat(200)}`;

  beforeAll(async () => {
    await world.stop();
    const buckets = [bucket, long].map((name) => ({ accountId: accounts.demo.id, name, region: 'us-east-1' }));
    world = await startWorld({ sandbox: { buckets } });
  });

  skippable(
    'gets users and object URLs like others',
    async () => {
      const made = await world.api('POST', on(bucket, '/users'), { User: { UserName: 'old-ada' } });
      expect(made.status).toBe(200);
      expect((await world.api('GET', on(bucket, '/users/old-ada'))).body).toMatchObject({
        Groups: [{ GroupName: `${bucket}-BktAdmGrp` }],
      });
      await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a.txt', Body: 'a' }));
      const { body } = await world.api<{ readonly url: string }>('GET', on(bucket, '/objects/a.txt'));
      expect(await (await fetch(body.url)).text()).toBe('a');
    },
    onSandbox,
  );

  skippable(
    'whose name is too long for groups says so when a user is asked for',
    async () => {
      const { status, body } = await world.api('POST', on(long, '/users'), { User: { UserName: 'old-eve' } });
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('IAM takes at most 128') },
      });
    },
    onSandbox,
  );

  skippable(
    'is not made anew',
    async () => {
      expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: 'New_Bucket' } })).status).toBe(400);
    },
    onSandbox,
  );
});
