import type { HttpOptions, Middleware } from './types';

/** Status under which a request is counted whose caller left before the answer was out (nginx's convention). */
const CALLER_LEFT = 499;

/** One log line and one observation a request, when its answer is out or its connection gone. */
export function accessLog({ log, metrics, clock }: Pick<HttpOptions, 'log' | 'metrics' | 'clock'>): Middleware {
  return (req, res, next) => {
    res.once('close', () => {
      const { requestId, startedAt, route, token, account, operationId, problem } = res.locals;
      const ms = clock.monotonic() - startedAt;
      const status = res.writableFinished ? res.statusCode : CALLER_LEFT;
      metrics.observeHttp({ route, method: req.method, status, seconds: ms / 1000 });
      log.info(
        {
          requestId,
          method: req.method,
          route,
          status,
          ms: Math.round(ms * 100) / 100,
          tokenId: token?.id,
          account: account?.name,
          operationId,
          problem,
        },
        'request',
      );
    });
    next();
  };
}
