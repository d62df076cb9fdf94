import { authorize } from '../../../src/sandbox/policy/authorize';
import { authorizeService } from '../../../src/sandbox/policy/authorize-service';

const CLOUDFRONT = 'cloudfront.amazonaws.com';
const SOURCE = { 'aws:SourceArn': 'arn:aws:cloudfront::123456789012:distribution/E1' };

function permission(...statements: readonly object[]) {
  const resourcePolicy = JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((one) => ({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*', ...one })),
  });
  return { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', resourcePolicy, resourceOwner: '123456789012' };
}

const allow = {
  Effect: 'Allow',
  Principal: { Service: CLOUDFRONT },
  Condition: { StringEquals: { 'AWS:SourceArn': SOURCE['aws:SourceArn'] } },
};

describe('service principals in a resource policy', () => {
  test('let in the service they name, under their conditions', () => {
    expect(authorizeService(CLOUDFRONT, permission(allow), SOURCE)).toBe(true);
    expect(
      authorizeService(CLOUDFRONT, permission(allow), {
        'aws:SourceArn': 'arn:aws:cloudfront::123456789012:distribution/E2',
      }),
    ).toBe(false);
    expect(authorizeService('logging.s3.amazonaws.com', permission(allow), SOURCE)).toBe(false);
  });

  test('an explicit deny wins; a policy for everyone lets services in, too', () => {
    expect(authorizeService(CLOUDFRONT, permission(allow, { Effect: 'Deny', Principal: '*' }), SOURCE)).toBe(false);
    expect(authorizeService(CLOUDFRONT, permission({ Effect: 'Allow', Principal: '*' }), {})).toBe(true);
  });

  test('let no signer in, whatever its name', () => {
    const unconditional = permission(
      { Effect: 'Allow', Principal: { Service: '*' } },
      { Effect: 'Allow', Principal: { Service: CLOUDFRONT } },
    );
    const asked = { permission: unconditional, grants: { identity: [], boundary: undefined }, conditions: SOURCE };
    expect(authorize({ ...asked, principal: { kind: 'anonymous' } }).allowed).toBe(false);
    const arn = 'arn:aws:iam::123456789012:user/cloudfront.amazonaws.com';
    expect(
      authorize({ ...asked, principal: { kind: 'user', accountId: '123456789012', userName: CLOUDFRONT, arn } })
        .allowed,
    ).toBe(false);
  });
});
