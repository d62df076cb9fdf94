import type { Request } from 'express';
import { operations } from '../contract/document';
import { awaitsContinue } from '../middleware/expectation';
import { problem } from '../problem';
import { sendProblem } from '../send';
import type { Answer, Middleware } from '../types';

/** So much of an oversized body is still taken in, so that a caller who is sending it gets to read the answer. */
const COURTESY_BYTES = 1_048_576;

/** Routes whose bodies may be larger than others: what the contract lets callers send must fit. */
const LARGER = operations.flatMap(({ method, path, bodyBytes }) =>
  bodyBytes === undefined ? [] : [{ method, path: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`), bodyBytes }],
);

/** Gives the bytes that a request's body may have: `limits.bodyBytes`, or more where the route needs it. */
export function bodyLimitOf(req: Request, res: Answer): number {
  const { bodyBytes } = res.locals.config.limits;
  if (LARGER.every(({ method }) => method !== req.method)) return bodyBytes;
  const path = req.url.split('?', 1)[0] ?? '';
  const own = LARGER.find((one) => one.method === req.method && one.path.test(path));
  return Math.max(bodyBytes, own?.bodyBytes ?? 0);
}

/** Refuses bodies that are declared larger than may be, whatever the route. */
export const bodyLimit: Middleware = (req, res, next) => {
  const declared = req.headers['content-length'];
  if (declared !== undefined && Number(declared) > bodyLimitOf(req, res)) refuseTooLarge(req, res, awaitsContinue(req));
  else next();
};

/**
 * Answers 413 and closes the connection: where the next request begins is only known at the end of this body. A caller
 * that gets a reset while it writes may never see the answer (RFC 9112, 9.6), so what it sends is read off first, up to
 * a bound. `isHeldBack`: nothing comes before the caller is told to go on.
 */
export function refuseTooLarge(req: Request, res: Answer, isHeldBack = false): void {
  const answer = (): void => {
    res.setHeader('Connection', 'close');
    sendProblem(res, problem('too-large', `a body may have at most ${bodyLimitOf(req, res)} bytes`));
  };
  let room = COURTESY_BYTES;
  const done = (): void => {
    req.off('data', onData).off('end', done).off('close', done).off('error', done).pause();
    answer();
  };
  const onData = (chunk: Buffer): void => {
    room -= chunk.length;
    if (room < 0) done();
  };
  if (req.destroyed || isHeldBack || Number(req.headers['content-length'] ?? 0) > COURTESY_BYTES) return answer();
  req.on('data', onData).once('end', done).once('close', done).once('error', done).resume();
}
