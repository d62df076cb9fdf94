import { startSiteWorld } from '../support/e2e/site';
import { deletion } from '../support/e2e/site-sweep';
import { sweepAll } from '../support/e2e/sweep-suite';

sweepAll('every other AWS call of a website’s deletion fails in every way', [deletion], () => startSiteWorld(), {
  nth: 0,
  of: 2,
});
