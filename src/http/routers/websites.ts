import { asWebsite } from '../../domain/shared/holder';
import type { Provisioning } from '../../domain/desks/service';
import type { CreateWebsiteInput } from '../../domain/website/rules/shapes';
import { sendJson } from '../send';
import type { AccountHandlers } from '../types';
import {
  invalidationMadeView,
  websiteCreatedView,
  websiteDeletedView,
  websiteDetailsView,
} from '../views/website-views';
import type { PerformWrite } from '../writes';
import { holderHandlers } from './holders';
import { userHandlers } from './users';

/** As openapi.yaml's `InvalidateCache`. */
interface InvalidateCache {
  readonly CacheInvalidation: readonly string[];
}

/** Websites and their users. */
export function websiteHandlers(provisioning: Provisioning, write: PerformWrite): AccountHandlers {
  return {
    ...holderHandlers(write, {
      noun: 'Website',
      list: (account) => provisioning.listWebsites(account),
      require: (account, site) => provisioning.requireWebsite(account, site),
      create: (account, input: CreateWebsiteInput) => provisioning.createWebsite(account, input),
      createdView: websiteCreatedView,
      show: (account, site, include) => provisioning.showWebsite(account, site, include),
      detailsView: websiteDetailsView,
      update: (account, site, input) => provisioning.updateWebsite(account, site, input),
      updatedView: () => ({}),
      remove: (account, site) => provisioning.deleteWebsite(account, site),
      deletedView: websiteDeletedView,
    }),
    ...userHandlers(provisioning, write, { as: asWebsite, prefix: 'Website' }),

    invalidateCache: ({ account, name, body }, res) =>
      write(res, {
        run: () => provisioning.invalidate(account, name, (body as InvalidateCache).CacheInvalidation),
        respond: (made) => sendJson(res, 200, invalidationMadeView(made)),
      }),
  };
}
