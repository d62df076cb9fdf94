import { parsePolicy } from '../../../src/sandbox/policy/document';

const STATEMENT = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

function problem(
  statement: unknown,
  kind: 'identity' | 'resource' | 'trust' = 'identity',
  top: object = {},
): string | undefined {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement, ...top }), kind);
  return 'problem' in parsed ? parsed.problem : undefined;
}

describe('well-formed documents', () => {
  it.each<[string, unknown, 'identity' | 'resource' | 'trust']>([
    ['one statement without a list', STATEMENT, 'identity'],
    ['lists everywhere', [{ ...STATEMENT, Sid: 'A1', Action: ['s3:Get*', '*'], Resource: ['*'] }], 'identity'],
    ['NotAction and NotResource', { Effect: 'Deny', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::x' }, 'identity'],
    ['a bucket policy', { ...STATEMENT, Principal: '*' }, 'resource'],
    [
      'a bucket policy with a list of principals',
      { ...STATEMENT, Principal: { AWS: ['123456789012', '*'] } },
      'resource',
    ],
    [
      'a trust policy',
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::123456789012:root' } },
      'trust',
    ],
  ])('takes %s', (_title, statement, kind) => {
    expect(problem(statement, kind)).toBeUndefined();
  });
});

describe('malformed documents', () => {
  it.each<[string, unknown, string]>([
    ['no effect', { Action: 's3:*', Resource: '*' }, 'Syntax errors in policy.'],
    ['a made-up effect', { ...STATEMENT, Effect: 'Permit' }, 'Syntax errors in policy.'],
    ['an unknown member', { ...STATEMENT, Actions: 's3:*' }, 'Syntax errors in policy.'],
    ['no action', { Effect: 'Allow', Resource: '*' }, 'Policy statement must contain actions.'],
    ['both Action and NotAction', { ...STATEMENT, NotAction: 's3:*' }, 'Syntax errors in policy.'],
    ['an empty list of actions', { ...STATEMENT, Action: [] }, 'Syntax errors in policy.'],
    [
      'an action without vendor',
      { ...STATEMENT, Action: 'GetObject' },
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    ['no resource', { Effect: 'Allow', Action: 's3:*' }, 'Policy statement must contain resources.'],
    [
      'a resource that is no ARN',
      { ...STATEMENT, Resource: 'bucket' },
      'Resource bucket must be in ARN format or "*".',
    ],
    ['a principal', { ...STATEMENT, Principal: '*' }, 'Policy document should not specify a principal.'],
    [
      'equal statement ids',
      [
        { ...STATEMENT, Sid: 'A' },
        { ...STATEMENT, Sid: 'A' },
      ],
      'Statement IDs (SID) in a single policy must be unique.',
    ],
  ])('refuses %s', (_title, statement, expected) => {
    expect(problem(statement)).toBe(expected);
  });

  it('refuses a bucket policy without principal and a trust policy with resource', () => {
    expect(problem(STATEMENT, 'resource')).toBe('Missing required field Principal');
    expect(problem({ ...STATEMENT, Principal: '*' }, 'trust')).toBe('Has prohibited field Resource');
  });

  it.each([[{ Version: '2013-01-01' }], [{ Statement: [] }], [{ Extra: 1 }]])('refuses the top level %j', (top) => {
    expect(problem(STATEMENT, 'identity', top)).toBe('Syntax errors in policy.');
  });

  it('refuses what is not JSON, without throwing', () => {
    expect(parsePolicy('{', 'identity')).toEqual({ problem: 'Syntax errors in policy.' });
  });
});
