import { problem } from '../problem';
import { sendProblem } from '../send';
import type { Middleware } from '../types';

const PRINTABLE = /^[\x20-\x7e]{1,128}$/;

/** Notes on whose behalf a request is made, as its caller claims. Nothing is ever decided by it. */
export const claimedActor: Middleware = (req, res, next) => {
  const actor = req.headers['x-actor'];
  if (actor === undefined) return next();
  if (typeof actor !== 'string' || !PRINTABLE.test(actor))
    return sendProblem(res, problem('invalid', 'the header X-Actor must have 1 to 128 printable ASCII characters'));
  res.locals.actor = actor;
  next();
};
