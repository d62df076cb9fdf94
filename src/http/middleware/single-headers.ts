import { problem } from '../problem';
import { sendProblem } from '../send';
import type { Middleware } from '../types';

/** Headers of which two would let two readers of one request see two different requests. */
const SINGLE: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'transfer-encoding',
  'x-actor',
  'x-auth-token',
  'x-request-id',
]);

/** Refuses requests in which a header that matters stands twice, and those of HTTP/1.1 without Host (RFC 9112, 3.2). */
export const singleHeaders: Middleware = (req, res, next) => {
  const raw = req.rawHeaders;
  const seen: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase() ?? '';
    if (!SINGLE.has(name)) continue;
    if (seen.includes(name)) {
      sendProblem(res, problem('invalid', `the header ${name} stands in the request more than once`));
      return;
    }
    seen.push(name);
  }
  if (req.httpVersion === '1.1' && req.headers.host === undefined)
    sendProblem(res, problem('invalid', 'the header host is missing'));
  else next();
};
