import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { accounts } from '../support/e2e/target';
import { startWorld } from '../support/e2e/world';

/** A role that trusts one session name and one source identity only: what AWS lets in shows what it was told. */

const onSandbox = { more: SANDBOX_ONLY.policies };
const ROLE = 'named-provisioner';

const trustOf = (name: string, more: readonly string[] = []) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${accounts.other.id}:root` },
      Action: ['sts:AssumeRole', 'sts:TagSession', ...more],
      Condition: {
        StringEquals: { 'sts:RoleSessionName': name, ...(more.length > 0 && { 'sts:SourceIdentity': name }) },
      },
    },
  ],
});

/** Status of a write and of a read, both with the token `all`, where the role trusts as `trust` says. */
async function statuses(trust: object, more: object = {}): Promise<readonly [number, number]> {
  const { accessKeyId: akid, secretAccessKey: secret } = accounts.other;
  const world = await startWorld({ demo: { akid, secret, role: ROLE, ...more } });
  try {
    const { iam } = world.auditor;
    const all = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    await iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: JSON.stringify(trust) }));
    await iam.send(
      new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'all', PolicyDocument: JSON.stringify(all) }),
    );
    const BucketInput = { Bucket: world.name('named') };
    const written = await world.api('POST', '/demo/buckets', { BucketInput });
    return [written.status, (await world.api('GET', '/demo/buckets')).status];
  } finally {
    await world.stop();
  }
}

skippable(
  'a session of a write bears the token’s id, one of a read the account’s name',
  async () => {
    expect(await statuses(trustOf('mallard-by-all'))).toEqual([202, 500]);
    expect(await statuses(trustOf('mallard-demo'))).toEqual([500, 200]);
  },
  onSandbox,
);

skippable(
  'with sourceIdentity the trust policy may insist on whose session it is, and must let it be set',
  async () => {
    const sourceIdentity = true;
    expect(await statuses(trustOf('mallard-by-all', ['sts:SetSourceIdentity']), { sourceIdentity })).toEqual([
      202, 500,
    ]);
    expect(await statuses(trustOf('mallard-by-all', ['sts:SetSourceIdentity']))).toEqual([500, 500]);
    expect(await statuses(trustOf('mallard-by-all'), { sourceIdentity })).toEqual([500, 500]);
  },
  onSandbox,
);
