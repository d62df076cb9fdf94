import { createHash, createHmac } from 'node:crypto';
import { fail } from '../base/errors';
import type { Asked } from '../domain/dispatch/service';
import type { Admission, Key } from '../operations/repeats';
import { problem } from './problem';
import { JSON_TYPE, send, sendProblem } from './send';
import type { Answer } from './types';

/**
 * Repeats of writes (`Idempotency-Key`): the same key and request is answered with the first answer again, and never runs
 * twice. What did not succeed runs again, as another attempt of the same operation.
 */

const RULE = 'Idempotency-Key is 1 to 255 printable ASCII characters';
/** Seconds until a repeat of what is running should be tried again. */
const RETRY_SECONDS = 2;

const MISMATCH =
  'this Idempotency-Key was used for another request: same token, account, method and path, but another body or query. Use a new key for a new request';

/**
 * What the key of a request stands for; undefined when it has none. Callers' keys may be guessed: nothing that is stored
 * tells them.
 * @throws {invalid} a key that cannot be
 */
export function keyOf(
  { account, query, body }: Pick<Asked, 'account' | 'query' | 'body'>,
  res: Answer,
): Key | undefined {
  const { method, url, headers } = res.req;
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key)) return fail({ kind: 'invalid', detail: RULE });
  const { token, config } = res.locals;
  const of = [token?.id, account.name, method, url.split('?', 1)[0], key];
  return {
    scope: createHmac('sha256', `mallard ${config.org}`).update(JSON.stringify(of)).digest('hex'),
    digest: createHash('sha256')
      .update(JSON.stringify([query, body]))
      .digest('hex'),
  };
}

/** Answers a request that must not run, because of what its key stands for. */
export function answerRepeat(admission: Exclude<Admission, { readonly is: 'run' }>, asked: Asked, res: Answer): void {
  if (admission.is === 'mismatch') return sendProblem(res, problem('key-reused', MISMATCH));
  const { operationId } = admission;
  if (admission.is === 'running') {
    const running = problem('busy', 'the first request with this Idempotency-Key is still running', {
      holder: operationId,
    });
    return sendProblem(res, { ...running, retryAfterSeconds: RETRY_SECONDS });
  }
  res.locals.operationId = operationId;
  res.setHeader('X-Operation-Id', operationId);
  const { answer } = admission.ended.record;
  if (answer === undefined || answer.secret === true) {
    const detail =
      answer === undefined
        ? 'the first request with this Idempotency-Key succeeded; its answer is not kept. Ask for what it made'
        : 'the first request with this Idempotency-Key succeeded and its answer was delivered; a secret is told once. Reset the keys of the user to get a new one';
    return sendProblem(res, problem('conflict', detail, answer && { reset: resetOf(asked, res) }));
  }
  res.setHeader('Idempotency-Replayed', 'true');
  if (answer.text !== undefined) return send(res, answer.status, JSON_TYPE, answer.text);
  res.statusCode = answer.status;
  res.end();
}

/** How the caller gets a new key: a reset of the user that the path names, or the body where the user was to be made. */
function resetOf({ user, body }: Asked, res: Answer): { readonly method: 'PUT'; readonly href: string } {
  const made = (body as { readonly User?: { readonly UserName?: string } } | undefined)?.User?.UserName ?? '';
  const [users = ''] = /^.*?\/users(?=\/|$)/.exec(res.req.url.split('?', 1)[0] ?? '') ?? [];
  return { method: 'PUT', href: `${users}/${encodeURIComponent(user === '' ? made : user)}` };
}
