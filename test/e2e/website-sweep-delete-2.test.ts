import { startSiteWorld } from '../support/e2e/site';
import { deletion } from '../support/e2e/site-sweep';
import { sweepAll } from '../support/e2e/sweep-suite';

sweepAll('the rest of the AWS calls of a website’s deletion fails in every way', [deletion], () => startSiteWorld(), {
  nth: 1,
  of: 2,
});
