import { isPolicyOfDistribution } from '../../../src/domain/shared/policies';

const root = { partition: 'aws', accountId: '123456789012' };
const one = 'arn:aws:cloudfront::123456789012:distribution/E1ABC';
const policy = (...resources: readonly unknown[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: resources.map((Resource) => ({ Effect: 'Allow', Action: 'cloudfront:*', Resource })),
  });

test.each([
  ['of one distribution', policy(one), true],
  ['that names it twice', policy(one, one), true],
  ['of two distributions', policy(one, `${one}D`), false],
  ['of all distributions', policy('arn:aws:cloudfront::123456789012:distribution/*'), false],
  ['of another account', policy(one.replace('123456789012', '210987654321')), false],
  ['of a bucket', policy('arn:aws:s3:::photos'), false],
  ['without statements', policy(), false],
  ['that is no JSON', 'nonsense', false],
])('a policy %s is of one distribution: %s', (_title, document, expected) => {
  expect(isPolicyOfDistribution(document, root)).toBe(expected);
});
