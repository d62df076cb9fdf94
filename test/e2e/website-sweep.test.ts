import { forgetfulClock } from '../support/e2e/forgetful-clock';
import { startSiteWorld } from '../support/e2e/site';
import { takeovers } from '../support/e2e/site-facts';
import { creation, makeSite, onSite } from '../support/e2e/site-sweep';
import type { Scenario } from '../support/e2e/sweep';
import { sweepAll } from '../support/e2e/sweep-suite';

const { clock, forget } = forgetfulClock();

const scenarios: readonly Scenario[] = [
  creation('create website, certificate found through ACM', forget),
  {
    title: 'update website',
    nature: 'change',
    request: { method: 'PUT', path: onSite, body: { Tags: [{ Key: 'COA', Value: 'new $$' }] } },
    always: takeovers,
    arrange: makeSite,
  },
  {
    title: 'invalidate',
    nature: 'change',
    request: { method: 'PATCH', path: onSite, body: { CacheInvalidation: ['/*', '/a'] } },
    promises: ({ body }, taken) => {
      const { Id } = body['Invalidation'] as { readonly Id: string };
      return taken.includes(`{"id":"${Id}"`) ? [] : [`the answered invalidation ${Id} is not there`];
    },
    arrange: makeSite,
  },
  {
    title: 'create user of a folder',
    nature: 'create',
    request: { method: 'POST', path: `${onSite}/users`, body: { User: { UserName: 'swept-docs', Path: '/docs/' } } },
    remover: { method: 'DELETE', path: `${onSite}/users/swept-docs` },
    arrange: makeSite,
  },
];

sweepAll('every AWS call of a website’s writes fails in every way', scenarios, () => startSiteWorld({ clock }));
