import type { HttpOptions, Middleware } from '../types';

const SANE = /^[A-Za-z0-9._:/+=,@-]{1,128}$/;

/**
 * Goes first of all: gives the request an id (the caller's, when it is a plain token), its start and the configuration
 * it meets.
 */
export function requestId(options: Pick<HttpOptions, 'newId' | 'clock' | 'config'>): Middleware {
  const { newId, clock, config } = options;
  return (req, res, next) => {
    const given = req.headers['x-request-id'];
    const id = typeof given === 'string' && SANE.test(given) ? given : newId();
    res.locals.requestId = id;
    res.locals.startedAt = clock.monotonic();
    res.locals.config = config();
    res.setHeader('X-Request-Id', id);
    next();
  };
}
