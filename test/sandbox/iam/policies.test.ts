import {
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  type ListPoliciesCommandInput,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  ListUserPoliciesCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
} from '@aws-sdk/client-iam';
import { ACCOUNT, type TestSandbox, refusalOf, startTestSandbox } from '../../support/sandbox/start';

let world: TestSandbox;
let iam: IAMClient;

beforeEach(async () => {
  world = await startTestSandbox({ quotas: { policiesPerAccount: 3 } });
  iam = world.iam();
});
afterEach(() => world.stop());

const arn = (name: string): string => `arn:aws:iam::${ACCOUNT.id}:policy/${name}`;
const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
});

/** A valid document of exactly `size` characters without white space. */
function documentOf(size: number): string {
  const shell = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::' },
  });
  return shell.replace('s3:::', `s3:::${'b'.repeat(size - shell.length)}`);
}

function create(PolicyName: string, PolicyDocument = DOCUMENT): Promise<unknown> {
  return iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
}

describe('customer managed policies', () => {
  it('are created with tags, and shown as AWS shows them', async () => {
    const { Policy: made } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: 'p',
        PolicyDocument: DOCUMENT,
        Description: 'why',
        Tags: [{ Key: 'org', Value: 'x' }],
      }),
    );
    expect(made).toMatchObject({
      Arn: arn('p'),
      PolicyName: 'p',
      Path: '/',
      DefaultVersionId: 'v1',
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 0,
      IsAttachable: true,
      Tags: [{ Key: 'org', Value: 'x' }],
    });
    expect(made?.PolicyId).toMatch(/^ANPA/);
    expect(made?.Description).toBeUndefined();
    const { Policy: shown } = await iam.send(new GetPolicyCommand({ PolicyArn: arn('p') }));
    expect(shown).toEqual({ ...made, Description: 'why' });
  });

  it('IAM: lists of policies carry neither tags nor description', async () => {
    await iam.send(
      new CreatePolicyCommand({
        PolicyName: 'p',
        PolicyDocument: DOCUMENT,
        Description: 'why',
        Tags: [{ Key: 'org', Value: 'x' }],
      }),
    );
    const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }));
    expect(Policies?.map((policy) => [policy.PolicyName, policy.Tags, policy.Description])).toEqual([
      ['p', undefined, undefined],
    ]);
  });

  it('IAM: policy names have at most 128 characters, unique without regard to case and path', async () => {
    await create('P'.repeat(128));
    expect(await refusalOf(create('p'.repeat(128)))).toMatchObject({ code: 'EntityAlreadyExists', status: 409 });
    expect(await refusalOf(create('p'.repeat(129)))).toMatchObject({ code: 'ValidationError' });
  });

  it('IAM: a document has at most 6144 characters without white space', async () => {
    await create('fits', documentOf(6144).replace('{', '{ \n\t '));
    expect(await refusalOf(create('not', documentOf(6145)))).toMatchObject({
      code: 'LimitExceeded',
      message: 'Cannot exceed quota for PolicySize: 6144',
    });
  });

  it.each([
    ['no JSON', '{'],
    ['a principal', DOCUMENT.replace('"Effect"', '"Principal":"*","Effect"')],
    ['an unknown operator', DOCUMENT.replace('"Effect"', '"Condition":{"StringIs":{"a":"b"}},"Effect"')],
  ])('IAM: %s → MalformedPolicyDocument', async (_title, document) => {
    expect(await refusalOf(create('p', document))).toMatchObject({ code: 'MalformedPolicyDocument', status: 400 });
  });

  it('IAM: quota of policies per account → LimitExceeded', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    expect(await refusalOf(create('d'))).toMatchObject({ code: 'LimitExceeded', status: 409 });
  });

  it('a policy that is not there → NoSuchEntity', async () => {
    expect(await refusalOf(iam.send(new GetPolicyCommand({ PolicyArn: arn('none') })))).toMatchObject({
      code: 'NoSuchEntity',
      status: 404,
    });
    expect(await refusalOf(iam.send(new DeletePolicyCommand({ PolicyArn: arn('none') })))).toMatchObject({
      code: 'NoSuchEntity',
    });
  });

  it('take tags and lose them', async () => {
    await create('p');
    await iam.send(
      new TagPolicyCommand({
        PolicyArn: arn('p'),
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await iam.send(new UntagPolicyCommand({ PolicyArn: arn('p'), TagKeys: ['a'] }));
    expect((await iam.send(new ListPolicyTagsCommand({ PolicyArn: arn('p') }))).Tags).toEqual([
      { Key: 'b', Value: '2' },
    ]);
    expect((await iam.send(new GetPolicyCommand({ PolicyArn: arn('p') }))).Policy?.Tags).toEqual([
      { Key: 'b', Value: '2' },
    ]);
  });
});

describe('versions', () => {
  beforeEach(() => create('p'));
  const version = (SetAsDefault = false): Promise<unknown> =>
    iam.send(
      new CreatePolicyVersionCommand({
        PolicyArn: arn('p'),
        PolicyDocument: DOCUMENT.replace('s3:*', 'iam:*'),
        SetAsDefault,
      }),
    );

  it('are numbered on, newest first, and one is in force', async () => {
    await version(true);
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn('p'), VersionId: 'v1' }));
    await version();
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: arn('p') }));
    expect(Versions?.map((one) => [one.VersionId, one.IsDefaultVersion])).toEqual([
      ['v3', false],
      ['v2', true],
    ]);
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: arn('p'), VersionId: 'v3' }));
    expect((await iam.send(new GetPolicyCommand({ PolicyArn: arn('p') }))).Policy?.DefaultVersionId).toBe('v3');
  });

  it('IAM: documents come percent-encoded', async () => {
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn: arn('p'), VersionId: 'v1' }));
    expect(PolicyVersion?.Document).toMatch(/^%7B%22Version%22/);
    expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toBe(DOCUMENT);
  });

  it('IAM: at most 5 versions → LimitExceeded', async () => {
    for (let made = 1; made < 5; made += 1) await version();
    expect(await refusalOf(version())).toMatchObject({ code: 'LimitExceeded' });
  });

  it('IAM: the default version cannot be deleted → DeleteConflict', async () => {
    expect(
      await refusalOf(iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn('p'), VersionId: 'v1' }))),
    ).toMatchObject({ code: 'DeleteConflict' });
  });

  it('IAM: DeletePolicy needs every non-default version deleted', async () => {
    await version();
    expect(await refusalOf(iam.send(new DeletePolicyCommand({ PolicyArn: arn('p') })))).toMatchObject({
      code: 'DeleteConflict',
      status: 409,
    });
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn('p'), VersionId: 'v2' }));
    await iam.send(new DeletePolicyCommand({ PolicyArn: arn('p') }));
  });
});

