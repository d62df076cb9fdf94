import type { AccountConfig } from '../../config/types';
import { perConfig } from '../middleware/per-config';
import { problem } from '../problem';
import { sendProblem } from '../send';
import type { HttpMetrics, Middleware } from '../types';

const UNKNOWN = problem('not-found', 'there is no such account here');

/**
 * Resolves `{account}`: a configured name, or the account id one maps to. Anything else is 404 before any AWS call; so is an
 * account that the token is not for: nobody learns by trying which accounts there are.
 */
export function resolveAccount(metrics: HttpMetrics): Middleware {
  const accountsOf = perConfig(({ accounts }) => {
    const known = new Map<string, AccountConfig>();
    for (const account of accounts.values()) {
      if (account.id !== undefined && !known.has(account.id)) known.set(account.id, account);
    }
    for (const [name, account] of accounts) known.set(name, account);
    return known;
  });
  return (req, res, next) => {
    const { config, token } = res.locals;
    const account = accountsOf(config).get(String(req.params['account']));
    if (!account) return sendProblem(res, UNKNOWN);
    if (token?.accounts && !token.accounts.includes(account.name)) {
      metrics.authFailure('scope');
      return sendProblem(res, UNKNOWN);
    }
    res.locals.account = account;
    next();
  };
}

/** Refuses methods that the token is not for. */
export function tokenMethods(metrics: HttpMetrics): Middleware {
  return (req, res, next) => {
    const { token } = res.locals;
    if (token?.methods && !token.methods.includes(req.method)) {
      metrics.authFailure('scope');
      return sendProblem(res, problem('denied', `this token is for ${token.methods.join(', ')} only`));
    }
    next();
  };
}
