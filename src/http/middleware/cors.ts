import { perConfig } from './per-config';
import type { Middleware } from '../types';

const EXPOSED =
  'X-Request-Id, X-Operation-Id, Idempotency-Replayed, Location, Plan-Digest, Preference-Applied, Retry-After, Content-Disposition';
const ACCEPTED =
  'Content-Type, Idempotency-Key, If-Plan-Match, X-Auth-Token, X-Request-Id, X-Actor, Prefer, Last-Event-ID';

/** Sends CORS headers for configured origins only, named one by one; never `*`, never cookies. */
export function cors(): Middleware {
  const originsOf = perConfig((config) => new Set(config.corsOrigins));
  return (req, res, next) => {
    const origins = originsOf(res.locals.config);
    if (origins.size > 0) {
      res.setHeader('Vary', 'Origin');
      const origin = req.headers.origin;
      if (origin !== undefined && origins.has(origin)) {
        res.setHeader('Access-Control-Allow-Origin', origin);
        res.setHeader('Access-Control-Expose-Headers', EXPOSED);
      }
    }
    next();
  };
}

/** Answers OPTIONS on one path: 204 with Allow, and what a preflight asks for where `cors` let the origin in. */
export function preflight(allow: string): Middleware {
  return (_req, res) => {
    res.setHeader('Allow', allow);
    if (res.hasHeader('Access-Control-Allow-Origin')) {
      res.setHeader('Access-Control-Allow-Methods', allow);
      res.setHeader('Access-Control-Allow-Headers', ACCEPTED);
      res.setHeader('Access-Control-Max-Age', 600);
    }
    res.statusCode = 204;
    res.end();
  };
}
