import type { IncomingMessage } from 'node:http';
import { problem } from '../problem';
import { sendProblem } from '../send';
import type { Middleware } from '../types';

/** As Node reads it, which raises `checkContinue` for the same requests. */
const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

const isExpecting = (req: IncomingMessage): boolean => req.headers.expect !== undefined && req.httpVersion === '1.1';

/** Tells whether the caller sends its body only when it is told to go on (RFC 9110, 10.1.1). */
export const awaitsContinue = (req: IncomingMessage): boolean =>
  isExpecting(req) && CONTINUE.test(req.headers.expect ?? '');

/** Refuses what else a caller may expect: nothing of the kind is known here. */
export const expectation: Middleware = (req, res, next) => {
  if (isExpecting(req) && !awaitsContinue(req))
    sendProblem(res, problem('expectation-failed', 'of Expect, only 100-continue is met'));
  else next();
};