describe('attachments', () => {
  beforeEach(async () => {
    await create('p');
    await iam.send(new CreateUserCommand({ UserName: 'anna' }));
    await iam.send(new CreateGroupCommand({ GroupName: 'g' }));
  });
  const attach = (PolicyArn = arn('p')): Promise<unknown> =>
    iam.send(new AttachUserPolicyCommand({ UserName: 'anna', PolicyArn }));

  it('IAM: DeletePolicy needs no attachments', async () => {
    await attach();
    expect(await refusalOf(iam.send(new DeletePolicyCommand({ PolicyArn: arn('p') })))).toMatchObject({
      code: 'DeleteConflict',
      message: 'Cannot delete a policy attached to entities.',
    });
    await iam.send(new DetachUserPolicyCommand({ UserName: 'anna', PolicyArn: arn('p') }));
    await iam.send(new DeletePolicyCommand({ PolicyArn: arn('p') }));
  });

  it('are counted and listed from both sides; attaching twice is no error', async () => {
    await attach();
    await attach();
    await iam.send(new AttachGroupPolicyCommand({ GroupName: 'g', PolicyArn: arn('p') }));
    expect((await iam.send(new GetPolicyCommand({ PolicyArn: arn('p') }))).Policy?.AttachmentCount).toBe(2);
    expect((await iam.send(new ListAttachedUserPoliciesCommand({ UserName: 'anna' }))).AttachedPolicies).toEqual([
      { PolicyName: 'p', PolicyArn: arn('p') },
    ]);
    expect(await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: arn('p') }))).toMatchObject({
      PolicyGroups: [{ GroupName: 'g' }],
      PolicyUsers: [{ UserName: 'anna' }],
      PolicyRoles: [],
      IsTruncated: false,
    });
    expect(
      await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: arn('p'), EntityFilter: 'Group' })),
    ).toMatchObject({ PolicyGroups: [{ GroupName: 'g' }], PolicyUsers: [] });
  });

  it('IAM: a policy that is not there, or not attached → NoSuchEntity', async () => {
    expect(await refusalOf(attach(arn('none')))).toMatchObject({ code: 'NoSuchEntity', status: 404 });
    expect(
      await refusalOf(iam.send(new DetachUserPolicyCommand({ UserName: 'anna', PolicyArn: arn('p') }))),
    ).toMatchObject({ code: 'NoSuchEntity' });
  });

  it('of AWS’s own policies work and are listed by scope', async () => {
    await attach('arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess');
    const names = async (input: ListPoliciesCommandInput): Promise<(string | undefined)[]> =>
      ((await iam.send(new ListPoliciesCommand(input))).Policies ?? []).map((policy) => policy.PolicyName);
    expect(await names({ Scope: 'Local' })).toEqual(['p']);
    expect(await names({ Scope: 'AWS', OnlyAttached: true })).toEqual(['AmazonS3ReadOnlyAccess']);
    expect(await names({})).toEqual(expect.arrayContaining(['p', 'AdministratorAccess']));
  });

  it('as a boundary stop the deletion, too', async () => {
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'anna', PermissionsBoundary: arn('p') }));
    expect((await iam.send(new GetPolicyCommand({ PolicyArn: arn('p') }))).Policy).toMatchObject({
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 1,
    });
    expect(await refusalOf(iam.send(new DeletePolicyCommand({ PolicyArn: arn('p') })))).toMatchObject({
      code: 'DeleteConflict',
    });
  });
});

