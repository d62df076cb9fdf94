import { CreatePolicyCommand, GetGroupCommand, GetPolicyVersionCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { answer, definePlan } from '../../../src/engine/plan';
import { toDomainError } from '../../../src/base/errors';
import { asBucket, asWebsite } from '../../../src/domain/shared/subject';
import {
  claimsOnRoles,
  lookAtRole,
  lookAtRoles,
  type RoleSeen,
  wholeRole,
} from '../../../src/domain/access/whole-role';
import { type Role, roleOf } from '../../../src/domain/shared/role';
import { mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { arnOfPolicy, emptyIam, holdsGroup, holdsPolicy, iamGroup } from '../../support/mocks/mocked-iam';
import { titles, waitsFor } from '../../support/mocks/mocked-run';
import { scopeOn } from '../../support/steps';
import { refusalOf } from '../client/rules/settings';

const writer = roleOf('photos', 'BktRW');
const ABSENT: RoleSeen = { group: 'absent', shape: null, namesake: null, policy: false, attached: false, policies: [] };
const [POLICY, GROUP, ATTACH] = [
  'Create policy photos-BktRWPlc',
  'Create group photos-BktRWGrp',
  'Attach policy photos-BktRWPlc to group photos-BktRWGrp',
];

const planFor = ({ context }: MockedAws, seen: RoleSeen | undefined, role: Role = writer, arn?: string) =>
  definePlan('test', 'Test', (step) => {
    wholeRole(context, role, seen, arn, step);
    return answer({}, () => undefined);
  });

test.each([
  ['nothing', ABSENT, [POLICY, GROUP, ATTACH]],
  ['nothing that anybody looked at', undefined, [POLICY, GROUP, ATTACH]],
  ['a policy alone', { ...ABSENT, policy: true }, [GROUP, ATTACH]],
  ['a group alone', { ...ABSENT, group: 'own' }, [POLICY, ATTACH]],
  ['both, apart', { ...ABSENT, group: 'own', policy: true }, [ATTACH]],
  [
    'a group to which a policy that is gone was attached',
    { ...ABSENT, group: 'own', attached: true },
    [POLICY, ATTACH],
  ],
  ['all of it', { ...ABSENT, group: 'own', policy: true, attached: true }, []],
] as const)('of a role there is %s: the rest is made', async (_, seen, expected) => {
  const aws = await mockedAws();
  const plan = planFor(aws, seen);
  expect(titles(plan)).toEqual(expected);
  expect(waitsFor(plan, ATTACH)).toEqual(expected.filter((title) => title !== ATTACH));
  expect(claimsOnRoles(aws.context, [writer], seen === undefined ? [] : [seen])).toEqual(
    expected.length === 0 ? [] : ['demo/group/photos-bktrwgrp'],
  );
});

test('somebody else’s group of that name stays theirs', async () => {
  const aws = await mockedAws();
  expect(refusalOf(() => planFor(aws, { ...ABSENT, group: 'foreign' }))).toMatchObject({
    kind: 'exists',
    detail: expect.stringContaining('photos-BktRWGrp'),
  });
});

describe('the admin of a distribution', () => {
  const admin = roleOf('docs.example.org', 'WebAdm');

  test('may do on it what the account says', async () => {
    const aws = await mockedAws({ distributionActions: ['cloudfront:CreateInvalidation'] });
    const [policy] = planFor(aws, ABSENT, admin, 'arn:aws:cloudfront::1:distribution/E1').steps;
    await policy?.run({}, scopeOn(aws.clock));
    expect(JSON.parse(aws.iam.commandCalls(CreatePolicyCommand)[0]?.args[0].input.PolicyDocument ?? '')).toMatchObject({
      Statement: [{ Action: ['cloudfront:CreateInvalidation'], Resource: ['arn:aws:cloudfront::1:distribution/E1'] }],
    });
  });

  test('cannot be made where there is none; one that is whole needs none', async () => {
    const aws = await mockedAws();
    expect(refusalOf(() => planFor(aws, ABSENT, admin))).toMatchObject({
      kind: 'conflict',
      detail: expect.stringContaining('docs.example.org has no CloudFront distribution'),
    });
    expect(titles(planFor(aws, { ...ABSENT, group: 'own', policy: true, attached: true }, admin))).toEqual([]);
  });
});

describe('looking at a role', () => {
  test('tells its own group from one of the same name under another path', async () => {
    const aws = await mockedAws();
    emptyIam(aws);
    const look = () => lookAtRole(aws.context, asBucket('photos'), writer);
    expect(await look()).toEqual(ABSENT);
    holdsGroup(aws, iamGroup('photos-BktRWGrp'), ['photos-BktRWPlc']);
    holdsPolicy(aws, 'photos-BktRWPlc');
    expect(await look()).toMatchObject({
      group: 'own',
      policy: true,
      attached: true,
      policies: [{ Arn: arnOfPolicy('photos-BktRWPlc'), PolicyName: 'photos-BktRWPlc' }],
    });
    aws.iam.on(GetGroupCommand).resolves({ Group: iamGroup('photos-BktRWGrp', '/team/') });
    expect(await look()).toMatchObject({ group: 'foreign' });
  });

  test.each([
    ['grants its folder', 'docs', { group: 'own', policy: true, attached: true }],
    ['grants another', 'other', undefined],
  ])('a folder’s group of the predecessor’s that %s', async (_, folder, expected) => {
    const aws = await mockedAws();
    emptyIam(aws);
    const name = 'docs.example.org-docs-BktRW';
    holdsGroup(aws, iamGroup(`${name}Grp`), [`${name}Plc`]);
    const document = {
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::docs.example.org/${folder}/*` }],
    };
    holdsPolicy(aws, `${name}Plc`);
    aws.iam
      .on(GetPolicyVersionCommand)
      .resolves({ PolicyVersion: { Document: encodeURIComponent(JSON.stringify(document)) } });
    const seen = await lookAtRole(
      aws.context,
      asWebsite('docs.example.org'),
      roleOf('docs.example.org', 'BktRW', 'docs'),
    ).catch((thrown: unknown) => toDomainError(thrown));
    expect(seen).toMatchObject(
      expected ?? { kind: 'exists', detail: `the group ${name}Grp exists already and is not this bucket's` },
    );
  });
});

describe('a folder beside a bucket that has its names', () => {
  const editor = roleOf('docs.example.org', 'BktRW', 'img');
  const namesake = 'docs.example.org-img';

  test('gets no group', async () => {
    const aws = await mockedAws();
    expect(refusalOf(() => planFor(aws, { ...ABSENT, namesake }, editor))).toMatchObject({
      kind: 'conflict',
      detail: expect.stringContaining(`a bucket ${namesake},`),
    });
  });

  test('goes on with the group it has', async () => {
    const aws = await mockedAws();
    expect(titles(planFor(aws, { ...ABSENT, namesake, group: 'own', shape: {}, policy: true }, editor))).toEqual([
      'Attach policy docs.example.org-img-BktRWPlc to group docs.example.org-img-BktRWGrp',
    ]);
  });

  test('is looked for once for all its roles, and not for roles of the whole site', async () => {
    const aws = await mockedAws();
    emptyIam(aws);
    aws.s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: namesake }] });
    const look = (roles: readonly Role[]) => lookAtRoles(aws.context, asWebsite('docs.example.org'), roles);
    expect((await look([editor, roleOf('docs.example.org', 'BktRO', 'img')])).map((seen) => seen.namesake)).toEqual([
      namesake,
      namesake,
    ]);
    expect(aws.s3.commandCalls(ListBucketsCommand)).toHaveLength(1);
    expect((await look([roleOf('docs.example.org', 'BktRW')])).map((seen) => seen.namesake)).toEqual([null]);
    expect(aws.s3.commandCalls(ListBucketsCommand)).toHaveLength(1);
  });
});
