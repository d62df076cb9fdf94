import { killSweep, type KillScenario, lineOf, type Request } from '../support/e2e/kill-sweep';
import { targetName } from '../support/e2e/target';

/** The real process is killed at every AWS call of a write: after the next start all of it is there, or nothing. */

const BUCKET = 'killed';
const SITE = 'killed.example.org';
const USER = 'killed-user';
const TAGS = [{ Key: 'Application', Value: 'HowToGet' }];

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

const scenarios: readonly KillScenario[] = [
  { title: 'create bucket', requests: [], write: makeBucket, again: [200, 202, 409] },
  { title: 'create user', requests: [makeBucket], write: makeUser, again: [200, 409] },
  {
    title: 'reset keys',
    requests: [makeBucket, makeUser],
    write: { method: 'PUT', path: `/demo/buckets/${BUCKET}/users/${USER}` },
    again: [200],
  },
  {
    title: 'delete bucket',
    requests: [makeBucket, makeUser],
    write: { method: 'DELETE', path: `/demo/buckets/${BUCKET}` },
    again: [200, 404],
  },
  { title: 'create website', requests: [], write: makeSite, again: [200, 202, 409] },
  {
    title: 'delete website',
    requests: [makeSite, { ...makeUser, path: `/demo/websites/${SITE}/users` }],
    write: { method: 'DELETE', path: `/demo/websites/${SITE}` },
    again: [200, 404],
  },
];

/** Undos ask IAM for some seconds before they believe that something is not there. */
const PATIENCE_MS = 900_000;

// An AWS that survives the service, and can kill it, is ours alone.
(targetName === 'sandbox' ? describe : describe.skip)('the process is killed', () => {
  test.each(scenarios)(
    '$title',
    async (scenario) => {
      const report = await killSweep(scenario);
      console.log(lineOf(scenario.title, report));
      expect(report.wrong).toEqual([]);
    },
    PATIENCE_MS,
  );
});