describe('inline policies', () => {
  beforeEach(() => iam.send(new CreateUserCommand({ UserName: 'anna' })));
  const put = (PolicyName: string, PolicyDocument: string): Promise<unknown> =>
    iam.send(new PutUserPolicyCommand({ UserName: 'anna', PolicyName, PolicyDocument }));

  it('are put, replaced, listed and given percent-encoded', async () => {
    await put('b', DOCUMENT);
    await put('a', DOCUMENT);
    await put('a', DOCUMENT.replace('s3:*', 'iam:*'));
    expect((await iam.send(new ListUserPoliciesCommand({ UserName: 'anna' }))).PolicyNames).toEqual(['a', 'b']);
    const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName: 'anna', PolicyName: 'a' }));
    expect(decodeURIComponent(PolicyDocument ?? '')).toContain('iam:*');
    expect(await refusalOf(iam.send(new GetUserPolicyCommand({ UserName: 'anna', PolicyName: 'c' })))).toMatchObject({
      code: 'NoSuchEntity',
    });
  });

  it('IAM: all inline policies of a user have at most 2048 characters together', async () => {
    await put('a', documentOf(1500));
    expect(await refusalOf(put('b', documentOf(600)))).toMatchObject({ code: 'LimitExceeded', status: 409 });
    await put('a', documentOf(1400));
    await put('b', documentOf(600));
  });
});
