import type { RequestListener } from 'node:http';
import { type Request, Router } from 'express';
import { accessLog } from './middleware/access-log';
import { resolveAccount, tokenMethods } from './auth/account';
import { authenticate } from './auth/authenticate';
import { bodyLimit } from './body/body-limit';
import { cors } from './middleware/cors';
import { errorHandler, unforeseenLog } from './middleware/error-handler';
import { expectation } from './middleware/expectation';
import { mount } from './mount';
import { performOperations } from './perform';
import { STEERING_IDS } from './operations/steer';
import { createStreams } from './operations/stream';
import { problem } from './problem';
import { requestId } from './middleware/request-id';
import { createRequestLog, type RequestLog } from './middleware/request-log';
import { systemHandlers } from './system';
import { securityHeaders } from './middleware/security-headers';
import { sendProblem } from './send';
import { singleHeaders } from './middleware/single-headers';
import type { Answer, HttpOptions, Locals, Middleware } from './types';
import { performWrites } from './writes';

export interface Http {
  readonly handler: RequestListener;
  readonly requestLog: RequestLog;
  /** Resolves when no write is under way any more. */
  readonly idle: () => Promise<void>;
  /** Ends the streams of events that are open. */
  readonly closeStreams: () => void;
}

/**
 * Makes the whole HTTP side as one request listener. The order of the middleware is the order of the questions asked of
 * a request; what needs a token asks for it before it says whether a thing exists.
 *
 * Uses Express's router without an Express application: an application changes the prototype of every request and
 * response, which makes all of Node's own work on them slower, for methods that nothing here calls.
 */
export function createHttp(options: HttpOptions): Http {
  const { service, metrics } = options;
  const logUnforeseen = unforeseenLog(options);
  const onError = errorHandler(logUnforeseen);
  const streams = createStreams(options.deadlines);
  const { perform: write, idle } = performWrites(options, logUnforeseen);
  const withToken = authenticate(options);

  const router = Router({ caseSensitive: true, strict: true });
  mount(router, {
    system: systemHandlers(options),
    ids: [...service.ids(), ...STEERING_IDS],
    perform: performOperations({ ...options, service, write, streams }),
    authenticate: withToken,
    resolveAccount: resolveAccount(metrics),
    tokenMethods: tokenMethods(metrics),
    withRequest: options.withRequest ?? ((_request, handle) => handle()),
  });
  router.use((req, res: Answer, next) => {
    if (req.method === 'OPTIONS') next();
    else withToken(req, res, next);
  });

  const notFound = (res: Answer): void => sendProblem(res, problem('not-found', 'there is nothing under this path'));
  const route: Middleware = (req, res) => {
    router(req, res, (thrown: unknown) => {
      if (thrown === undefined || thrown === null) notFound(res);
      else onError(thrown, res);
    });
  };
  const requestLog = createRequestLog(options);
  const listen = inOrder(
    [
      requestId(options),
      accessLog(options, requestLog),
      securityHeaders,
      cors(),
      singleHeaders,
      expectation,
      bodyLimit,
      route,
    ],
    onError,
  );

  // The router needs nothing of a request and a response but what Node gives them, and `locals`.
  const handler: RequestListener = (req, res) => {
    const answer = res as Answer;
    answer.locals = {} as Locals;
    listen(req as Request, answer);
  };
  return { handler, requestLog, idle, closeStreams: streams.close };
}

/** Calls each middleware when the one before it says so. Cheaper than layers of a router, which match a path each. */
function inOrder(
  all: readonly Middleware[],
  onError: (thrown: unknown, res: Answer) => void,
): (req: Request, res: Answer) => void {
  const from = (index: number, req: Request, res: Answer): void => {
    all[index]?.(req, res, (thrown: unknown) => {
      if (thrown === undefined) from(index + 1, req, res);
      else onError(thrown, res);
    });
  };
  return (req, res) => {
    try {
      from(0, req, res);
    } catch (thrown) {
      onError(thrown, res);
    }
  };
}
