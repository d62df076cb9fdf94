import { createHash } from 'node:crypto';
import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';
import { fail } from '../base/errors';
import type { Asked } from '../domain/dispatch/service';
import { problem } from './problem';
import { JSON_TYPE, send, sendProblem } from './send';
import type { Answer, Locals } from './types';

/**
 * Repeats of writes (`Idempotency-Key`): the same key and request is answered with the first answer again, and never runs
 * twice. What did not succeed is not kept, so its repeat runs. Kept in this process, for a day.
 */

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Characters of all answers that are kept, about; the one used longest ago goes first. */
const MOST_CHARACTERS = 16 * 1024 * 1024;
const RULE = 'Idempotency-Key is 1 to 255 printable ASCII characters';
/** Seconds until a repeat of what is running should be tried again. */
const RETRY_SECONDS = 2;

/** The first answer: its text, or that it held a secret, which nobody is told twice. */
interface First {
  readonly digest: string;
  readonly operationId: string;
  readonly status: number;
  readonly text: string | undefined;
}

/** A write under a key that nobody else runs now. */
export interface Keyed {
  /** Keeps the answer. `text`: undefined where it held a secret. */
  readonly answered: (operationId: string, status: number, text: string | undefined) => void;
  /** Ends the run; without an answer its repeat runs. */
  readonly ended: () => void;
}

export interface Idempotency {
  /**
   * The claim on a request's key; undefined when it has none. `'answered'`: the request is a repeat and has its answer.
   * @throws {invalid} a key that cannot be
   */
  readonly claim: (asked: Asked, res: Answer) => Keyed | 'answered' | undefined;
}

export function createIdempotency(clock: Pick<Clock, 'monotonic'>): Idempotency {
  const firsts = createCache<First>({
    most: MOST_CHARACTERS,
    ttlMs: DAY_MS,
    clock,
    sizeOf: ({ text = '' }) => text.length + 512,
  });
  /** `of`: what is known of the request that runs, its operation's id as soon as it has one. */
  const running = new Map<string, { readonly digest: string; readonly of: Pick<Locals, 'operationId'> }>();

  return {
    claim: (asked, res) => {
      const key = res.req.headers['idempotency-key'];
      if (key === undefined) return undefined;
      if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key)) return fail({ kind: 'invalid', detail: RULE });
      const { method, url } = res.req;
      const { account, query, body } = asked;
      const scope = digestOf([res.locals.token?.id, account.name, method, url.split('?', 1)[0], key]);
      const digest = digestOf([query, body]);
      const first = firsts.get(scope);
      const now = running.get(scope);
      const other = first ?? now;
      if (other !== undefined && other.digest !== digest) return refuse(res, 'key-reused', MISMATCH);
      if (first) return replay(asked, res, first);
      if (now) return isRunning(res, now.of.operationId);
      running.set(scope, { digest, of: res.locals });
      return {
        answered: (operationId, status, text) => void firsts.set(scope, { digest, operationId, status, text }),
        ended: () => void running.delete(scope),
      };
    },
  };
}

const MISMATCH =
  'this Idempotency-Key was used for another request: same token, account, method and path, but another body or query. Use a new key for a new request';

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

function refuse(
  res: Answer,
  kind: 'key-reused' | 'conflict',
  detail: string,
  more: Parameters<typeof problem>[2] = {},
): 'answered' {
  sendProblem(res, problem(kind, detail, more));
  return 'answered';
}

function isRunning(res: Answer, operationId: string | undefined): 'answered' {
  const holder = operationId === undefined ? {} : { holder: operationId };
  const running = problem('busy', 'the first request with this Idempotency-Key is still running', holder);
  sendProblem(res, { ...running, retryAfterSeconds: RETRY_SECONDS });
  return 'answered';
}

function replay(asked: Asked, res: Answer, { operationId, status, text }: First): 'answered' {
  res.locals.operationId = operationId;
  res.setHeader('X-Operation-Id', operationId);
  if (text === undefined) {
    return refuse(
      res,
      'conflict',
      'the first request with this Idempotency-Key succeeded and its answer was delivered; a secret is told once. Reset the keys of the user to get a new one',
      { reset: resetOf(asked, res) },
    );
  }
  res.setHeader('Idempotency-Replayed', 'true');
  send(res, status, JSON_TYPE, text);
  return 'answered';
}

/** How the caller gets a new key: a reset of the user that the path names, or the body where the user was to be made. */
function resetOf({ user, body }: Asked, res: Answer): { readonly method: 'PUT'; readonly href: string } {
  const made = (body as { readonly User?: { readonly UserName?: string } } | undefined)?.User?.UserName ?? '';
  const [users = ''] = /^.*?\/users(?=\/|$)/.exec(res.req.url.split('?', 1)[0] ?? '') ?? [];
  return { method: 'PUT', href: `${users}/${encodeURIComponent(user === '' ? made : user)}` };
}
