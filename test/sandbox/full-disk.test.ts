import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateUserCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { type Disk, fileSystem } from '../../src/sandbox/disk';
import { type TestSandbox, refusalOf, startTestSandbox } from '../support/sandbox/start';

/** A disk with room for one file of so many characters at a time, that may be given more. */
function smallDisk(room: number): Disk & { grow: (to: number) => void } {
  let size = room;
  return {
    grow: (to) => void (size = to),
    replace: async (path, text) => {
      if (text.length > size)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      await fileSystem.replace(path, text);
    },
  };
}

let dataDir: string;
let world: TestSandbox;
const lines: Readonly<Record<string, unknown>>[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sandbox-disk-'));
  lines.length = 0;
});
afterEach(async () => {
  await world.stop();
  await rm(dataDir, { recursive: true });
});

const begin = async (disk: Disk): Promise<void> => {
  world = await startTestSandbox({ dataDir, disk, log: (line) => void lines.push(line) });
};
const bucketsOf = async ({ s3 }: TestSandbox): Promise<readonly (string | undefined)[]> =>
  ((await s3().send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name);

/** As after `kill -9`: nothing but the file is left. */
async function afterKill<T>(look: (other: TestSandbox) => Promise<T>): Promise<T> {
  const other = await startTestSandbox({ dataDir });
  try {
    return await look(other);
  } finally {
    await other.stop();
  }
}

test('of 80 creations on a disk that fills up, exactly those that were answered with success are there after a kill', async () => {
  await begin(smallDisk(3_000));
  const s3 = world.s3();
  const names = Array.from({ length: 80 }, (_, n) => `bucket-${String(n).padStart(2, '0')}`);
  const answers = await Promise.all(
    names.map((Bucket) =>
      s3.send(new CreateBucketCommand({ Bucket })).then(
        () => Bucket,
        () => undefined,
      ),
    ),
  );
  const succeeded = answers.filter((name) => name !== undefined);
  for (const Bucket of names.slice(0, 8).map((name) => `${name}-again`))
    await s3.send(new CreateBucketCommand({ Bucket })).then(
      () => succeeded.push(Bucket),
      () => undefined,
    );
  expect(succeeded.length).toBeLessThan(88);
  expect(await bucketsOf(world)).toEqual([...succeeded].sort());
  expect(await afterKill(bucketsOf)).toEqual([...succeeded].sort());
});

test.each([
  ['S3', () => world.s3().send(new CreateBucketCommand({ Bucket: 'photos' }))],
  ['IAM', () => world.iam().send(new CreateUserCommand({ UserName: 'ada' }))],
] as const)(
  '%s says that it is the disk, in its own protocol, and has done nothing; reads go on',
  async (_service, change) => {
    await begin(smallDisk(0));
    expect(await refusalOf(change())).toMatchObject({
      code: 'ServiceUnavailable',
      status: 503,
      message: expect.stringContaining('ENOSPC') as unknown,
    });
    expect(await bucketsOf(world)).toEqual([]);
    expect((await world.iam().send(new ListUsersCommand({}))).Users).toEqual([]);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', msg: expect.stringContaining('cannot keep its state') as unknown }),
    );
  },
);

test('what objects hold is kept or refused like everything else', async () => {
  const disk = smallDisk(100_000);
  await begin(disk);
  const s3 = world.s3();
  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body }));
  const get = async ({ s3: client }: TestSandbox, Key: string) =>
    (await client().send(new GetObjectCommand({ Bucket: 'photos', Key }))).Body?.transformToString();
  await s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
  await put('small', 'first');
  disk.grow(3_000);
  expect(await refusalOf(put('large', 'x'.repeat(50_000)))).toMatchObject({ code: 'ServiceUnavailable' });
  expect(await refusalOf(put('small', 'y'.repeat(50_000)))).toMatchObject({ code: 'ServiceUnavailable' });
  expect(await get(world, 'small')).toBe('first');
  await put('other', 'second');
  expect(await afterKill(async (other) => [await get(other, 'small'), await get(other, 'other')])).toEqual([
    'first',
    'second',
  ]);
  expect(await refusalOf(afterKill((other) => get(other, 'large')))).toMatchObject({ code: 'NoSuchKey' });
});

test('a disk that has room again takes changes again', async () => {
  const disk = smallDisk(0);
  await begin(disk);
  const create = () => world.s3().send(new CreateBucketCommand({ Bucket: 'photos' }));
  await refusalOf(create());
  disk.grow(100_000);
  await create();
  expect(await afterKill(bucketsOf)).toEqual(['photos']);
});

test('a call that is refused anyway keeps its own answer', async () => {
  await begin(smallDisk(0));
  const assume = world
    .sts()
    .send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/none', RoleSessionName: 'me' }));
  expect(await refusalOf(assume)).toMatchObject({ code: 'AccessDenied' });
});

test('a file that could not be written leaves none behind beside the one that is there', async () => {
  await fileSystem.replace(join(dataDir, 'state'), 'first');
  await expect(fileSystem.replace(join(dataDir, 'none', 'state'), 'second')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(fileSystem.replace(dataDir, 'third')).rejects.toThrow();
  expect(await readdir(dataDir)).toEqual(['state']);
  expect(await readFile(join(dataDir, 'state'), 'utf8')).toBe('first');
  expect(await readdir(join(dataDir, '..'))).not.toContain(`${dataDir.split('/').at(-1) ?? ''}.new`);
  await begin(fileSystem);
});
