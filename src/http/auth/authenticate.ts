import type { NextFunction, Request } from 'express';
import type { TokenConfig } from '../../config/types';
import type { AuthFailure } from '../../observability/metrics';
import { createBcryptThread } from './bcrypt-thread';
import { createBcryptTokens, looksLikeBcrypt } from './bcrypt-tokens';
import { clientAddress } from '../middleware/client-address';
import { perConfig } from '../middleware/per-config';
import { problem, problemOf } from '../problem';
import { sendProblem } from '../send';
import { digestOf, isExpired, tokenMatcher } from './tokens';
import type { Answer, HttpOptions, Middleware } from '../types';
import { createWindowCounter } from './window-counter';

const REFUSED = problem('unauthenticated', 'a valid token in the header X-Auth-Token is needed');

/**
 * Lets requests with a valid X-Auth-Token through, at most `requestsPerMinute` for each token. Everyone else gets 403
 * with one and the same text, or 429 once their address has failed `failuresPerMinute` times. That limit answers failures
 * only: a valid token passes from any address.
 */
export function authenticate({ clock, metrics }: Pick<HttpOptions, 'clock' | 'metrics'>): Middleware {
  const failures = createWindowCounter({ clock });
  const requests = createWindowCounter({ clock });
  const matcherOf = perConfig((config) => tokenMatcher(config.tokens));
  const thread = createBcryptThread();
  const bcryptOf = perConfig((config) => createBcryptTokens(config.tokens, { thread }));

  const refuse = (req: Request, res: Answer, reason: AuthFailure): void => {
    const { config } = res.locals;
    const wait = failures.hit(clientAddress(req, config.trustProxy), config.auth.failuresPerMinute);
    metrics.authFailure(wait === 0 ? reason : 'rate-limited');
    if (wait === 0) return sendProblem(res, REFUSED);
    sendProblem(res, throttled('too many requests without a valid token came from this address', wait));
  };

  const accept = (token: TokenConfig, req: Request, res: Answer, next: NextFunction): void => {
    if (isExpired(token, clock.now())) return refuse(req, res, 'expired');
    res.locals.token = token;
    const limit = res.locals.config.limits.requestsPerMinute;
    const wait = limit === undefined ? 0 : requests.hit(token.id, limit);
    if (wait === 0) return next();
    sendProblem(res, throttled(`this token may be used for ${limit} requests a minute`, wait));
  };

  return (req, res, next) => {
    const { config } = res.locals;
    const header = req.headers['x-auth-token'];
    const given = typeof header === 'string' ? header : '';
    // Whatever the configuration holds: no token is none.
    if (given === '') return refuse(req, res, 'missing');
    const digest = digestOf(given);
    const token = matcherOf(config)(digest);
    if (token) return accept(token, req, res, next);
    if (!config.auth.bcryptTokens || !looksLikeBcrypt(given)) return refuse(req, res, 'wrong');

    const address = clientAddress(req, config.trustProxy);
    const caller = {
      address,
      isSuspect: failures.isFull(address, config.auth.failuresPerMinute),
      isThere: () => !req.socket.destroyed,
    };
    Promise.resolve(bcryptOf(config).verify(given, digest.toString('hex'), caller))
      .then((verdict) => {
        if (verdict === 'busy') return sendProblem(res, BUSY);
        if (verdict.token) return accept(verdict.token, req, res, next);
        refuse(req, res, 'wrong');
      })
      .catch(next);
  };
}

/** No error of the domain's own: `logId` stands for nothing here. */
const throttled = (detail: string, retryAfterSeconds: number) =>
  problemOf({ kind: 'throttled', detail, retryAfterSeconds }, '');
const BUSY = problemOf({ kind: 'overloaded', detail: 'too many tokens are being checked', retryAfterSeconds: 1 }, '');
