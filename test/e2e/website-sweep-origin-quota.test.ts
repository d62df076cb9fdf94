import { SANDBOX_CERTIFICATE, startSiteWorld } from '../support/e2e/site';
import { forgetfulClock } from '../support/e2e/forgetful-clock';
import { creation } from '../support/e2e/site-sweep';
import type { Scenario } from '../support/e2e/sweep';
import { must, sweepAll } from '../support/e2e/sweep-suite';

/** The plan grows: the origin access control that is there has all the distributions that it may have. */

const { clock, forget } = forgetfulClock();
/** As many as fill one: what a failed creation leaves to the cleaner takes a place beside its repetition. */
const OTHERS = ['one.example.org', 'two.example.org'];
const alone = creation('create website, private origin, the origin access control is full', forget);

const beside: Scenario = {
  ...alone,
  arrange: async (world) => {
    for (const Bucket of OTHERS) await must(world, 'POST', '/demo/websites', { BucketInput: { Bucket } });
  },
  afterwards: async (world) => {
    for (const other of OTHERS) await must(world, 'DELETE', `/demo/websites/${other}`);
    return (await alone.afterwards?.(world)) ?? [];
  },
};

sweepAll('every AWS call of a website that needs a further origin access control fails in every way', [beside], () =>
  startSiteWorld({
    domain: { origin: 'private', certArn: SANDBOX_CERTIFICATE },
    clock,
    sandbox: { cloudfront: { deploySeconds: 0, distributionsPerAccessControl: 2, distributionsPerFunction: 2 } },
  }),
);
