import type { Permission, Principal } from '../../../src/sandbox/contract';
import { authorize } from '../../../src/sandbox/policy/authorize';

const HOME = '123456789012';
const AWAY = '210987654321';
const USER: Principal = { kind: 'user', accountId: HOME, userName: 'anna', arn: `arn:aws:iam::${HOME}:user/anna` };
const ROOT: Principal = { kind: 'root', accountId: HOME };
const NOBODY: Principal = { kind: 'anonymous' };
const GET = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/docs/a.txt' };

function session(...sessionPolicies: string[]): Principal {
  const arn = `arn:aws:sts::${HOME}:assumed-role/worker/s1`;
  return { kind: 'session', accountId: HOME, arn, roleName: 'worker', sessionName: 's1', sessionPolicies, tags: {} };
}

interface Part {
  readonly effect?: 'Allow' | 'Deny';
  readonly action?: string | string[];
  readonly resource?: string | string[];
  readonly principal?: unknown;
  readonly more?: object;
}

function policy(...parts: Part[]): string {
  const Statement = parts.map(({ effect = 'Allow', action = 's3:*', resource = '*', principal, more = {} }) => ({
    Effect: effect,
    ...('NotAction' in more ? {} : { Action: action }),
    ...('NotResource' in more ? {} : { Resource: resource }),
    ...(principal === undefined ? {} : { Principal: principal }),
    ...more,
  }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function trust(principal: unknown, more: object = {}): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal, ...more },
  });
}

interface Case {
  readonly by?: Principal;
  readonly identity?: readonly string[];
  readonly boundary?: string;
  readonly ask?: Partial<Permission>;
  readonly context?: Record<string, string>;
}

const EVERYBODY = { resourcePolicy: policy({ principal: '*' }) };
const ALL = policy({});
const ALLOW_USER = { resourcePolicy: policy({ principal: { AWS: `arn:aws:iam::${HOME}:user/anna` } }) };
const ALLOW_ACCOUNT = { resourcePolicy: policy({ principal: { AWS: `arn:aws:iam::${HOME}:root` } }) };
const ALLOW_ROLE = { resourcePolicy: policy({ principal: { AWS: `arn:aws:iam::${HOME}:role/path/worker` } }) };
const FOREIGN = { resourceOwner: AWAY };
const ASSUME = {
  action: 'sts:AssumeRole',
  resource: `arn:aws:iam::${HOME}:role/worker`,
  resourceOwner: HOME,
  requiresResourcePolicy: true,
};

