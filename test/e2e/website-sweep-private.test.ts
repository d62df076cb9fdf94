import { SANDBOX_CERTIFICATE, startSiteWorld } from '../support/e2e/site';
import { forgetfulClock } from '../support/e2e/forgetful-clock';
import { creation } from '../support/e2e/site-sweep';
import { sweepAll } from '../support/e2e/sweep-suite';

const { clock, forget } = forgetfulClock();

sweepAll(
  'every AWS call of a website with a private origin fails in every way',
  [creation('create website, private origin, certificate of the configuration', forget)],
  () => startSiteWorld({ domain: { origin: 'private', certArn: SANDBOX_CERTIFICATE }, clock }),
);
