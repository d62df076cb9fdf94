import type { AccountConfig } from '../config/types';
import { perConfig } from './per-config';
import { problem } from './problem';
import { sendProblem } from './send';
import type { HttpMetrics, Middleware } from './types';

const UNKNOWN = problem('not-found', 'there is no such account here');

/** Resolves `{account}`: a configured name, or the account id one maps to; anything else is 404 before any AWS call. */
export function resolveAccount(): Middleware {
  const accountsOf = perConfig(({ accounts }) => {
    const known = new Map<string, AccountConfig>();
    for (const account of accounts.values()) {
      if (account.id !== undefined && !known.has(account.id)) known.set(account.id, account);
    }
    for (const [name, account] of accounts) known.set(name, account);
    return known;
  });
  return (req, res, next) => {
    const account = accountsOf(res.locals.config).get(String(req.params['account']));
    if (!account) return sendProblem(res, UNKNOWN);
    res.locals.account = account;
    next();
  };
}

/** Refuses what the token is not for: another account, another method. */
export function tokenScope(metrics: HttpMetrics): Middleware {
  return (req, res, next) => {
    const { token, account } = res.locals;
    if (token?.accounts && account && !token.accounts.includes(account.name)) {
      metrics.authFailure('scope');
      return sendProblem(res, problem('denied', 'this token is not for this account'));
    }
    if (token?.methods && !token.methods.includes(req.method)) {
      metrics.authFailure('scope');
      return sendProblem(res, problem('denied', `this token is for ${token.methods.join(', ')} only`));
    }
    next();
  };
}