const ROWS: readonly (readonly [string, Case, boolean])[] = [
  ['root → allowed without any policy', { by: ROOT }, true],
  ['user without policies → refused', {}, false],
  [
    'user with a matching Allow → allowed',
    { identity: [policy({ action: 's3:GetObject', resource: 'arn:aws:s3:::b/*' })] },
    true,
  ],
  ['action in another case → allowed', { identity: [policy({ action: 'S3:getobject' })] }, true],
  ['other action → refused', { identity: [policy({ action: 's3:PutObject' })] }, false],
  ['other resource → refused', { identity: [policy({ resource: 'arn:aws:s3:::c/*' })] }, false],
  ['NotAction that lists it → refused', { identity: [policy({ more: { NotAction: ['s3:Get*'] } })] }, false],
  ['NotAction that does not → allowed', { identity: [policy({ more: { NotAction: ['iam:*'] } })] }, true],
  [
    'NotResource that covers it → refused',
    { identity: [policy({ more: { NotResource: 'arn:aws:s3:::b/*' } })] },
    false,
  ],
  ['Deny in another policy → refused', { identity: [ALL, policy({ effect: 'Deny', action: 's3:GetObject' })] }, false],
  ['Deny of something else → allowed', { identity: [ALL, policy({ effect: 'Deny', action: 's3:PutObject' })] }, true],
  [
    'condition on a key of the call → allowed',
    {
      identity: [policy({ more: { Condition: { StringLike: { 's3:prefix': 'docs/*' } } } })],
      ask: { conditions: { 's3:prefix': 'docs/x' } },
    },
    true,
  ],
  [
    'condition that fails → refused',
    {
      identity: [policy({ more: { Condition: { StringLike: { 's3:prefix': 'docs/*' } } } })],
      ask: { conditions: { 's3:prefix': 'top' } },
    },
    false,
  ],
  [
    'resource with a variable → allowed for the named user',
    {
      identity: [policy({ resource: 'arn:aws:s3:::b/${aws:username}/*' })],
      ask: { resource: 'arn:aws:s3:::b/anna/x' },
      context: { 'aws:username': 'anna' },
    },
    true,
  ],
  [
    'resource with a variable → refused for others',
    {
      identity: [policy({ resource: 'arn:aws:s3:::b/${aws:username}/*' })],
      ask: { resource: 'arn:aws:s3:::b/bob/x' },
      context: { 'aws:username': 'anna' },
    },
    false,
  ],
  [
    'tag of the caller against tag of the resource → allowed',
    {
      identity: [
        policy({ more: { Condition: { StringEquals: { 'aws:ResourceTag/org': '${aws:PrincipalTag/org}' } } } }),
      ],
      ask: { conditions: { 'aws:ResourceTag/org': 'x' } },
      context: { 'aws:PrincipalTag/org': 'x' },
    },
    true,
  ],

  ['boundary that allows → allowed', { identity: [ALL], boundary: policy({ action: 's3:Get*' }) }, true],
  ['boundary that is silent → refused', { identity: [ALL], boundary: policy({ action: 'iam:*' }) }, false],
  ['boundary alone grants nothing → refused', { boundary: ALL }, false],
  [
    'boundary that denies beats a grant by name on the resource → refused',
    { boundary: policy({ effect: 'Deny' }), ask: ALLOW_USER },
    false,
  ],
  [
    'silent boundary does not narrow a grant by name on the resource → allowed',
    { boundary: policy({ action: 'iam:*' }), ask: ALLOW_USER },
    true,
  ],

  ['same account, resource policy names the user → allowed without identity policy', { ask: ALLOW_USER }, true],
  ['same account, resource policy names the account → refused without identity policy', { ask: ALLOW_ACCOUNT }, false],
  ['same account, resource policy names everybody → allowed', { ask: EVERYBODY }, true],
  [
    'same account, resource policy denies the account → refused',
    { identity: [ALL], ask: { resourcePolicy: policy({ effect: 'Deny', principal: { AWS: HOME } }) } },
    false,
  ],
  [
    'NotPrincipal with Deny spares the listed user → allowed',
    {
      identity: [ALL],
      ask: {
        resourcePolicy: policy({ effect: 'Deny', more: { NotPrincipal: { AWS: `arn:aws:iam::${HOME}:user/anna` } } }),
      },
    },
    true,
  ],
  [
    'NotPrincipal with Deny hits the others → refused',
    {
      identity: [ALL],
      ask: {
        resourcePolicy: policy({ effect: 'Deny', more: { NotPrincipal: { AWS: `arn:aws:iam::${HOME}:user/bob` } } }),
      },
    },
    false,
  ],

  ['other account, identity policy alone → refused', { identity: [ALL], ask: FOREIGN }, false],
  ['other account, resource policy alone → refused', { ask: { ...FOREIGN, ...ALLOW_USER } }, false],
  ['other account, both sides → allowed', { identity: [ALL], ask: { ...FOREIGN, ...ALLOW_USER } }, true],
  [
    'other account, resource policy names the whole account, identity allows → allowed',
    { identity: [ALL], ask: { ...FOREIGN, ...ALLOW_ACCOUNT } },
    true,
  ],
  [
    'other account, public policy under RestrictPublicBuckets → refused',
    { identity: [ALL], ask: { ...FOREIGN, ...EVERYBODY, restrictPublic: true } },
    false,
  ],
  ['root in another account → refused without resource policy', { by: ROOT, ask: FOREIGN }, false],
  [
    'root in another account → allowed by its resource policy',
    { by: ROOT, ask: { ...FOREIGN, ...ALLOW_ACCOUNT } },
    true,
  ],

  ['anonymous without resource policy → refused', { by: NOBODY, ask: FOREIGN }, false],
  ['anonymous, policy for everybody → allowed', { by: NOBODY, ask: { ...FOREIGN, ...EVERYBODY } }, true],
  [
    'anonymous, RestrictPublicBuckets → refused',
    { by: NOBODY, ask: { ...FOREIGN, ...EVERYBODY, restrictPublic: true } },
    false,
  ],
  ['anonymous, policy for one account → refused', { by: NOBODY, ask: { ...FOREIGN, ...ALLOW_ACCOUNT } }, false],
  [
    'anonymous, Deny beside Allow → refused',
    { by: NOBODY, ask: { ...FOREIGN, resourcePolicy: policy({ principal: '*' }, { effect: 'Deny', principal: '*' }) } },
    false,
  ],

  ['session with the role policy → allowed', { by: session(), identity: [ALL] }, true],
  [
    'session policy narrows the role → refused',
    { by: session(policy({ action: 's3:PutObject' })), identity: [ALL] },
    false,
  ],
  ['session policy alone grants nothing → refused', { by: session(ALL) }, false],
  [
    'session policies count together → allowed',
    { by: session(policy({ action: 'iam:*' }), policy({ action: 's3:Get*' })), identity: [ALL] },
    true,
  ],
  ['resource policy names the role → allowed without role policy', { by: session(), ask: ALLOW_ROLE }, true],
  [
    'resource policy names the role, session policy is silent → refused',
    { by: session(policy({ action: 'iam:*' })), ask: ALLOW_ROLE },
    false,
  ],

  [
    'AssumeRole, trust names the user → allowed',
    { ask: { ...ASSUME, resourcePolicy: trust({ AWS: `arn:aws:iam::${HOME}:user/anna` }) } },
    true,
  ],
  [
    'AssumeRole, trust names the account, identity silent → refused',
    { ask: { ...ASSUME, resourcePolicy: trust({ AWS: HOME }) } },
    false,
  ],
  [
    'AssumeRole, trust names the account, identity allows → allowed',
    { identity: [policy({ action: 'sts:AssumeRole' })], ask: { ...ASSUME, resourcePolicy: trust({ AWS: HOME }) } },
    true,
  ],
  ['AssumeRole, identity allows, no trust → refused', { identity: [policy({ action: 'sts:*' })], ask: ASSUME }, false],
  [
    'AssumeRole, ExternalId missing → refused',
    {
      by: ROOT,
      ask: {
        ...ASSUME,
        resourcePolicy: trust({ AWS: HOME }, { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }),
      },
    },
    false,
  ],
  [
    'AssumeRole, ExternalId given → allowed',
    {
      by: ROOT,
      ask: {
        ...ASSUME,
        conditions: { 'sts:ExternalId': 'x' },
        resourcePolicy: trust({ AWS: HOME }, { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }),
      },
    },
    true,
  ],
];

