import { reasonOf } from '../../../src/aws/errors/denial';

/** Sentences of AWS's documentation (troubleshoot_access-denied.html, …-authorization-id.html) and of public reports. */
const ME = 'arn:aws:sts::111122223333:assumed-role/mallard/op-1';

test.each([
  [
    'a policy of the account, and an authorization id',
    `User: ${ME} is not authorized to perform: iam:CreateGroup on resource: arn:aws:iam::111122223333:group/photos-BktAdmGrp with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/ExampleDenyPolicy. Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/EXAMPLE1a2b3c4d5e`,
    'iam:CreateGroup on arn:aws:iam::111122223333:group/photos-BktAdmGrp with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/ExampleDenyPolicy (authorization id EXAMPLE1a2b3c4d5e)',
  ],
  [
    'a policy of the organization, without its managing account',
    `User: ${ME} is not authorized to perform: s3:CreateBucket on resource: "arn:aws:s3:::photos" with an explicit deny in a service control policy: arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd`,
    's3:CreateBucket on arn:aws:s3:::photos with an explicit deny in a service control policy: p-2kgnabcd',
  ],
  [
    'nothing that allows it',
    `User: ${ME} is not authorized to perform: iam:TagUser on resource: user ada because no identity-based policy allows the iam:TagUser action`,
    'iam:TagUser on user ada, because no identity-based policy allows the iam:TagUser action',
  ],
  [
    'S3’s block of public access',
    `User: ${ME} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::photos" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    's3:PutBucketPolicy on arn:aws:s3:::photos, because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access',
  ],
  [
    'a resource of another account, which is not named',
    `User: ${ME} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:444455556666:key/secret-name because no resource-based policy allows the kms:Decrypt action`,
    'kms:Decrypt on [of another account], because no resource-based policy allows the kms:Decrypt action',
  ],
])('a refusal tells %s', (_, message, expected) => {
  const said = reasonOf(message);
  expect(said).toBe(expected);
  expect(said).not.toMatch(/mallard|op-1|987654321098|444455556666/);
});

test.each([undefined, 'Access Denied', `User: ${ME} is not authorized`, ''])(
  'a refusal that says no more than that tells nothing (%s)',
  (message) => {
    expect(reasonOf(message)).toBeUndefined();
  },
);

test('a refusal of many words is cut, and has no control characters', () => {
  const said = reasonOf(`User: ${ME} is not authorized to perform: s3:GetObject because ${'x\u0007'.repeat(900)}`);
  expect(said?.length).toBe(400);
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  expect(said).not.toMatch(/[\u0000-\u001f]/);
});
