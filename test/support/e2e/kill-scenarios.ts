import type { KillScenario, Request } from './kill-sweep';
import { countsIn } from './site-facts';

/** Every write of the table of operations, as a process is killed in it. */

const BUCKET = 'killed';
const SITE = 'killed.example.org';
const USER = 'killed-user';
const TAGS = [{ Key: 'Application', Value: 'HowToGet' }];
const OTHER_TAGS = [{ Key: 'Application', Value: 'Another' }];

const makeBucket: Request = {
  method: 'POST',
  path: '/demo/buckets',
  body: { BucketInput: { Bucket: BUCKET }, Tags: TAGS },
};
const makeSite: Request = {
  method: 'POST',
  path: '/demo/websites',
  body: { BucketInput: { Bucket: SITE }, Tags: TAGS },
};
const makeUser: Request = {
  method: 'POST',
  path: `/demo/buckets/${BUCKET}/users`,
  body: { User: { UserName: USER } },
};
const onBucket = `/demo/buckets/${BUCKET}`;
const onSite = `/demo/websites/${SITE}`;
const onUser = `${onBucket}/users/${USER}`;

/** The path of the key that an answer tells of. */
function keyPath(answer = '{}'): string {
  // openapi.yaml says what it holds.
  const { AccessKey } = JSON.parse(answer) as { readonly AccessKey?: { readonly AccessKeyId: string } };
  return `${onUser}/keys/${AccessKey?.AccessKeyId ?? ''}`;
}

export const killScenarios: readonly KillScenario[] = [
  { title: 'create bucket', requests: [], write: makeBucket, again: [200, 202, 409] },
  {
    title: 'update bucket',
    requests: [makeBucket],
    write: {
      method: 'PUT',
      path: onBucket,
      body: {
        Tags: OTHER_TAGS,
        Versioning: { Status: 'Enabled' },
        CORS: { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://a.example'] }] },
      },
    },
    again: [200],
  },
  {
    title: 'delete bucket',
    requests: [makeBucket, makeUser],
    write: { method: 'DELETE', path: onBucket },
    again: [200, 404],
  },
  { title: 'create website', requests: [], write: makeSite, again: [200, 202, 409] },
  {
    title: 'update website',
    requests: [makeSite],
    write: { method: 'PUT', path: onSite, body: { Tags: OTHER_TAGS } },
    again: [200],
  },
  {
    title: 'delete website',
    requests: [makeSite, { ...makeUser, path: `${onSite}/users` }],
    write: { method: 'DELETE', path: onSite },
    again: [200, 404],
  },
  {
    title: 'invalidate',
    requests: [makeSite],
    write: { method: 'PATCH', path: onSite, body: { CacheInvalidation: ['/*'] } },
    again: [200],
    repeats: true,
    counts: countsIn,
  },
  { title: 'create user', requests: [makeBucket], write: makeUser, again: [200, 409], secret: true },
  {
    title: 'change user',
    requests: [makeBucket, makeUser],
    write: { method: 'PATCH', path: onUser, body: { Status: 'Inactive', Groups: ['BktROGrp'] } },
    again: [200],
  },
  {
    title: 'delete user',
    requests: [makeBucket, makeUser],
    write: { method: 'DELETE', path: onUser },
    again: [200, 404],
  },
  {
    title: 'add key',
    requests: [makeBucket, makeUser],
    write: { method: 'POST', path: `${onUser}/keys` },
    again: [200, 409],
    secret: true,
  },
  {
    title: 'reset keys',
    requests: [makeBucket, makeUser],
    write: { method: 'PUT', path: onUser },
    again: [200],
    secret: true,
  },
  {
    title: 'revoke keys',
    requests: [makeBucket, makeUser],
    write: { method: 'DELETE', path: `${onUser}/keys` },
    again: [200],
  },
  {
    title: 'set key status',
    requests: [makeBucket, makeUser],
    write: ([, user]) => ({ method: 'PATCH', path: keyPath(user), body: { Status: 'Inactive' } }),
    again: [200],
  },
  {
    title: 'delete key',
    requests: [makeBucket, makeUser],
    write: ([, user]) => ({ method: 'DELETE', path: keyPath(user) }),
    again: [200, 404],
  },
  {
    title: 'run cleaner',
    requests: [makeSite, { method: 'DELETE', path: onSite }],
    write: { method: 'POST', path: '/demo/cleaner/run' },
    again: [200],
    counts: countsIn,
  },
];