describe('authorize', () => {
  it.each(ROWS)('%s', (_title, { by = USER, identity = [], boundary, ask = {}, context = {} }, allowed) => {
    const decision = authorize({
      principal: by,
      permission: { ...GET, ...ask },
      grants: { identity, boundary },
      conditions: context,
    });
    expect(decision.allowed).toBe(allowed);
  });

  it.each<[string, Case, string]>([
    ['implicit', {}, 'because no identity-based policy allows the s3:GetObject action'],
    ['explicit', { identity: [policy({ effect: 'Deny' })] }, 'with an explicit deny in an identity-based policy'],
    [
      'boundary',
      { identity: [ALL], boundary: policy({ action: 'iam:*' }) },
      'because no permissions boundary allows the s3:GetObject action',
    ],
    [
      'session',
      { by: session(policy({ action: 'iam:*' })), identity: [ALL] },
      'because no session policy allows the s3:GetObject action',
    ],
  ])('says why: %s', (_title, { by = USER, identity = [], boundary }, because) => {
    expect(authorize({ principal: by, permission: GET, grants: { identity, boundary }, conditions: {} })).toEqual({
      allowed: false,
      because,
    });
  });

  it('knows no variables in documents of 2008', () => {
    const old = policy({ resource: 'arn:aws:s3:::b/${aws:username}' }).replace('2012-10-17', '2008-10-17');
    const permission = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/anna' };
    const decision = authorize({
      principal: USER,
      permission,
      grants: { identity: [old], boundary: undefined },
      conditions: { 'aws:username': 'anna' },
    });
    expect(decision.allowed).toBe(false);
  });
});
