import type { History } from '../../domain/shared/history';
import { type Operation, resolve } from '../contract/document';
import { encoderOf } from '../contract/encode';
import { MARKERS } from '../contract/leaf-encoders';
import { send } from '../send';
import type { Answer } from '../types';
import { placeOf } from './place';
import { prefersAsync } from './prefer';

/** Milliseconds after which nobody should hold a connection for a write any more: proxies cut theirs after 30 s and more. */
export const LONGEST_ANSWER_MS = 25_000;

const TYPE = 'application/vnd.mallard.operation+json; charset=utf-8';

/** How a write is answered before it has ended. */
export interface EarlyAnswer {
  /** As soon as it has begun: the request asks for that. Otherwise when it takes long. */
  readonly atOnce: boolean;
  /** Answers 202 with the operation and where to find it; gives whether it could. */
  readonly send: (operationId: string) => Promise<boolean>;
}

/** Makes early answers of the writes of an account. */
export function earlyAnswer(history: History, account: string, res: Answer): EarlyAnswer {
  const atOnce = prefersAsync(res.req.headers['prefer']);
  return {
    atOnce,
    send: async (operationId) => {
      const watched = await history.find(account, operationId);
      if (watched === undefined || res.headersSent) return false;
      res.setHeader('Location', placeOf(account, operationId));
      if (atOnce) res.setHeader('Preference-Applied', 'respond-async');
      send(res, 202, TYPE, JSON.stringify(encoderOf('showOperation', 200)(watched.show())));
      return true;
    },
  };
}

/** Found out when it is first asked. */
const secrets = new Map<string, boolean>();

/** Tells whether an answer of an operation that says that all is well may hold a secret: nobody else could be given it. */
export function mayTellSecret({ operationId, responses }: Pick<Operation, 'operationId' | 'responses'>): boolean {
  const known = secrets.get(operationId);
  if (known !== undefined) return known;
  const found = [...responses].some(([status, pointer]) => status < 300 && holdsSecret(pointer));
  secrets.set(operationId, found);
  return found;
}

function holdsSecret(response: string): boolean {
  const { value, pointer } = resolve(response);
  return value['content'] !== undefined && isMarked(`${pointer}/content`, new Set());
}

/** Whether a part of the document, or anything it refers to, has the mark of a secret. */
function isMarked(at: string, seen: Set<string>): boolean {
  const { value, pointer } = resolve(at);
  if (seen.has(pointer)) return false;
  seen.add(pointer);
  if (value[MARKERS.secret] === true) return true;
  return Object.entries(value).some(
    ([name, member]) =>
      // Examples are no schemas.
      name !== 'example' &&
      name !== 'examples' &&
      typeof member === 'object' &&
      member !== null &&
      isMarked(`${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, seen),
  );
}
