import { AsyncLocalStorage } from 'node:async_hooks';

/** The HTTP request that something is done for. */
export interface RequestContext {
  readonly requestId: string;
  /** Of the token it came with. */
  readonly tokenId?: string | undefined;
  /** On whose behalf, as its caller claims. */
  readonly actor?: string | undefined;
  readonly method?: string;
  /** Without query. */
  readonly path?: string;
  /** Of the caller, as the access log has it. */
  readonly address?: string;
  /** operationId of openapi.yaml. */
  readonly endpoint?: string;
  /** Of its Idempotency-Key: what that stands for, and the digest of what is asked with it. */
  readonly key?: { readonly scope: string; readonly digest: string } | undefined;
  /** Told the id of an operation that begins. */
  readonly began?: (operationId: string) => void;
  /** Told its id, perhaps again, when what it is about to do is kept. */
  readonly acts?: (operationId: string) => void;
}

const requests = new AsyncLocalStorage<RequestContext>();

let underWay = 0;

/**
 * Runs `work`; every log line written in it, or in anything it awaits, carries the request's id. Gives what `work` gives.
 * While nobody needs it the storage is switched off: on Node before 24 one that is on costs every promise of the whole
 * process (https://nodejs.org/docs/latest-v20.x/api/async_context.html#asynclocalstoragedisable).
 */
export async function withRequest<T>(request: RequestContext, work: () => Promise<T> | T): Promise<T> {
  underWay++;
  try {
    return await requests.run(request, work);
  } finally {
    underWay--;
    if (underWay === 0) requests.disable();
  }
}

/** Gives the request this code runs for; undefined outside of one. */
export function currentRequest(): RequestContext | undefined {
  return requests.getStore();
}
