import { clientAddress } from './client-address';
import type { RequestLog } from './request-log';
import type { HttpOptions, Middleware } from '../types';

/** Status under which a request is counted whose caller left before the answer was out (nginx's convention). */
const CALLER_LEFT = 499;

/**
 * Writes one log line, alone or summed up with its like, and makes one observation a request, when its answer is out or
 * its connection gone.
 */
export function accessLog(
  { metrics, clock }: Pick<HttpOptions, 'metrics' | 'clock'>,
  requestLog: RequestLog,
): Middleware {
  return (req, res, next) => {
    // Node calls an answer finished, too, when its connection is gone with bytes of it.
    let isOut = false;
    res.once('finish', () => {
      isOut = !req.socket.destroyed;
    });
    res.once('close', () => {
      const { requestId, startedAt, config, route, token, actor, account, bucket, objectSha256, operationId, problem } =
        res.locals;
      const ms = clock.monotonic() - startedAt;
      const status = isOut ? res.statusCode : CALLER_LEFT;
      metrics.observeHttp({ route, method: req.method, status, seconds: ms / 1000 });
      requestLog.write({
        requestId,
        method: req.method,
        route,
        status,
        ms: Math.round(ms * 100) / 100,
        tokenId: token?.id,
        actor,
        // Whose token it is says who asks; the address is for those without one, and for those who are turned away.
        client: token === undefined || status >= 400 ? clientAddress(req, config.trustProxy) : undefined,
        account: account?.name,
        bucket,
        objectSha256,
        operationId,
        problem,
      });
    });
    next();
  };
}
