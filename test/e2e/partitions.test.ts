import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { hasIam } from '../support/e2e/target';
import { file, plain, start, type TestProcess } from '../support/program';

/** `npm start -- --sandbox` with a configuration that has accounts in every partition, all at once. */

const REGIONS = {
  'eu-south-2': 'aws',
  'cn-north-1': 'aws-cn',
  'us-gov-west-1': 'aws-us-gov',
  'eusc-de-east-1': 'aws-eusc',
  'us-iso-east-1': 'aws-iso',
  'us-isob-east-1': 'aws-iso-b',
  'eu-isoe-west-1': 'aws-iso-e',
  'us-isof-south-1': 'aws-iso-f',
} as const;

const idOf = (region: string): string => String(111_111_111_111 + Object.keys(REGIONS).indexOf(region));

/** AWS's own policies have no account, but a partition. */
const boundaryOf = (partition: string): string => `arn:${partition}:iam::aws:policy/AmazonS3FullAccess`;

const accounts = Object.fromEntries(
  Object.entries(REGIONS).map(([region, partition]) => [
    region,
    { region, id: idOf(region), permissionsBoundary: boundaryOf(partition) },
  ]),
);

interface Answer<B> {
  readonly status: number;
  readonly body: B;
}

interface Key {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
}

/** The one start-up line says where it listens; a line of the sandbox, where that does. */
const said = (program: TestProcess, text: string, member: string): string =>
  String(program.lines().find(({ msg }) => String(msg).startsWith(text))?.[member]);

async function startProgram(name: string) {
  const program = start(['--sandbox', '--config', file(`${name}.json`, { ...plain, accounts })]);
  expect(await program.code).toBeUndefined();
  const url = `http://${said(program, 'listening', 'address')}/v1/s3`;
  const ask = async <B = unknown>(method: string, path: string, body?: object): Promise<Answer<B>> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'X-Auth-Token': plain.token, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as B };
  };
  return { ask, endpoint: said(program, 'sandbox listening', 'endpoint') };
}

// Where there is no IAM there is nothing of this.
const regions = hasIam ? Object.entries(REGIONS) : [];

for (const [region, partition] of regions) {
  skippable(
    `in ${region} a bucket lives its whole life, with a user and a policy, by the ARNs of ${partition}`,
    async () => {
      const { ask, endpoint } = await startProgram(partition);
      const bucket = 'photos';
      const account = `arn:${partition}:iam::${idOf(region)}`;
      const made = await ask('POST', `/${region}/buckets`, { BucketInput: { Bucket: bucket } });
      expect(made).toMatchObject({
        status: 202,
        body: {
          Policy: { Arn: `${account}:policy/photos-BktAdmPlc` },
          Group: { Arn: `${account}:group/photos-BktAdmGrp` },
        },
      });
      const user = await ask<{ readonly AccessKey: Key }>('POST', `/${region}/buckets/${bucket}/users`, {
        User: { UserName: 'ada' },
      });
      expect(user).toMatchObject({
        status: 200,
        body: {
          User: {
            Arn: `${account}:user/ada`,
            PermissionsBoundary: { PermissionsBoundaryArn: boundaryOf(partition) },
          },
        },
      });
      const { AccessKey: key } = user.body;
      const s3 = new S3Client({
        endpoint,
        region,
        forcePathStyle: true,
        maxAttempts: 1,
        credentials: { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey },
      });
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a.txt', Body: 'a' }));
      const statement = {
        Effect: 'Deny',
        Principal: { AWS: `${account}:user/ada` },
        Action: 's3:GetObject',
        Resource: `arn:${partition}:s3:::${bucket}/*`,
      };
      const BucketPolicy = { Version: '2012-10-17', Statement: [statement] };
      expect((await ask('PUT', `/${region}/buckets/${bucket}`, { BucketPolicy })).status).toBe(200);
      await expect(s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'a.txt' }))).rejects.toThrow(
        `User: ${account}:user/ada is not authorized to perform: s3:GetObject on resource: arn:${partition}:s3:::photos/a.txt`,
      );
      s3.destroy();
      const signed = await ask<{ readonly url: string }>('DELETE', `/${region}/buckets/${bucket}/objects/a.txt`);
      expect((await fetch(signed.body.url, { method: 'DELETE' })).status).toBe(204);
      expect(await ask('PUT', `/${region}/buckets/${bucket}/users/ada`)).toMatchObject({
        status: 200,
        body: { DeletedKeyIds: [key.AccessKeyId] },
      });
      expect((await ask('DELETE', `/${region}/buckets/${bucket}/users/ada`)).status).toBe(200);
      expect((await ask('DELETE', `/${region}/buckets/${bucket}`)).status).toBe(200);
      expect((await ask('GET', `/${region}/buckets/${bucket}`)).status).toBe(404);
    },
    { more: SANDBOX_ONLY.partitions },
  );
}

skippable(
  'a name that is taken in one partition can be had in every other, and nobody sees another’s',
  async () => {
    const { ask } = await startProgram('all');
    for (const region of Object.keys(REGIONS))
      expect((await ask('POST', `/${region}/buckets`, { BucketInput: { Bucket: 'same' } })).status).toBe(202);
    for (const region of Object.keys(REGIONS)) {
      expect((await ask('GET', `/${region}/buckets`)).body).toEqual(['same']);
      expect((await ask('DELETE', `/${region}/buckets/same`)).status).toBe(200);
    }
  },
  { more: SANDBOX_ONLY.partitions },
);
