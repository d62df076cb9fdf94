import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CreateUserCommand } from '@aws-sdk/client-iam';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { awsClients, type AwsClients } from '../support/e2e/target';
import { startWorld, type World } from '../support/e2e/world';

interface Key {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
}

let world: World;
let bucket = '';
let elsewhere = '';
const open: AwsClients[] = [];

const clientsOf = ({ AccessKeyId, SecretAccessKey }: Key): AwsClients => {
  const clients = awsClients(world.target.endpoint, { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey });
  open.push(clients);
  return clients;
};

async function newUser(role: string): Promise<{ readonly user: string; readonly clients: AwsClients }> {
  const user = world.name(role.toLowerCase());
  const { status, body } = await world.api<{ readonly AccessKey: Key }>('POST', `/demo/buckets/${bucket}/users`, {
    User: { UserName: user },
    Groups: [role],
  });
  expect(status).toBe(200);
  return { user, clients: clientsOf(body.AccessKey) };
}

beforeAll(async () => {
  world = await startWorld();
  [bucket, elsewhere] = [world.name('work'), world.name('work')];
  for (const Bucket of [bucket, elsewhere]) {
    expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket } })).status).toBe(202);
    await world.auditor.s3.send(new PutObjectCommand({ Bucket, Key: 'docs/given.txt', Body: 'given' }));
  }
});
afterAll(async () => {
  for (const clients of open) clients.destroy();
  await world.stop();
});

const onSandbox = { more: SANDBOX_ONLY.policies };
const refused = (run: Promise<unknown>) => expect(run).rejects.toMatchObject({ name: 'AccessDenied' });

const read = async ({ s3 }: AwsClients): Promise<void> => {
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'docs/' }));
  expect(Contents?.map(({ Key }) => Key)).toContain('docs/given.txt');
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'docs/given.txt' }));
  expect(await Body?.transformToString()).toBe('given');
};

const write = async ({ s3 }: AwsClients, Key: string): Promise<void> => {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'new' }));
  await s3.send(new PutObjectTaggingCommand({ Bucket: bucket, Key, Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } }));
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
};

const POLICY = () =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${bucket}/never/*` }],
  });

describe('a key of BktAdmGrp', () => {
  skippable(
    'reads, writes and configures its bucket',
    async () => {
      const { clients } = await newUser('BktAdmGrp');
      await read(clients);
      await write(clients, 'by-admin');
      const rules = [{ AllowedOrigins: ['https://app.example.org'], AllowedMethods: ['GET'] }];
      await clients.s3.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: rules } }));
      await clients.s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: POLICY() }));
      const { TagSet } = await clients.s3.send(new GetBucketTaggingCommand({ Bucket: bucket }));
      await clients.s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet } }));
    },
    onSandbox,
  );
});

describe('a key of BktRWGrp', () => {
  skippable(
    'reads and writes objects, big ones, too',
    async () => {
      const { clients } = await newUser('BktRWGrp');
      await read(clients);
      await write(clients, 'by-writer');
      const at = { Bucket: bucket, Key: 'big' };
      const { UploadId } = await clients.s3.send(new CreateMultipartUploadCommand(at));
      const { ETag } = await clients.s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'part' }));
      await clients.s3.send(
        new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] } }),
      );
      await clients.s3.send(new DeleteObjectCommand(at));
    },
    onSandbox,
  );

  skippable(
    'changes neither ACLs nor policies nor tags of the bucket',
    async () => {
      const { clients } = await newUser('BktRWGrp');
      await refused(
        clients.s3.send(
          new PutObjectAclCommand({ Bucket: bucket, Key: 'docs/given.txt', ACL: 'bucket-owner-full-control' }),
        ),
      );
      await refused(clients.s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: POLICY() })));
      await refused(clients.s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet: [] } })));
    },
    onSandbox,
  );
});

describe('a key of BktROGrp', () => {
  skippable(
    'lists and gets',
    async () => {
      await read((await newUser('BktROGrp')).clients);
    },
    onSandbox,
  );

  skippable(
    'writes nothing',
    async () => {
      const { s3 } = (await newUser('BktROGrp')).clients;
      const at = { Bucket: bucket, Key: 'docs/given.txt' };
      await refused(s3.send(new PutObjectCommand({ ...at, Body: 'overwritten' })));
      await refused(s3.send(new DeleteObjectCommand(at)));
      await refused(s3.send(new CreateMultipartUploadCommand(at)));
      await refused(s3.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [] } })));
      await refused(s3.send(new PutObjectAclCommand({ ...at, ACL: 'private' })));
      await refused(s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: POLICY() })));
    },
    onSandbox,
  );
});

for (const role of ['BktAdmGrp', 'BktRWGrp', 'BktROGrp']) {
  skippable(
    `a key of ${role} reaches no other bucket, and nothing of IAM`,
    async () => {
      const { s3, iam } = (await newUser(role)).clients;
      await refused(s3.send(new ListObjectsV2Command({ Bucket: elsewhere })));
      await refused(s3.send(new GetObjectCommand({ Bucket: elsewhere, Key: 'docs/given.txt' })));
      await refused(s3.send(new PutObjectCommand({ Bucket: elsewhere, Key: 'x', Body: 'x' })));
      await refused(iam.send(new CreateUserCommand({ UserName: world.name('intruder') })));
    },
    onSandbox,
  );
}

skippable(
  'after a reset the old key fails at once and the new one works',
  async () => {
    const { user, clients } = await newUser('BktROGrp');
    await read(clients);
    const { body } = await world.api<{ readonly AccessKey: Key }>('PUT', `/demo/buckets/${bucket}/users/${user}`);
    await expect(read(clients)).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
    await read(clientsOf(body.AccessKey));
  },
  onSandbox,
);

skippable(
  'after its deletion a user’s key fails at once',
  async () => {
    const { user, clients } = await newUser('BktRWGrp');
    await write(clients, 'last');
    expect((await world.api('DELETE', `/demo/buckets/${bucket}/users/${user}`)).status).toBe(200);
    await expect(write(clients, 'later')).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  },
  onSandbox,
);
